"""Rows that are written in several transactions and shown at once: hidden until they are revealed.

Within ``hiding(number)`` new records get a time of deletion that nobody could have deleted them
at, and new events wait until a time that never comes. Both hold the number of the piece of work
they belong to. So a hidden record is out of every list, search, count and notice by the very
condition that keeps the recycle bin out of them, and costs no page anything.
"""

from __future__ import annotations

import contextlib
import contextvars
import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Table, func, select

from app.database import AnySelect
from app.statements import built_once

# A microsecond for each number: room for the work of a product's life.
_HIDDEN_FROM = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)
HIDDEN_BEFORE = dt.datetime(1901, 1, 1, tzinfo=dt.UTC)
HELD_FROM = dt.datetime(9000, 1, 1, tzinfo=dt.UTC)


@dataclasses.dataclass(slots=True)
class _Hiding:
    """What is hidden at present, and the highest key of each table before the first hidden row."""

    number: int
    tables: dict[Table, int] = dataclasses.field(default_factory=dict)


_hiding: contextvars.ContextVar[_Hiding | None] = contextvars.ContextVar("hiding", default=None)


def hidden_mark(number: int) -> dt.datetime:
    """Return the time of deletion of records that are hidden under a number."""
    return _HIDDEN_FROM + dt.timedelta(microseconds=number)


def held_mark(number: int) -> dt.datetime:
    """Return the time until which events wait that are hidden under a number."""
    return HELD_FROM + dt.timedelta(microseconds=number)


def is_hidden(deleted_at: dt.datetime | None) -> bool:
    """Return whether a time of deletion marks a hidden record."""
    return deleted_at is not None and deleted_at < HIDDEN_BEFORE


def own_mark() -> dt.datetime | None:
    """Return the mark of what is hidden at present; ``None`` outside of ``hiding``."""
    current = _hiding.get()
    return None if current is None else hidden_mark(current.number)


def held_until() -> dt.datetime | None:
    """Return the time until which new events wait; ``None`` outside of ``hiding``."""
    current = _hiding.get()
    return None if current is None else held_mark(current.number)


def mark_of_new_row(context: Any) -> dt.datetime | None:
    """Return ``deleted_at`` of a new record; the default of that column.

    Args:
        context: SQLAlchemy's context of the insert.
    """
    return mark_of_new_rows(context.connection, context.compiled.statement.table)


def mark_of_new_rows(connection: Connection, table: Table) -> dt.datetime | None:
    """Return ``deleted_at`` of new records, before the first of them is inserted.

    Args:
        connection: with a running write.
        table: where they are inserted.
    """
    current = _hiding.get()
    if current is None:
        return None
    if table not in current.tables:
        # Read within the same transaction, before the first row: the new ones come after it.
        highest = connection.execute(highest_key(table)).scalar()
        current.tables[table] = highest or 0
    return hidden_mark(current.number)


@built_once
def highest_key(table: Table) -> AnySelect:
    """Return the SELECT of the highest key of a table."""
    return select(func.max(table.c.id))


@contextlib.contextmanager
def hiding(number: int) -> Iterator[dict[Table, int]]:
    """Hide the records and events that are written within the block.

    Args:
        number: of the piece of work; see ``app.records.importing.staging``.

    Yields:
        The tables that hidden records were written to, filled as the block goes on, with the
        highest key that each had before.
    """
    current = _Hiding(number)
    token = _hiding.set(current)
    try:
        yield current.tables
    finally:
        _hiding.reset(token)
