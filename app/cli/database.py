"""``flask upgrade`` and ``flask db``: migrations of the core and of plugins.

The commands import the migrations when they run: web processes load this file too, and have no use
for the 10 MB of alembic.
"""

from __future__ import annotations

from collections.abc import Iterable

import click
from flask.cli import with_appcontext

from app.database import db
from app.host.faults import PluginFault
from app.host.host import current_host
from config import ROOT


def migrate() -> tuple[list[str], list[PluginFault]]:
    """Bring the database up to the code and say so.

    Returns:
        Names of the histories that moved, and the faults of plugins whose migrations failed.
    """
    from app.host import migrations

    faults: list[PluginFault] = []
    moved = migrations.upgrade(
        db.engine, ROOT, current_host().migratable_manifests, faults.append
    )
    click.echo(f"Migrated: {', '.join(moved)}." if moved else "The database is up to date.")
    return moved, faults


def report(faults: Iterable[PluginFault]) -> bool:
    """Write a line for each fault to the error output; return whether there is any."""
    lines = [f"{fault.plugin}: {fault.stage}: {fault.message}" for fault in faults]
    for line in lines:
        click.echo(line, err=True)
    return bool(lines)


@click.command("upgrade")
@with_appcontext
def upgrade() -> None:
    """Bring the database up to the code; exit 1 when the migration of a plugin fails."""
    if report(migrate()[1]):
        raise SystemExit(1)


@click.group("db")
def db_group() -> None:
    """Work with migrations."""


def _manifest(plugin: str | None):
    if plugin is None:
        return None
    for manifest in current_host().migratable_manifests:
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

    for call in migrations.revise(db.engine, ROOT, _manifest(plugin), message):
        click.echo(f"A process of the version before fails on this: {call}")
        click.echo("Do it a version later, or say why not in STANDSTILL of the migration.")


@db_group.command("pending")
@with_appcontext
def pending() -> None:
    """List what a deploy would migrate; exit 1 when processes have to be stopped for it."""
    if _list_pending():
        raise SystemExit(1)


def _list_pending() -> bool:
    """Write a line for each migration to come; return whether one needs a standstill."""
    from app.host import migrations

    found = migrations.pending(db.engine, ROOT, current_host().migratable_manifests)
    for revision, why in found:
        click.echo(f"{revision}: stop web processes and workers first: {why}" if why
                   else f"{revision}: processes may run on.")
    if not found:
        click.echo("The database is up to date.")
    return any(why for _, why in found)


@db_group.command("check")
@with_appcontext
def check() -> None:
    """Say whether models and database agree; exit 1 when they differ."""
    from app.host import migrations

    found = False
    for manifest in (None, *current_host().migratable_manifests):
        for difference in migrations.differences(db.engine, manifest):
            found = True
            click.echo(f"{manifest.name if manifest else 'core'}: {difference}")
    if found:
        raise SystemExit(1)
    click.echo("Models and database agree.")
