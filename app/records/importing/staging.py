"""What an import has written and not yet revealed: found again, revealed, or taken back.

Every portion is a short transaction. Hidden records are marked (``app.jobs.hidden_rows``) and
listed as ranges of keys; rows of tables that know no mark are listed one by one.
"""

# Not strict: what JSON holds, and columns found by name, have no types.
# pyright: basic

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import json
import logging
from collections.abc import Generator, Sequence
from typing import Any

from sqlalchemy import (
    Table,
    Update,
    bindparam,
    case,
    delete,
    event,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.database import AnySelect, Base, changed_rows, own_session, utcnow
from app.deadlines.sweeping import hold, settle
from app.host.host import current_host
from app.host.loader import CORE
from app.jobs.hidden_rows import held_mark, hidden_mark, hiding
from app.jobs.models import OutboxRow
from app.jobs.outbox import emit
from app.metrics.counting import recounting
from app.records.importing.models import StagedImport, StagedRecords, StagedRow
from app.records.mixin import Record
from app.records.purging import delete_hidden
from app.statements import built_once

log = logging.getLogger(__name__)
# Hidden and revealed within one transaction: nobody else ever sees this number.
AT_ONCE = 0
# Deadlines told to the core by one event: looking up who is told of one takes a few statements.
SUMMARY_EVENTS = 25

# A portion takes parts of a second.
SILENT_AFTER = dt.timedelta(minutes=10)

Hidden = list[tuple[type[Any], list[int]]]


@contextlib.contextmanager
def hidden(session: Session, number: int) -> Generator[Hidden]:
    """Hide what the block writes.

    Args:
        session: session with a running write.
        number: of the import.

    Yields:
        A list that holds each class and keys of the hidden records once the block is over.
    """
    found: Hidden = []
    with hiding(number) as tables:
        yield found
        session.flush()
    for table, highest in tables.items():
        ids = list(session.scalars(
            _hidden_keys(table), {"highest": highest, "mark": hidden_mark(number)}))
        if ids:
            found.append((model_of(table), ids))


@built_once
def _hidden_keys(table: Table) -> AnySelect:
    return (
        select(table.c.id)
        .where(table.c.id > bindparam("highest"), table.c.deleted_at == bindparam("mark"))
        .order_by(table.c.id)
    )


@functools.lru_cache(maxsize=512)
def model_of(table: Table) -> type[Any]:
    """Return the class of a table of records."""
    return next(
        mapper.class_ for mapper in Base.registry.mappers
        if mapper.local_table is table and issubclass(mapper.class_, Record)
    )


def record_models() -> dict[str, type[Any]]:
    """Return the classes of records by record type."""
    return {
        mapper.class_.__record_type__: mapper.class_ for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Record)
    }


def reveal(
    session: Session, model: type[Any], ids: Sequence[int], number: int,
    job_id: int | None, file_name: str,
) -> None:
    """Show hidden records, and let their clocks run; part of the running write.

    What has fallen due of them by now is told to people as a summary.

    Args:
        session: session with a running write.
        model: class of the records.
        ids: some hundreds of keys.
        number: of the import that has hidden them.
        job_id: the job of the import, if any.
        file_name: what the person calls the file.
    """
    with recounting(session, model, ids):
        session.execute(
            update(model.__table__)
            .where(model.__table__.c.id.in_(ids),
                   model.__table__.c.deleted_at == hidden_mark(number))
            .values(deleted_at=None)
        )
    fallen = settle(session, model.__record_type__, ids, utcnow(), besides=(CORE,))
    if fallen and CORE in current_host().subscribers("on_deadline"):
        for first in range(0, len(fallen), SUMMARY_EVENTS):
            emit(session, "on_deadline", {
                "record_type": model.__record_type__, "job_id": job_id, "file": file_name,
                "imported": fallen[first:first + SUMMARY_EVENTS],
            }, [CORE])


def release_events(session: Session, number: int, most: int | None = None) -> int:
    """Let events that were held go to their subscribers; part of the running write.

    Args:
        session: session with a running write.
        number: of the import.
        most: how many; all of them by default.

    Returns:
        How many were released.
    """
    held = select(OutboxRow.id).where(OutboxRow.next_try_at == held_mark(number)).limit(most)
    return changed_rows(session.execute(
        update(OutboxRow).where(OutboxRow.id.in_(held)).values(next_try_at=utcnow())
        .execution_options(synchronize_session=False)
    ))


