"""``flask plugin``: what is loaded, what is not and why; switching plugins on and off."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from app.access.actor import SYSTEM
from app.cli.scaffold.declaration import read_declaration
from app.cli.scaffold.reading import DeclarationError
from app.database import db
from app.host.host import current_host
from app.host.services import SwitchDenied, plugin_rows, reload_processes, set_enabled
from app.records.files import FileStore
from app.records.places import unplaced
from app.records.plugin_data import StillInForce, data_of, delete_data, left_behind


@click.group("plugin")
def plugin_group() -> None:
    """Work with plugins."""


@plugin_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_appcontext
def list_plugins(as_json: bool) -> None:
    """List every plugin that was found, with its state."""
    rows = plugin_rows(current_host())
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        reason = f"  {row['stage']}: {row['message']}" if row["message"] else ""
        click.echo(f"{row['name']:<20} {row['version']:<10} {row['state']:<12}{reason}")
    report_left_behind()


def report_left_behind() -> None:
    """Name the plugins whose data is in the database and whose folder is gone."""
    for name in left_behind(db.engine, current_host()):
        click.echo(f"{name} is not installed any more, its data is still there. "
                   f"flask plugin purge {name} shows it and can delete it.")


@plugin_group.command("purge")
@click.argument("name")
@click.option("--delete", "confirmed", is_flag=True,
              help="Delete it; without this option nothing is changed.")
@with_appcontext
def purge(name: str, confirmed: bool) -> None:
    """Show what a plugin that is not in force has in the database, or delete it for good."""
    host = current_host()
    try:
        if confirmed:
            store = FileStore(current_app.config["CARELINE_SETTINGS"])
            found = delete_data(db.session, host, store, name, SYSTEM)
        else:
            found = data_of(db.session, host, name)
    except LookupError:
        raise click.ClickException(f"There is no data of a plugin {name}.") from None
    except StillInForce as refused:
        raise click.ClickException(str(refused)) from None
    for table, rows in sorted(found.rows.items()) + sorted(found.core_rows.items()):
        click.echo(f"{table:<40} {rows:>10,}")
    click.echo(f"{found.files} files.")
    click.echo("All this is deleted for good." if confirmed else
               "Nothing was changed. Make a backup, then run it again with --delete.")


@plugin_group.command("new")
@click.argument("declaration", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def new(declaration: Path) -> None:
    """Write a plugin from a TOML file that declares its fields."""
    # Writing files and migrations is not for web processes, which load this file too.
    from app.cli.scaffold.writing import write_migration, write_plugin

    folder = current_app.config["CARELINE_SETTINGS"].plugins_dir.resolve()
    try:
        declared = read_declaration(declaration.read_text(encoding="utf-8"))
        files = write_plugin(declared, folder)
        files.append(write_migration(declared, folder))
    except (DeclarationError, OSError, UnicodeError) as error:
        raise click.ClickException(str(error)) from None
    for file in files:
        click.echo(file.relative_to(folder.parent))
    click.echo("Next: flask --app app deploy, then restart web and worker.")


@plugin_group.command("doctor")
@with_appcontext
def doctor() -> None:
    """Say what is wrong with plugins; exit 0 only when all is well.

    Records that belong to nobody are named too; they are no fault of the installation.
    """
    broken = [row for row in plugin_rows(current_host()) if row["state"] == "quarantined"]
    for row in broken:
        click.echo(f"{row['name']}: {row['stage']}: {row['message']}")
    for kind in unplaced(db.session):
        click.echo(
            f"{kind.record_type}: {kind.count} records belong to no person, team or department; "
            + ("only roles with a reach for this kind see them." if kind.confidential
               else "only roles that see all records see them.")
        )
    if broken:
        raise SystemExit(1)
    report_left_behind()
    click.echo("All plugins are well.")


def _switch(name: str, enabled: bool) -> None:
    try:
        set_enabled(db.session, current_host(), name, enabled, "command line")
    except KeyError:
        raise click.ClickException(f"There is no plugin {name}.") from None
    except SwitchDenied as denied:
        raise click.ClickException(str(denied)) from None
    told = reload_processes(current_app.config["CARELINE_SETTINGS"].var_dir)
    click.echo(f"{name} is {'on' if enabled else 'off'} after a reload"
               + (f"; told: {', '.join(told)}." if told else "."))


@plugin_group.command("enable")
@click.argument("name")
@with_appcontext
def enable(name: str) -> None:
    """Switch a plugin on."""
    _switch(name, True)


@plugin_group.command("disable")
@click.argument("name")
@with_appcontext
def disable(name: str) -> None:
    """Switch a plugin off; its data, permissions and grants stay."""
    _switch(name, False)
