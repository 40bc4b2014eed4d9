"""People as rows to import, the importer that writes them, and the desk where it happens.

The rows go into a table that is at hand: ``jobs_worker``, with its id as the key.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import zoneinfo
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.forms.definition import Kind
from app.i18n import Message
from app.jobs.models import WorkerRow
from app.records.importing.fields import (
    CREATED,
    REJECTED,
    SKIP,
    SKIPPED,
    UPDATED,
    Importer,
    ImportField,
    ImportRow,
    Outcome,
    Problem,
)
from app.records.importing.reports import Report
from app.records.importing.running import Import
from app.records.importing.tables import Table

HEADER = "Number,Name,Age\n"
GOOD_FILE = HEADER + "1,王芳,30\n2,李强,40\n3,=1+1,50\n"
# Line 3 has no number, line 4 a bad age, line 5 a number that was there, line 6 a name that the
# database refuses, line 7 one that is only refused while it is written.
BAD_FILE = (
    HEADER + "1,王芳,30\n,李强,40\n3,=赵敏,old\n1,twin,5\n5,unknown,6\n6,unlucky,7\n7,last,8\n"
)


def _write(
    session: Session, _actor: Actor, rows: Sequence[ImportRow], on_existing: str
) -> list[Outcome]:
    outcomes = []
    for row in rows:
        number, values = row.values["number"], row.values
        found = session.get(WorkerRow, number)
        if values.get("name") == "unlucky":
            outcomes.append(Outcome(row.line, REJECTED, Message("Out of luck.")))
        elif found is None:
            session.add(WorkerRow(id=number, host=values["name"], pid=values.get("age") or 0))
            outcomes.append(Outcome(row.line, CREATED))
        elif on_existing == SKIP:
            outcomes.append(Outcome(row.line, SKIPPED))
        else:
            found.host = values["name"]
            if "age" in values:
                found.pid = values["age"] or 0
            outcomes.append(Outcome(row.line, UPDATED))
    session.flush()
    return outcomes


def _check(_session: Session, _actor: Actor, rows: Sequence[ImportRow]) -> list[Problem]:
    return [
        Problem(row.line, Message("Nobody knows %(name)s.", {"name": "unknown"}), "Name")
        for row in rows
        if row.values["name"] == "unknown"
    ]


IMPORTER = Importer(
    name="people", title="People", key=("number",), write=_write, check=_check, view="test.People",
    fields=(
        ImportField(name="number", label="Number", required=True),
        ImportField(name="name", label="Name", required=True),
        ImportField(name="age", label="Age", kind=Kind.INTEGER),
    ),
)
MAPPING = {"number": "Number", "name": "Name", "age": "Age"}


@dataclasses.dataclass
class Desk:
    """Somebody who imports files."""

    session: Session
    actor: Actor
    folder: Path

    def read(
        self, content: str, mode: str, importer: Importer = IMPORTER, **options: Any
    ) -> Report:
        """Import a file with this content."""
        path = self.folder / "file.csv"
        path.write_text(content, encoding="utf-8", newline="")
        progress = options.pop("progress", lambda _done, _total: None)
        return Import(
            table=Table.open(path), importer=importer, mapping=options.pop("mapping", MAPPING),
            mode=mode, rejects=self.rejects, zone=zoneinfo.ZoneInfo("Asia/Shanghai"), **options,
        ).run(self.session, self.actor, progress)

    @property
    def rejects(self) -> Path:
        """Where the file of bad rows goes."""
        return self.folder / "rejects.csv"

    def rejected(self) -> list[dict[str, str]]:
        """The file of bad rows."""
        text = self.rejects.read_text(encoding="utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def people(self) -> dict[str, tuple[str, int]]:
        """What is in the database."""
        self.session.expire_all()
        rows = self.session.scalars(select(WorkerRow).order_by(WorkerRow.id))
        found = {row.id: (row.host, row.pid) for row in rows}
        self.session.rollback()
        return found
