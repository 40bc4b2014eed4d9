"""``flask metrics``: whether figures equal their records, and counting them anew."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.database import db
from app.metrics import folding, rebuilding

_SHOWN = 20


@click.group("metrics")
def metrics_group() -> None:
    """Work with the figures of the department."""


@metrics_group.command("check")
@with_appcontext
def check() -> None:
    """Count all figures anew and compare; exit 1 where one differs."""
    found = rebuilding.check(db.session)
    for one in found[:_SHOWN]:
        key = one.key
        click.echo(f"{key.measure} {key.dimension} {key.value} {key.month}: "
                   f"{one.counted} instead of {one.recounted}.")
    if found:
        click.echo(f"{len(found)} figures are wrong: flask metrics rebuild")
        raise SystemExit(1)
    click.echo("All figures equal their records.")


@metrics_group.command("rebuild")
@with_appcontext
def rebuild() -> None:
    """Count all figures from their records; others go on working meanwhile."""
    for name in rebuilding.rebuild(db.session):
        click.echo(f"{name} is counted.")


@metrics_group.command("fold")
@with_appcontext
def fold() -> None:
    """Add changes to the sums now, as the worker does every minute."""
    click.echo(f"{folding.fold(db.session)} changes were added.")
