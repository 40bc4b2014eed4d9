"""Where documents stand in the index of SQLite: in the order in which records came in.

The full-text table gives what it finds by row id, forward or backward, and sorts nothing. The id
of a document is therefore its place: a step by what its record is sorted by, and a number within
the step. A step is a day of receipt, or so many keys of a kind without one. Within a step the
records themselves say which comes first. Steps are that wide because the table notes the distance
from each match to the next: finer ones would make it half as large again.

PostgreSQL has no use for places. There ids count up as in any other table.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select, text
from sqlalchemy.orm import Session, aliased

from app.access.unindexed import Unindexed
from app.database import AnySelect, Base, UTCDateTime
from app.records.mixin import Record
from app.records.models import SearchDocument
from app.statements import built_once

Value = dt.datetime | int
"""What a record is sorted by: moment of receipt, or key."""

WIDTH = 1 << 20
"""Places of a step; whatever finds none there waits before all places."""
# Earlier versions counted documents through, whenever a record was saved.
_BEFORE = 1 << 12
FIRST_PLACE = _BEFORE * WIDTH
"""Lowest place; documents with a lower id have none yet."""
_KEYS = 1 << 10
_LAST_STEP = 1 << 22
LAST_PLACE = FIRST_PLACE + (_LAST_STEP + 1) * WIDTH - 1
_FIRST_DAY = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)
_DAY = dt.timedelta(days=1)
# The highest place that is taken of each of several steps.
_HIGHEST = text(
    "SELECT value, (SELECT max(id) FROM records_search"
    f" WHERE id >= value AND id < max(value + {WIDTH}, {FIRST_PLACE})) FROM json_each(:firsts)")


def sorted_by(model: type[Any]) -> Any:
    """Return the attribute in whose order the records of a kind are found: receipt, or key.

    Args:
        model: class with the ``Record`` mixin.
    """
    receipt = model.__receipt_field__
    column = model.__mapper__.columns.get(receipt) if receipt else None
    if column is None or column.nullable or not isinstance(column.type, UTCDateTime):
        return model.id
    return getattr(model, receipt)


def places_at(value: Value) -> tuple[int, int]:
    """Return the first and the last place of the step that a value belongs to.

    Args:
        value: what a record is sorted by. What lies before the first step or behind the last one
            belongs to it.
    """
    step = value // _KEYS if isinstance(value, int) else (value - _FIRST_DAY) // _DAY
    first = FIRST_PLACE + min(max(step, 0), _LAST_STEP) * WIDTH
    return first, first + WIDTH - 1


def is_placed(document_id: int, value: Value) -> bool:
    """Return whether a document stands where its record's value belongs."""
    first, last = places_at(value)
    return first <= document_id <= last


def models_by_type() -> dict[str, type[Any]]:
    """Return the kinds of record that are there, by the name of their type."""
    return {mapper.class_.__record_type__: mapper.class_ for mapper in Base.registry.mappers
            if issubclass(mapper.class_, Record)}


def values_of(session: Session, model: type[Any], keys: Sequence[int]) -> Mapping[int, Value]:
    """Return by key what records are sorted by, of those that are there.

    Args:
        session: any session.
        model: class with the ``Record`` mixin.
        keys: keys of some hundreds of records.
    """
    if sorted_by(model) is model.id:
        return {key: key for key in keys}
    rows = session.execute(_values(model), {"keys": list(keys)})
    return {key: value for key, value in rows}


@built_once
def _values(model: type[Any]) -> AnySelect:
    return select(model.id, sorted_by(model)).where(
        model.id.in_(bindparam("keys", expanding=True)))


def free_places(session: Session, values: Sequence[Value | None]) -> list[int]:
    """Return a free place for each of some hundreds of new documents; part of the running write.

    Args:
        session: session with a running write.
        values: what their records are sorted by. ``None`` for a record that is not there yet: its
            document stands before all places, until a deployment finds it there.
    """
    firsts = [0 if value is None else places_at(value)[0] for value in values]
    taken = _highest(session, set(firsts))
    given: list[int] = []
    for first in firsts:
        free = max(taken.get(first) or 0, first - 1) + 1
        if first and free >= first + WIDTH:
            first, free = 0, (taken.get(0) or _highest(session, {0})[0] or 0) + 1
        taken[first] = free
        given.append(free)
    return given


def _highest(session: Session, firsts: set[int]) -> dict[int, int | None]:
    rows = session.execute(_HIGHEST, {"firsts": json.dumps(sorted(firsts))})
    return {first: highest for first, highest in rows}


@built_once
def all_placed(model: type[Any]) -> ColumnElement[bool]:
    """Return the condition that no document of a kind waits for its place.

    Args:
        model: class with the ``Record`` mixin.
    """
    document = aliased(SearchDocument)
    # By the id: through the index of kinds SQLite would read all documents of this one.
    return ~select(document.id).where(
        document.id < FIRST_PLACE,
        Unindexed(document.record_type.expression) == model.__record_type__).exists()


def of_same_step(place: ColumnElement[int], *, last: bool) -> ColumnElement[int]:
    """Return the first, or the last, place of the step that a place belongs to, as SQL."""
    first = place - place % WIDTH
    return first + (WIDTH - 1) if last else first

