"""What can be done with imports: look at a file, save mappings, start the job."""

# Not strict: Flask-AppBuilder and Flask-Babel come without types.
# pyright: basic

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import zoneinfo
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import force_locale, gettext
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.database import write
from app.errors import NotPermitted
from app.i18n import N_, Message
from app.jobs.context import JobContext
from app.jobs.kinds import JobFailed, JobKind, Schedule, TryLater
from app.jobs.models import Job
from app.jobs.services import enqueue
from app.records.importing import uploads
from app.records.importing.all_or_nothing import AnotherImport, recover
from app.records.importing.fields import SKIP, UPDATE, Importer
from app.records.importing.files import UnreadableFile
from app.records.importing.mapping import BadMapping, resolve, suggest
from app.records.importing.models import ImportMapping
from app.records.importing.reading import Reading, best_headed, detected_order
from app.records.importing.reports import Sentence
from app.records.importing.running import ALL, CHECK, GOOD, Import
from app.records.importing.sources import importers
from config import Settings

KIND = "records.import"
"""Kind of job that reads a file in."""
ANOTHER = N_("Another import of this kind is not over yet; this one waits for it.")
WAIT_FOR_ANOTHER = dt.timedelta(seconds=15)
PREVIEW_ROWS = 5
LONGEST_NAME = 80
TITLES = {
    CHECK: N_("Check of %(file)s"),
    ALL: N_("Import of %(file)s"),
    GOOD: N_("Import of %(file)s"),
}


