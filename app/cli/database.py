"""``flask upgrade`` and ``flask db``: migrations of the core and of plugins.

The commands import the migrations when they run: web processes load this file too, and have no use
for the 10 MB of alembic.
"""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.database import db
from app.host.host import current_host
from config import ROOT


@click.command("upgrade")
@with_appcontext
def upgrade() -> None:
    """Bring the database up to the code; part of every deployment."""
    from app.host import migrations

    moved = migrations.upgrade(db.engine, ROOT, current_host().active_manifests)
    click.echo(f"Migrated: {', '.join(moved)}." if moved else "The database is up to date.")


@click.group("db")
def db_group() -> None:
    """Work with migrations."""


def _manifest(plugin: str | None):
    if plugin is None:
        return None
    for manifest in current_host().active_manifests:
        if manifest.name == plugin:
            return manifest
    raise click.ClickException(f"There is no active plugin {plugin}.")


@db_group.command("revision")
@click.option("--plugin", help="Name of the plugin; the core by default.")
@click.option("-m", "--message", required=True, help="What the migration does.")
@with_appcontext
def revision(plugin: str | None, message: str) -> None:
    """Write a migration from the difference between models and database."""
    from app.host import migrations

    migrations.revise(db.engine, ROOT, _manifest(plugin), message)


@db_group.command("check")
@with_appcontext
def check() -> None:
    """Say whether models and database agree; exit 1 when they differ."""
    from app.host import migrations

    found = False
    for manifest in (None, *current_host().active_manifests):
        for difference in migrations.differences(db.engine, manifest):
            found = True
            click.echo(f"{manifest.name if manifest else 'core'}: {difference}")
    if found:
        raise SystemExit(1)
    click.echo("Models and database agree.")
