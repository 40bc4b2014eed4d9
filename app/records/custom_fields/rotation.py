"""Replacing the key of sensitive custom fields, which lie in the JSON of their records."""

# Not strict: what JSON holds, and columns found by name, have no types.
# pyright: basic

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Table, Text, cast, inspect, select, type_coerce, update
from sqlalchemy.orm import Session

from app.access.sensitive.columns import KIND, SEALED, JsonWithSensitive, is_sealed
from app.access.sensitive.keyring import KeyRing, Unreadable, ring
from app.access.sensitive.kinds import KINDS
from app.database import Base, Json, held_seconds, write
from app.jobs.portions import Pace

_READ = 200


def sealed_tables(session: Session) -> Iterator[tuple[Table, Any]]:
    """Yield every table of the database whose JSON may hold sensitive values, with the column."""
    present = set(inspect(session.get_bind()).get_table_names())
    tables = {mapper.local_table.name: mapper.local_table for mapper in Base.registry.mappers
              if isinstance(mapper.local_table, Table)}
    for name in sorted(present.intersection(tables)):
        for column in tables[name].columns:
            if isinstance(column.type, JsonWithSensitive):
                yield tables[name], column


def outdated(column: Any) -> Any:
    """Return the condition of rows that hold sensitive values, none of them with the first key."""
    text = cast(type_coerce(column, Json()), Text)
    return _holds_values(column) & text.not_like(f"%.{ring().keys[0].id}.%")


def _holds_values(column: Any) -> Any:
    return cast(type_coerce(column, Json()), Text).like(f'%"{SEALED}"%')


def rotate_sealed(session: Session, table: Table, column: Any) -> tuple[int, int]:
    """Write the sensitive values in the JSON of a table with the first key.

    Args:
        session: session without unsaved changes.
        table: the table.
        column: its JSON.

    Returns:
        How many values were written, and how many could not be read with any key.
    """
    (key,) = table.primary_key
    done = lost = after = 0
    pace = Pace(held=lambda: held_seconds(session))
    while True:
        keys = list(session.scalars(
            select(key).where(_holds_values(column), key > after).order_by(key).limit(_READ)))
        session.rollback()
        if not keys:
            return done, lost
        after = keys[-1]
        for portion in pace.portions(keys):
            with write(session):
                for row_id in portion:
                    written, unread = _rotate_row(session, table, column, row_id)
                    done, lost = done + written, lost + unread


def _rotate_row(session: Session, table: Table, column: Any, row_id: int) -> tuple[int, int]:
    (key,) = table.primary_key
    held = session.scalar(
        select(type_coerce(column, Json())).where(key == row_id).with_for_update()) or {}
    renewed, lost = _renewed(held, ring())
    if renewed:
        session.execute(update(table).where(key == row_id).values(
            {column: type_coerce({**held, **renewed}, Json())}))
    return len(renewed), lost


def _renewed(held: Mapping[str, Any], keys: KeyRing) -> tuple[dict[str, Any], int]:
    """Return the entries to be written, and how many could not be read."""
    renewed, lost = {}, 0
    for name, entry in held.items():
        if not is_sealed(entry) or keys.is_current(entry[SEALED]):
            continue
        try:
            sealed = keys.seal(keys.open(entry[SEALED]), is_found=KINDS[entry[KIND]].is_found)
        except Unreadable:
            lost += 1
            continue
        renewed[name] = {**entry, SEALED: sealed}
    return renewed, lost