class MayNotImport(NotPermitted):
    """The actor lacks the permission that the importer names."""

    def __init__(self) -> None:
        super().__init__(Message(N_("You may not import this.")))


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A look at a file before anything is done with it.

    Attributes:
        kind: ``csv`` or ``xlsx``.
        encoding: of a CSV file.
        header: names of the columns.
        rows: the first rows, as texts.
        mapping: suggested column name by field name.
        header_line: line that names the columns.
        lines: the first lines, one of which names the columns: number and cells as texts.
        date_order: order of its dates, detected or chosen; empty where it is not clear.
        has_dates: whether a column of the mapping holds dates.
    """

    kind: str
    encoding: str
    header: tuple[str, ...]
    rows: list[tuple[str, ...]]
    mapping: dict[str, str]
    header_line: int = 0
    lines: list[tuple[int, str]] = dataclasses.field(default_factory=list[tuple[int, str]])
    date_order: str = ""
    has_dates: bool = False


def upload_folder(settings: Settings) -> Path:
    """Return where files wait to be read.

    Args:
        settings: settings of the installation.
    """
    return settings.var_dir / "uploads"


def preview(
    path: Path, importer: Importer, locale: str = "", reading: Reading | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Preview:
    """Look at a file: its columns, first rows, and which column probably fills which field.

    Args:
        path: the file.
        importer: where its rows will go.
        locale: language of the person, whose column names are recognised.
        reading: what the person has chosen.
        mapping: column name by field name, where it has been chosen.

    Raises:
        UnreadableFile: it is no table that we can read.
    """
    reading = reading or Reading()
    sentence = sentence_in(locale) if locale else str

    def translate(label: str) -> str:
        return sentence(Message(label))

    table = reading.open(path)
    top = table.top()
    if not reading.header_line:
        table = best_headed(table, top, importer, translate)
    rows = [
        tuple(str(cell) for cell in row.cells)
        for row in itertools.islice(table.rows(), PREVIEW_ROWS)
    ]
    suggested = suggest(importer, table.header, translate)
    if mapping is not None:
        # Another line as header has other columns.
        fitting = {field: name for field, name in mapping.items() if name in table.header}
        suggested = fitting or suggested
    dates = {field.name for field in importer.fields if field.is_date}
    return Preview(
        kind=table.kind, encoding=table.encoding, header=table.header, rows=rows,
        mapping=suggested, header_line=table.header_line,
        lines=[(line, ", ".join(str(cell) for cell in cells if str(cell).strip()))
               for line, cells in top],
        date_order=reading.date_order or detected_order(table, importer, suggested),
        has_dates=bool(dates.intersection(suggested)),
    )


def saved_mappings(session: Session, importer: Importer) -> dict[str, dict[str, str]]:
    """Return column mappings by name: ready-made ones, and those that people saved.

    Args:
        importer: what they belong to.
    """
    saved = session.execute(
        select(ImportMapping.name, ImportMapping.columns)
        .where(ImportMapping.importer == importer.name)
        .order_by(ImportMapping.name)
    )
    ready = {name: dict(columns) for name, columns in importer.mappings.items()}
    return ready | {name: columns for name, columns in saved}


def saved_readings(session: Session, importer: Importer) -> dict[str, Reading]:
    """Return how files of saved mappings are read, by the name of the mapping.

    Args:
        importer: what they belong to.
    """
    saved = session.execute(
        select(ImportMapping.name, ImportMapping.options)
        .where(ImportMapping.importer == importer.name)
    )
    return {name: Reading.of(options or {}) for name, options in saved}


def save_mapping(
    session: Session, actor: Actor, importer: Importer, name: str, columns: Mapping[str, str],
    reading: Reading | None = None,
) -> None:
    """Save a column mapping; one with the same name is replaced.

    Args:
        session: session without unsaved changes.
        actor: who saves.
        importer: what it is for.
        name: how people will find it.
        columns: column name by field name.
        reading: how such files are read, as far as it was chosen.

    Raises:
        MayNotImport: the actor may not import.
        BadMapping: the name is empty or too long, ready-made, or a field is not known.
    """
    require_right(actor, importer)
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise BadMapping([Message(N_("Enter a name of at most %(most)s characters."),
                                  {"most": LONGEST_NAME})])
    if name in importer.mappings:
        raise BadMapping([Message(N_("The mapping %(name)s comes with the product. Choose another "
                                     "name."), {"name": name})])
    columns = {field: column for field, column in columns.items() if column}
    resolve(importer, tuple(columns.values()), columns)
    with write(session):
        session.execute(
            delete(ImportMapping).where(
                ImportMapping.importer == importer.name, ImportMapping.name == name
            )
        )
        session.add(
            ImportMapping(
                importer=importer.name, name=name, columns=columns, saved_by_id=actor.user_id,
                options=(reading or Reading()).chosen(),
            )
        )


def delete_mapping(session: Session, actor: Actor, importer: Importer, name: str) -> None:
    """Delete a saved column mapping; one that does not exist is fine.

    Args:
        importer: what the mapping belongs to.
        name: name of the mapping.

    Raises:
        MayNotImport: the actor may not import.
    """
    require_right(actor, importer)
    with write(session):
        session.execute(
            delete(ImportMapping).where(
                ImportMapping.importer == importer.name, ImportMapping.name == name
            )
        )


def start_import(
    session: Session,
    actor: Actor,
    importer: Importer,
    folder: Path,
    token: str,
    *,
    file_name: str,
    mapping: Mapping[str, str],
    mode: str = CHECK,
    on_existing: str = SKIP,
    decisions: Mapping[str, Mapping[str, str | None]] | None = None,
    reading: Reading | None = None,
    locale: str = "",
    key: str | None = None,
) -> Job:
    """Start the job that checks or reads a file in.

    Args:
        session: session without unsaved changes.
        actor: who imports; the job runs with the rights in force then.
        importer: where the rows go.
        folder: ``upload_folder(settings)``.
        token: the uploaded file.
        file_name: what the person calls it; for titles and the file of rejects.
        mapping: column name by field name.
        mode: ``check``, ``all`` or ``good``.
        on_existing: ``skip`` or ``update``.
        decisions: what a value of a list is taken for, by field and value; ``None`` leaves it out.
        reading: encoding, header and order of dates, where the person has chosen.
        locale: language of the page where it is started, for the reasons; else the actor's own.
        key: the same wish; while a job with it waits, runs or has succeeded, that one is returned.

    Raises:
        MayNotImport: the actor may not import.
        UnreadableFile: it is no table that we can read, or is not there any more.
        BadMapping: the mapping does not fit the file.
        ValueError: an unknown mode.
    """
    require_right(actor, importer)
    if mode not in TITLES or on_existing not in (SKIP, UPDATE):
        raise ValueError(f"unknown mode {mode} or {on_existing}")
    reading = reading or Reading()
    table = reading.open(uploads.stored_path(folder, token))
    resolve(importer, table.header, mapping)
    order = reading.date_order or detected_order(table, importer, mapping)
    args: dict[str, Any] = {
        "importer": importer.name, "token": token, "file_name": file_name,
        "mapping": dict(mapping), "mode": mode, "on_existing": on_existing,
        "encoding": reading.encoding, "header_line": table.header_line, "date_order": order,
        "locale": locale or actor.locale, "decisions": decisions or {},
    }
    return enqueue(
        session, actor, KIND, args, title=TITLES[mode], title_values={"file": file_name}, key=key
    )


def import_job(
    context: JobContext, importer: Importer, settings: Settings, sentence: Sentence
) -> dict[str, Any]:
    """Read a file in, as a job.

    Args:
        context: the running job; ``args`` are those of ``start_import``.
        importer: where the rows go.
        settings: folder of uploads, time zone.
        sentence: turns messages into the person's language.

    Returns:
        The report; rejected rows are left as a file to download.

    Raises:
        JobFailed: the file cannot be read, or the person may not import any more.
    """
    args = context.args
    try:
        require_right(context.actor, importer)
        path = uploads.stored_path(upload_folder(settings), args["token"])
        stem = Path(args["file_name"]).stem.lstrip(".")[:LONGEST_NAME] or "import"
        rejects = context.result_path(f"{stem}-rejects.csv")
        report = Import(
            table=Reading.of(args).open(path), importer=importer,
            date_order=args.get("date_order", ""),
            mapping=args["mapping"], mode=args["mode"], on_existing=args["on_existing"],
            rejects=rejects, zone=zoneinfo.ZoneInfo(settings.timezone), sentence=sentence,
            job_id=context.job_id, file_name=args["file_name"],
            decisions=args.get("decisions", {}),
        ).run(context.session, context.actor, context.progress, context.write)
    except UnreadableFile as error:
        raise JobFailed(error.message.msgid, **error.message.params) from error
    except BadMapping as error:
        raise JobFailed(sentence(error.messages[0])) from error
    except MayNotImport:
        raise JobFailed(N_("You have no permission to import this kind of record.")) from None
    except AnotherImport:
        raise TryLater(ANOTHER, WAIT_FOR_ANOTHER) from None
    if not rejects.exists():
        context.result_file = None
    return report.as_dict()


def sentence_in(locale: str) -> Sentence:
    """Return a function that turns messages into sentences of a language.

    Args:
        locale: ``zh`` or ``en``.
    """

    def sentence(message: Message) -> str:
        values = {
            name: sentence(value) if isinstance(value, Message) else value
            for name, value in message.params.items()
        }
        with force_locale(locale):
            return gettext(message.msgid, **values)

    return sentence


def require_right(actor: Actor, importer: Importer) -> None:
    """Make sure that the actor may import.

    Args:
        importer: what is imported with.

    Raises:
        MayNotImport: not so.
    """
    if not actor.can(importer.permission, importer.view):
        raise MayNotImport


def _run(context: JobContext) -> dict[str, Any]:
    importer = importers().get(context.args["importer"])
    if importer is None:
        raise JobFailed(N_("The plugin that reads such files is not active."))
    settings: Settings = current_app.config["CARELINE_SETTINGS"]
    # A worker has no browser that names a language.
    locale = context.args["locale"]
    context.actor = dataclasses.replace(context.actor, locale=locale)
    return import_job(context, importer, settings, sentence_in(locale))


def _purge(_session: Session, now: dt.datetime) -> None:
    uploads.purge(upload_folder(current_app.config["CARELINE_SETTINGS"]), now)


# Registered by the core through ``register_jobs``.
JOBS = (
    JobKind(name=KIND, run=_run),
    Schedule(name="records.staged_imports", title=N_("Finish or take back interrupted imports"),
             every_seconds=30, run=recover),
    Schedule(name="records.uploads", title=N_("Delete uploaded files of imports"),
             every_seconds=3600, run=_purge),
)
"""Kinds of job and schedules of imports."""
