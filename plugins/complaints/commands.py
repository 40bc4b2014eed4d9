"""``flask complaints``: reading complaints in from files."""

from __future__ import annotations

import dataclasses
import tempfile
import zoneinfo
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from app.sdk.importing import (
    ALL,
    CHECK,
    GOOD,
    SKIP,
    UPDATE,
    AnotherImport,
    BadMapping,
    Import,
    Table,
    UnreadableFile,
    ready_made,
    suggest,
)
from app.sdk.models import Department
from app.sdk.services import SYSTEM, Actor, db
from plugins.complaints.import_check import WILL_BE_CLOSED, WILL_BE_OPEN
from plugins.complaints.importing import IMPORTER


@click.group("complaints")
def complaints_group() -> None:
    """Work with complaints."""


@complaints_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mapping", default="",
              help="Name of a column mapping, e.g. cfpb; by column names without one.")
@click.option("--dry-run", is_flag=True, help="Check only and write nothing.")
@click.option("--good-rows", is_flag=True, help="Write the good rows, not all or nothing.")
@click.option("--update-existing", is_flag=True,
              help="Bring up to date what was read in before; it is left as it is otherwise.")
@click.option("--department", help="Code of the department that the complaints belong to.")
@click.option("--rejects", type=click.Path(dir_okay=False, path_type=Path),
              help="Where the bad rows go, with their reasons.")
@with_appcontext
def import_file(
    file: Path, mapping: str, dry_run: bool, good_rows: bool, update_existing: bool,
    department: str | None, rejects: Path | None,
) -> None:
    """Read complaints in from a CSV or XLSX file."""
    try:
        counts = run_import(
            file, mapping, dry_run=dry_run, good_rows=good_rows, update_existing=update_existing,
            department=department, rejects=rejects,
        )
    except UnreadableFile as error:
        raise click.ClickException(f"{file.name} cannot be read. {error.message}") from None
    except BadMapping as error:
        # The first tells enough: a file of another kind lacks them all.
        raise click.ClickException(f"{file.name} does not fit. {error.messages[0]}") from None
    except AnotherImport:
        raise click.ClickException(
            "Another import of complaints is not over yet. Try again when it is.") from None
    for name, value in counts.items():
        click.echo(f"{name}: {value}")
    if counts["rejected"]:
        raise SystemExit(1)


def run_import(
    file: Path, mapping: str = "", *, dry_run: bool = False, good_rows: bool = False,
    update_existing: bool = False, department: str | None = None, rejects: Path | None = None,
) -> dict[str, int]:
    """Read a file in as the system and return the counts.

    ``open`` and ``closed`` tell how many good rows are, or will be, new open and closed complaints.

    Args:
        file: CSV or XLSX.
        mapping: name of a ready-made mapping; automatic by column names without one.
        dry_run: check only.
        good_rows: write good rows even when others are bad.
        update_existing: bring up to date what is known; it is left as it is otherwise.
        department: code of the department that the complaints belong to; none by default, and
            then only those see them who see everything; System health counts such complaints.
        rejects: where bad rows go.

    Raises:
        UnreadableFile: it is no table.
        BadMapping: it lacks columns that the mapping names, or that every row must fill.
        click.ClickException: there is no such mapping or department.
    """
    table = Table.open(file)
    if mapping and mapping not in IMPORTER.mappings:
        raise click.ClickException(f"There is no mapping {mapping}.")
    columns = suggest(IMPORTER, table.header)
    if mapping:
        # Where it does not fit, the import names the columns that the file lacks.
        columns = ready_made(IMPORTER, table.header, mapping) or IMPORTER.mappings[mapping]
    settings = current_app.config["CARELINE_SETTINGS"]
    with tempfile.TemporaryDirectory() as folder:
        report = Import(
            table=table, importer=IMPORTER, mapping=columns,
            mode=CHECK if dry_run else GOOD if good_rows else ALL,
            on_existing=UPDATE if update_existing else SKIP,
            rejects=rejects or Path(folder) / "rejects.csv",
            zone=zoneinfo.ZoneInfo(settings.timezone),
        ).run(db.session, _actor(department))
    for problem in report.problems[:20]:
        click.echo("line {line}: {column}: {reason}".format(**problem), err=True)
    return {
        "rows": report.rows, "created": report.created, "updated": report.updated,
        "skipped": report.skipped, "rejected": report.rejected,
        "open": report.forecast.get(WILL_BE_OPEN, 0),
        "closed": report.forecast.get(WILL_BE_CLOSED, 0),
    }


def _actor(department: str | None) -> Actor:
    """Return the system, at home in a department."""
    if not department:
        return SYSTEM
    found = db.session.scalar(select(Department.id).where(Department.code == department))
    if found is None:
        raise click.ClickException(f"There is no department {department}.")
    return dataclasses.replace(SYSTEM, department_id=found)
