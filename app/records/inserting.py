"""New records of one kind inserted together, and held by the session as a flush would leave them.

For each record SQLAlchemy's unit of work looks at all of its relations, and collects its columns
and their defaults. Of some hundreds of records that hold nothing but plain values that takes longer
than the database, so those are inserted without it.
"""

# Not strict: columns found by name have no types.
# pyright: basic

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import instance_dict

from app.database import own_session
from app.inserts import insert_rows
from app.jobs.hidden_rows import mark_of_new_rows
from app.metrics.counting import count_new
from app.records.mixin import Record
from app.statements import built_once


@dataclasses.dataclass(frozen=True, slots=True)
class _Columns:
    """What a row of a kind of record holds.

    Attributes:
        defaults: value by column of a row that says nothing.
        told: columns whose value has to be told, since it is worked out otherwise.
        relations: names of the relations to other rows.
    """

    defaults: dict[str, Any]
    told: frozenset[str]
    relations: frozenset[str]

    def row_of(self, record: Record) -> dict[str, Any] | None:
        """Return the values of a record by column; ``None`` where they are not plain ones."""
        held = instance_dict(record)
        if any(held.get(name) for name in self.relations.intersection(held)):
            return None
        row = {**self.defaults, **{
            name: value for name, value in held.items()
            # Nothing is what the column's default stands for, as in the unit of work.
            if value is not None and name in self.defaults}}
        return None if any(row[name] is None for name in self.told) else row


def insert_records(session: Session, records: Sequence[Record]) -> None:
    """Insert new records of one kind; part of the running write.

    Args:
        session: session with a running write.
        records: some hundreds of records with key and number, none of them in the session yet.
    """
    if not records:
        return
    session.flush()
    session.add_all(records)
    model = type(records[0])
    columns, connection = _columns_of(model), session.connection()
    mark = mark_of_new_rows(connection, inspect(model).local_table)
    for record in records:
        record.deleted_at = record.deleted_at or mark
    rows = [None if columns is None else columns.row_of(record) for record in records]
    plain = [row for row in rows if row is not None]
    if len(plain) < len(records):
        for record in records:
            _fill_defaults(record)
        session.flush()
        return
    insert_rows(connection, inspect(model).local_table, plain)
    for record, row in zip(records, plain, strict=True):
        instance_dict(record).update(row)
    # The end of a flush: from now on they are rows, which a rollback takes back.
    own_session(session)._register_persistent({inspect(record) for record in records})
    count_new(session, records)


@built_once
def _columns_of(model: type[Any]) -> _Columns | None:
    """Return what a row of a model holds; ``None`` where the unit of work has a part in it."""
    mapper = inspect(model)
    columns = {one.key: one.columns[0] for one in mapper.column_attrs}
    if (
        len(mapper.tables) > 1 or mapper.polymorphic_on is not None
        or mapper.dispatch.before_insert or mapper.dispatch.after_insert
        or set(columns) != set(mapper.local_table.c.keys())
        or any(column.type.should_evaluate_none for column in columns.values())
    ):
        return None
    scalars = {name: column.default.arg for name, column in columns.items()
               if column.default is not None and column.default.is_scalar}
    told = {name for name, column in columns.items() if name not in scalars and (
        column.primary_key or column.default is not None or column.server_default is not None)}
    return _Columns(
        {name: scalars.get(name) for name in columns},
        frozenset(told - {"deleted_at"}),
        frozenset(mapper.relationships.keys()))


def _fill_defaults(record: Record) -> None:
    """Set the columns that the database would fill with what Python knows as well.

    Rows that hold a value for all of them are inserted in one statement; for others SQLAlchemy asks
    what the database has filled in, row by row.
    """
    state = inspect(record)
    for attribute in state.mapper.column_attrs:
        column = attribute.columns[0]
        if column.server_default is not None and attribute.key not in state.dict and (
                column.default is not None and column.default.is_scalar):
            setattr(record, attribute.key, column.default.arg)
