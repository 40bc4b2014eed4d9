"""The file of a copy: what is held as a page to read and as JSON, and the attachments.

Everything is read and written a portion at a time, so that the memory does not grow with what is
held. The page is HTML: it can be read on any machine and prints well, and unlike a PDF it need not
stand in memory as a whole.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import orjson
from flask import current_app
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.admin.personal_copies.records import CopiedRecords, CopiedRow, CopiedTable
from app.customers.models import Customer
from app.customers.privacy.held import Held, rows_of
from app.records.files import FileStore
from app.records.models import File
from app.settings.company import company_name

FORMAT = 1
"""Number of the form of ``copy.json``; it rises when keys change their meaning."""
JSON, PAGE, STYLE, FILES = "copy.json", "copy.html", "copy.css", "files"
_LONGEST_NAME = 100
_CHUNK = 256 * 1024
_TEMPLATE = "admin/personal_copy_page.html"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What stands at the head of a copy.

    Attributes:
        customer: number of the customer.
        name: name of the customer.
        organisation: who holds the data.
        made_at: when the copy was made.
        language: ``zh`` or ``en``.
    """

    customer: str
    name: str
    organisation: str
    made_at: dt.datetime
    language: str


def heading_of(
    session: Session, customer: Customer, language: str, now: dt.datetime
) -> Heading:
    """Return the head of a copy that is made now."""
    return Heading(
        customer=customer.number, name=customer.name, made_at=now, language=language,
        organisation=company_name(session, language))


def safe_name(key: int, name: str) -> str:
    """Return what an attachment is called within a copy: a plain name on every system.

    Args:
        key: primary key of the attachment, so that no two have the same name.
        name: as a person gave it; it may hold anything.
    """
    plain = "".join(
        sign if unicodedata.category(sign)[0] in "LN" or sign in "-_." else "_" for sign in name)
    stem, ending = Path(plain).stem.strip("."), Path(plain).suffix
    return f"{FILES}/{key}-{stem[:_LONGEST_NAME]}{ending[:10]}"


def write_archive(
    path: Path, session: Session, actor: Actor, store: FileStore, held: Held, heading: Heading,
    step: Callable[[], object],
) -> int:
    """Write the file of a copy.

    Args:
        path: where to.
        session: any session.
        actor: who makes it.
        store: where contents of attachments lie.
        held: which rows there are.
        heading: what stands at its head.
        step: called after each row and attachment; what it raises ends the work.

    Returns:
        How many attachments it holds.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        files = dict(_add_files(archive, session, store, held, step))
        copied = CopiedRecords(session, actor, held, files)
        for name, parts in ((JSON, _json_parts), (PAGE, _page_parts)):
            with archive.open(name, "w", force_zip64=True) as out:
                for part in parts(copied, heading, step):
                    out.write(part)
        archive.write(Path(__file__).parent / STYLE, STYLE)
    return len(files)


def _add_files(
    archive: zipfile.ZipFile, session: Session, store: FileStore, held: Held,
    step: Callable[[], object],
) -> Iterator[tuple[int, str]]:
    for row in rows_of(session, File.__table__, sorted(held.keys.get(File.__table__, ()))):
        try:
            content = store.open(row["key"])
        except FileNotFoundError:
            # The row is told of all the same, without a file.
            continue
        name = safe_name(row["id"], row["name"])
        with content, archive.open(name, "w", force_zip64=True) as out:
            _copy(content, out, step)
        yield row["id"], name


def _copy(content: IO[bytes], out: IO[bytes], step: Callable[[], object]) -> None:
    while chunk := content.read(_CHUNK):
        out.write(chunk)
        step()


# --- JSON ------------------------------------------------------------------------------------
def _json_parts(
    copied: CopiedRecords, heading: Heading, step: Callable[[], object]
) -> Iterator[bytes]:
    """Yield the JSON; keys are names of tables and columns, which stay what they are."""
    head = {"format": FORMAT, **dataclasses.asdict(heading)}
    yield _json(head)[:-1] + b',"tables":['
    for place, table in enumerate(copied.tables()):
        yield b"," if place else b""
        kind = table.words.kind
        yield _json({
            "table": table.words.table.name, "title": table.words.title,
            "record_type": kind.model.__record_type__ if kind is not None else "",
        })[:-1] + b',"rows":'
        yield from _json_rows(table.rows(), step)
        yield b"}"
    yield b'],"former_values":'
    yield from _json_rows(copied.former(), step)
    left_out = [{"table": name, "title": title, "number": number}
                for name, title, number in copied.left_out()]
    yield b',"left_out":' + _json(left_out) + b',"hidden_fields":' + _json(copied.hidden_fields)
    yield b"}"


def _json_rows(rows: Iterable[CopiedRow], step: Callable[[], object]) -> Iterator[bytes]:
    yield b"["
    for place, row in enumerate(rows):
        held: dict[str, Any] = {"values": row.values}
        if row.names:
            held["names"] = row.names
        if row.file:
            held["file"] = row.file
        yield (b"," if place else b"") + _json(held)
        step()
    yield b"]"


def _json(value: Mapping[str, Any] | list[Any] | int) -> bytes:
    return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS)


# --- page ------------------------------------------------------------------------------------
def _page_parts(
    copied: CopiedRecords, heading: Heading, step: Callable[[], object]
) -> Iterator[bytes]:
    def counted(rows: Iterable[CopiedRow]) -> Iterator[CopiedRow]:
        for row in rows:
            step()
            if row.facts or row.file:
                yield row

    def rows_of_table(table: CopiedTable) -> Iterator[CopiedRow]:
        return counted(table.rows())

    template = current_app.jinja_env.get_template(_TEMPLATE)
    parts = template.generate(
        heading=heading, title=gettext("Copy of all data"), tables=copied.tables(),
        rows_of=rows_of_table, former=lambda: counted(copied.former()),
        left_out=copied.left_out(), hidden_fields=copied.hidden_fields)
    for part in parts:
        yield part.encode()