def drop_events(session: Session, number: int, most: int) -> int:
    """Delete events that were held; part of the running write; return how many."""
    held = select(OutboxRow.id).where(OutboxRow.next_try_at == held_mark(number)).limit(most)
    return changed_rows(session.execute(
        delete(OutboxRow).where(OutboxRow.id.in_(held))
        .execution_options(synchronize_session=False)
    ))


@contextlib.contextmanager
def stage(session: Session, number: int) -> Generator[None]:
    """Hide what the block writes, and note where it lies; part of the running write.

    Args:
        session: session with a running write.
        number: of the import.

    Raises:
        LookupError: there is no such import any more.
    """
    if not changed_rows(session.execute(_written(), {"number": number, "now": utcnow()})):
        raise LookupError(f"import {number}")
    others: list[Any] = []

    def note(_session: Session, _context: Any) -> None:
        others.extend(one for one in session.new if not _hangs_on_a_record(one))

    target = own_session(session)
    event.listen(target, "after_flush", note)
    try:
        with hidden(session, number) as records:
            yield
    finally:
        event.remove(target, "after_flush", note)
    for model, ids in records:
        hold(session, model.__record_type__, ids, held_mark(number))
        _note_records(session, number, model.__record_type__, ids[0], ids[-1])
    _note_others(session, number, others)
    session.flush()


def _note_records(
    session: Session, number: int, record_type: str, first_id: int, last_id: int
) -> None:
    """Note a range of keys; keys only grow, so there is one range for each kind of record.

    Within it may lie records of others: the mark tells whose a record is.
    """
    table = StagedRecords.__table__
    found = {"number": number, "kind": record_type, "first": first_id, "last": last_id}
    if not changed_rows(session.execute(_noting(), found)):
        session.execute(insert(table).values(
            import_id=number, record_type=record_type, first_id=first_id, last_id=last_id))


@built_once
def _noting() -> Update:
    columns, first, last = StagedRecords.__table__.c, bindparam("first"), bindparam("last")
    return (
        update(StagedRecords.__table__)
        .where(columns.import_id == bindparam("number"), columns.record_type == bindparam("kind"))
        .values(first_id=case((columns.first_id > first, first), else_=columns.first_id),
                last_id=case((columns.last_id < last, last), else_=columns.last_id))
    )


@built_once
def _written() -> Update:
    table = StagedImport.__table__
    return update(table).where(table.c.id == bindparam("number")).values(
        written_at=bindparam("now"))


def _hangs_on_a_record(row: Any) -> bool:
    return isinstance(row, Record) or {"record_type", "record_id"} <= set(
        inspect(type(row)).local_table.c.keys())


def _note_others(session: Session, number: int, rows: Sequence[Any]) -> None:
    seen = set()
    for row in rows:
        state = inspect(row)
        # What a savepoint took back is not there; its key may be somebody else's tomorrow.
        if not state.persistent:
            continue
        name = state.mapper.local_table.name
        key = json.dumps(list(state.identity), default=str)
        if (name, key) not in seen:
            seen.add((name, key))
            session.add(StagedRow(import_id=number, table_name=name, key=json.loads(key)))


def remove_row(session: Session, noted: StagedRow) -> None:
    """Delete a row that is not a record, unless something refers to it by now."""
    mapper = next(
        (one for one in Base.registry.mappers if one.local_table.name == noted.table_name), None)
    row = None if mapper is None else session.get(mapper.class_, tuple(noted.key))
    if row is not None:
        try:
            with session.begin_nested():
                session.delete(row)
        except IntegrityError:
            log.warning("%s %s stays: it is used by now", noted.table_name, noted.key)
    session.execute(delete(StagedRow).where(StagedRow.id == noted.id))


def remove_records(session: Session, model: type[Any], ids: Sequence[int], number: int) -> None:
    """Delete hidden records with all that hangs on them; part of the running write."""
    delete_hidden(session, model, ids, hidden_mark(number))


def ids_of(session: Session, noted: StagedRecords, model: type[Any]) -> list[int]:
    """Return the keys of the hidden records within a range that was noted."""
    table = model.__table__
    return list(session.scalars(
        select(table.c.id)
        .where(table.c.id.between(noted.first_id, noted.last_id),
               table.c.deleted_at == hidden_mark(noted.import_id))
        .order_by(table.c.id)
    ))


def is_silent(staged: StagedImport, now: dt.datetime) -> bool:
    """Return whether an import without a job, by a command, must be one that was killed."""
    return staged.written_at < now - SILENT_AFTER
