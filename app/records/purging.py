"""Taking records out of the recycle bin for good, with all that hangs on them.

The audit trail stays: that a record was there, what happened to it and who purged it.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, inspect, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import record_act
from app.access.models import AuditEntry
from app.database import Base, metadata, write
from app.errors import Conflict, Rejected
from app.i18n import N_, Message
from app.jobs.hidden_rows import is_hidden
from app.metrics.counting import delete_dependents
from app.records.deleting import plugins_refusal
from app.records.files import FileStore
from app.records.mixin import Record, is_binned
from app.records.models import File, RecordLink, SearchDocument
from app.records.search import index as search_index
from app.records.serving import operations_of


class StillNeeded(Conflict):
    """Other records refer to this one, so it cannot be purged.

    Attributes:
        number: number of the record.
    """

    def __init__(self, number: str) -> None:
        super().__init__(Message(N_("Other records refer to %(number)s."), {"number": number}))
        self.number = number


def purge_due(model: type[Any], now: dt.datetime, days: int) -> ColumnElement[bool]:
    """Return the condition of records that have lain in the recycle bin long enough.

    Args:
        model: class with the ``Record`` mixin.
        now: current time.
        days: retention in days.
    """
    return and_(is_binned(model), model.deleted_at <= now - dt.timedelta(days=days))


def purge(session: Session, actor: Actor, store: FileStore, record: Record) -> None:
    """Delete a record of the recycle bin for good, with comments, files and everything on it.

    Args:
        session: session without unsaved changes.
        actor: who does it.
        store: where contents of files lie.
        record: a record that has been deleted.

    Raises:
        ValueError: it does not lie in the recycle bin.
        Rejected: a plugin denies it.
        StillNeeded: other records refer to it.
    """
    with write(session):
        refused = plugins_refusal(session, actor, record)
        if refused is not None:
            raise Rejected(refused)
        forget = operations_of(type(record))._forget  # pyright: ignore[reportPrivateUsage] -- from here alone
        forget(session, actor, record)
        contents = purge_rows(session, actor, [record])
    # Only once the rows are gone: a content without a row harms less than a row without one.
    for content in contents:
        store.remove(content)


def purge_rows(session: Session, actor: Actor, records: Sequence[Record]) -> list[str]:
    """Delete the rows of records of the recycle bin; part of the running write.

    Args:
        session: session with a running write.
        actor: who does it.
        records: some hundreds of deleted records of one kind.

    Returns:
        The keys of the contents of their files, to be removed after the write.

    Raises:
        ValueError: one does not lie in the recycle bin.
        StillNeeded: other records refer to one of them.
    """
    if not records:
        return []
    away = [one for one in records if one.deleted_at is None or is_hidden(one.deleted_at)]
    if away:
        raise ValueError(f"{away[0].number} is not in the recycle bin")
    model = type(records[0])
    kind, numbers = model.__record_type__, {one.id: one.number for one in records}
    files = session.execute(
        select(File.record_id, File.key)
        .where(File.record_type == kind, File.record_id.in_(numbers))
    ).all()
    search_index.unindex(session, kind, list(numbers))
    for table, condition in _belongings(session, kind, list(numbers)):
        session.execute(delete(table).where(condition))
    for table, column in extensions_of(tables_of(session), inspect(model).local_table):
        session.execute(delete(table).where(column.in_(numbers)))
    delete_dependents(session, inspect(model).local_table, list(numbers))
    try:
        for record in records:
            session.delete(record)
        session.flush()
    except IntegrityError as error:
        raise StillNeeded(next(iter(numbers.values()))) from error
    counts = Counter(key for key, _ in files)
    for key, number in numbers.items():
        record_act(session, actor, "purge", record_type=kind, record_id=key, number=number,
                   changes={"files": counts[key]})
    return [content for _, content in files]


def tables_of(session: Session) -> tuple[Table, ...]:
    """Return all tables that the database has, those that others refer to first.

    The tables of a plugin that was set aside, or has not been deployed, are no part of it.
    """
    present = set(inspect(session.connection()).get_table_names())
    return tuple(
        one for one in _sorted_tables(len(metadata().tables)) if one.name in present)


@functools.lru_cache(maxsize=2)
def _sorted_tables(_number: int) -> tuple[Table, ...]:
    # Sorting takes longer than deleting some records; tables only come with plugins at the start.
    return tuple(metadata().sorted_tables)


def extensions_of(
    tables: Sequence[Table], table: Table
) -> list[tuple[Table, ColumnElement[Any]]]:
    """Return the tables whose rows extend a row of another one: their key is the reference to it.

    Args:
        tables: those that the database has.
        table: of the records.

    Returns:
        Pairs of such a table and its key.
    """
    found: list[tuple[Table, ColumnElement[Any]]] = []
    for child in tables:
        key = list(child.primary_key.columns)
        if len(key) == 1 and any(one.column.table is table for one in key[0].foreign_keys):
            found.append((child, key[0]))
    return found


def delete_hidden(
    session: Session, model: type[Any], ids: Sequence[int], mark: dt.datetime
) -> None:
    """Delete records that nobody has ever seen, with all that hangs on them.

    Args:
        session: session with a running write.
        model: class with the ``Record`` mixin.
        ids: some hundreds of keys.
        mark: time of deletion that marks the hidden records; those without it stay.
    """
    table, kind = model.__table__, model.__record_type__
    ids = list(session.scalars(
        select(table.c.id).where(table.c.id.in_(ids), table.c.deleted_at == mark)))
    if not ids:
        return
    search_index.unindex(session, kind, ids)
    for hanging, condition in _belongings(session, kind, ids):
        session.execute(delete(hanging).where(condition))
    records = {
        mapper.local_table for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Record)
    }
    # Of records only hidden ones could refer to these, and they are gone by now.
    for child, condition in _referring(
        tables_of(session), table, table.c.id.in_(ids), frozenset({table, *records})
    ):
        session.execute(delete(child).where(condition))
    session.execute(delete(table).where(table.c.id.in_(ids)))


def _referring(
    tables: Sequence[Table], table: Table, condition: ColumnElement[bool], besides: frozenset[Table]
) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Yield the rows that refer to some rows of a table, those that refer to others first."""
    for child in tables:
        for key in child.foreign_keys:
            if key.column.table is table and child not in besides:
                own = key.parent.in_(select(key.column).where(condition))
                yield from _referring(tables, child, own, besides | {child})
                yield child, own


def _belongings(
    session: Session, record_type: str, record_ids: Sequence[int]
) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Yield what hangs on records, table by table, those that refer to others first."""
    yield RecordLink.__table__, or_(
        and_(RecordLink.a_type == record_type, RecordLink.a_id.in_(record_ids)),
        and_(RecordLink.b_type == record_type, RecordLink.b_id.in_(record_ids)),
    )
    tables = tables_of(session)
    kept = {AuditEntry.__tablename__, SearchDocument.__tablename__}
    hanging: dict[str, ColumnElement[bool]] = {
        table.name: and_(table.c.record_type == record_type, table.c.record_id.in_(record_ids))
        for table in tables
        if {"record_type", "record_id"} <= set(table.c.keys()) and table.name not in kept
    }
    for table in reversed(tables):
        if table.name in hanging:
            yield table, hanging[table.name]
            continue
        for key in table.foreign_keys:
            parent = key.column.table
            if parent.name in hanging:
                yield table, key.parent.in_(select(key.column).where(hanging[parent.name]))
