"""``flask settings``: the table of settings for the README."""

from __future__ import annotations

import click

from config import settings_table


@click.group("settings")
def settings_group() -> None:
    """Work with settings."""


@settings_group.command("table")
def table() -> None:
    """Print the table of all settings as Markdown."""
    click.echo(settings_table(), nl=False)
