"""Whatever refers to a record, in the tables of every plugin, moved to another record of its kind.

A reference is a foreign key, or a pair of columns such as ``record_type`` and ``record_id``. The
rows are written without their operations: what they say stays as it is, also where a rule keeps
them closed. Only whoever merges two records uses this.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, and_, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.models import AuditEntry
from app.records.models import FormerValue, Presence, SearchDocument
from app.records.purging import tables_of

# What was done with a record stays its own history; words and presence are made anew.
_KEPT = frozenset(one.__tablename__ for one in (AuditEntry, FormerValue, Presence, SearchDocument))
_TYPE, _ID = "_type", "_id"


@dataclasses.dataclass(frozen=True, slots=True)
class Reference:
    """A column that leads to records of one kind.

    Attributes:
        table: where it stands.
        column: holds the key of the record.
        kind: holds the kind of the record; ``None`` for a foreign key.
        record_type: the kind that is meant.
    """

    table: Table
    column: Column[Any]
    kind: Column[Any] | None
    record_type: str

    def leads_to(self, key: int) -> ColumnElement[bool]:
        """Return the condition of the rows that refer to a record."""
        found = self.column == key
        return found if self.kind is None else and_(found, self.kind == self.record_type)

    @property
    def keys(self) -> list[Column[Any]]:
        """The primary key of the table."""
        return list(self.table.primary_key.columns)


@dataclasses.dataclass(frozen=True, slots=True)
class MovedRows:
    """Rows that were moved by one column, as JSON can hold them.

    Attributes:
        table: name of the table.
        column: name of the column.
        keys: primary keys of the rows, as they are after the move.
    """

    table: str
    column: str
    keys: list[list[Any]]


def references_to(
    session: Session, model: type[Any], besides: Collection[str] = ()
) -> list[Reference]:
    """Return every column of the database that leads to records of a kind.

    Args:
        session: any session.
        model: class with the ``Record`` mixin.
        besides: names of tables to leave out.
    """
    found: list[Reference] = []
    for table in tables_of(session):
        if table is model.__table__ or table.name in _KEPT or table.name in besides:
            continue
        found += _foreign_keys(table, model)
        found += _pairs(table, model.__record_type__)
    return found


def _foreign_keys(table: Table, model: type[Any]) -> Iterator[Reference]:
    extension = len(table.primary_key.columns) == 1
    for key in table.foreign_keys:
        column = key.parent
        # What extends a row has its key, and is no row of its own.
        if key.column.table is model.__table__ and not (extension and column.primary_key):
            yield Reference(table, column, None, model.__record_type__)


def _pairs(table: Table, record_type: str) -> Iterator[Reference]:
    for column, kind in references_of(table):
        yield Reference(table, column, kind, record_type)


def references_of(table: Table) -> Iterator[tuple[Column[Any], Column[Any]]]:
    """Yield the columns of a table that hold the key of a record of any kind, each with its kind.

    Args:
        table: any table.
    """
    for column in table.columns:
        kind = table.columns.get(column.name.removesuffix(_ID) + _TYPE)
        if column.name.endswith(_ID) and kind is not None:
            yield column, kind


def count(session: Session, references: Sequence[Reference], key: int) -> Mapping[str, int]:
    """Return how many rows of each table refer to a record; tables without any are left out."""
    numbers: dict[str, int] = {}
    for one in references:
        found = session.scalar(
            select(func.count()).select_from(one.table).where(one.leads_to(key))) or 0
        if found:
            numbers[one.table.name] = numbers.get(one.table.name, 0) + found
    return numbers


def move(
    session: Session, references: Sequence[Reference], source: int, target: int
) -> list[MovedRows]:
    """Let what refers to one record refer to another; part of the running write.

    A row that would then stand there twice, by a unique rule of its table, stays where it is.

    Args:
        session: session with a running write; loaded rows are read anew afterwards.
        references: see ``references_to``.
        source: key of the record that they refer to.
        target: key of the record that they will refer to.
    """
    session.flush()
    found = [moved for one in references if (moved := _move_one(session, one, source, target))]
    session.expire_all()
    return found


def _move_one(session: Session, one: Reference, source: int, target: int) -> MovedRows | None:
    rows = session.execute(select(*one.keys).where(one.leads_to(source))).all()
    if not rows:
        return None
    try:
        with session.begin_nested():
            session.execute(_to(one, target).where(one.leads_to(source)))
        done = list(rows)
    except IntegrityError:
        done = [row for row in rows if _move_row(session, one, row, source, target)]
    keys = [[target if column is one.column else value
             for column, value in zip(one.keys, row, strict=True)] for row in done]
    return MovedRows(one.table.name, one.column.name, keys)


def _move_row(session: Session, one: Reference, row: Any, source: int, target: int) -> bool:
    try:
        with session.begin_nested():
            session.execute(_to(one, target).where(one.leads_to(source), *_is(one, row)))
    except IntegrityError:
        return False
    return True


def move_back(
    session: Session, references: Sequence[Reference], moved: Sequence[MovedRows], source: int,
    target: int,
) -> None:
    """Let rows refer to the record of before, unless they refer to a third one by now.

    Args:
        session: session with a running write.
        references: see ``references_to``.
        moved: what ``move`` returned.
        source: key of the record of before.
        target: key of the record that they refer to.
    """
    session.flush()
    known = {(one.table.name, one.column.name): one for one in references}
    for part in moved:
        one = known.get((part.table, part.column))
        if one is None:
            # The table of a plugin that is not in force any more.
            continue
        for key in part.keys:
            session.execute(_to(one, source).where(one.leads_to(target), *_is(one, key)))
    session.expire_all()


def _is(one: Reference, key: Sequence[Any]) -> list[ColumnElement[bool]]:
    return [column == value for column, value in zip(one.keys, key, strict=True)]


def _to(one: Reference, key: int) -> Any:
    values: dict[str, Any] = {one.column.name: key}
    if {"version", "number"} <= set(one.table.c.keys()):
        # Whoever has the record open is told that it has changed.
        values["version"] = one.table.c.version + 1
    return update(one.table).values(values)
