"""How loans stand, asked of another system's database on a schedule (C4); it is only read.

What the query gives is written as a table and goes the way of a status file: each content once,
what is wrong with a row costs that row, and the report of the import lists it.
"""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

from sqlalchemy import Connection, create_engine, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from app.customers.status_folder import read
from app.customers.status_models import KNOWN, REFUSED, SEEN, StatusFile
from app.database import utcnow, write
from app.i18n import N_, Message
from app.records.importing.services import sentence_in
from config import Settings

TABLE = "status-database.csv"
"""Name under which what the query gave is listed among status files, and imported."""
_PORTION = 1000
# Statements that make the transaction refuse every write, by dialect.
_READ_ONLY = {"sqlite": "PRAGMA query_only = ON", "postgresql": "SET TRANSACTION READ ONLY",
              "mysql": "SET TRANSACTION READ ONLY", "mariadb": "SET TRANSACTION READ ONLY"}
_UNREADABLE = N_("The other system's database cannot be read: %(kind)s")
_NO_SELECT = N_("The query is no SELECT.")


class _NotAsked(Exception):
    """The other database was not asked, or gave no answer; ``message`` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def ask(session: Session, settings: Settings) -> bool:
    """Ask the other database, and import what it says if it is new.

    Args:
        session: session without unsaved changes.
        settings: of the installation: address, query, and how large an import may be.

    Returns:
        Whether an import was started.
    """
    if not settings.status_database_url or not settings.status_query:
        return False
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / TABLE
        try:
            _write_answer(settings, path)
        except _NotAsked as refused:
            _note(session, settings, refused.message)
            return False
        return read(session, settings, path, _row(session, path.stat().st_size))


def _write_answer(settings: Settings, path: Path) -> None:
    query = settings.status_query.strip()
    if query.split(None, 1)[0].upper() not in ("SELECT", "WITH"):
        raise _NotAsked(Message(_NO_SELECT))
    try:
        engine = create_engine(make_url(settings.status_database_url), poolclass=NullPool)
        with engine.connect() as connection:
            _forbid_writes(connection)
            # Never committed: the transaction ends with a rollback.
            answer = connection.execution_options(yield_per=_PORTION).execute(text(query))
            with path.open("w", encoding="utf-8", newline="") as stream:
                table = csv.writer(stream)
                table.writerow(answer.keys())
                table.writerows(answer)
    except (ArgumentError, SQLAlchemyError, ImportError, ValueError) as error:
        # The text of an error may hold the address with its password.
        raise _NotAsked(Message(_UNREADABLE, {"kind": type(error).__name__})) from error


def _forbid_writes(connection: Connection) -> None:
    statement = _READ_ONLY.get(connection.dialect.name)
    if statement is not None:
        connection.execute(text(statement))


def _row(session: Session, size: int) -> StatusFile:
    """Return the row of this table: the last one, unless it tells of an import or a refusal."""
    with write(session):
        row = _last(session)
        if row is None or row.state not in (SEEN, KNOWN):
            row = StatusFile(name=TABLE)
            session.add(row)
        row.state, row.size, row.modified, row.at = SEEN, size, 0, utcnow()
        session.flush()
    return row


def _note(session: Session, settings: Settings, message: Message) -> None:
    """Note once why nothing is read; the next hour only says that it still is so."""
    reason = sentence_in(settings.default_locale)(message)[:400]
    with write(session):
        row = _last(session)
        if row is None or (row.state, row.reason) != (REFUSED, reason):
            row = StatusFile(name=TABLE, size=0, modified=0, state=REFUSED, reason=reason)
            session.add(row)
        row.at = utcnow()


def _last(session: Session) -> StatusFile | None:
    return session.scalars(
        select(StatusFile).where(StatusFile.name == TABLE)
        .order_by(StatusFile.id.desc()).limit(1)).one_or_none()
