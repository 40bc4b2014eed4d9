"""What rows refer to, and what nothing new may refer to any more."""

# Not strict: columns found by their tables have no types.
# pyright: basic

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.database import Base
from app.i18n import Message
from app.records.serving import operations_of


def reference_refusals(
    session: Session, actor: Actor, model: type[Any], values: Mapping[str, Any]
) -> dict[str, Message]:
    """Return the columns that would refer to a row to which nothing new may refer, and why.

    Args:
        session: any session.
        actor: who writes.
        model: mapped class.
        values: values by column that a row would get.
    """
    found: dict[str, Message] = {}
    for name, target in _closing(model, values):
        row = session.get(target, values[name])
        refused = None if row is None else reference_refusal(session, actor, row)
        if refused is not None:
            found[name] = refused
    return found


def reference_refusal(session: Session, actor: Actor, row: Any) -> Message | None:
    """Return why nothing new may refer to a row, or begin from it, or ``None``.

    Args:
        session: any session.
        actor: who would write.
        row: the row.
    """
    refusal = operations_of(type(row))._refuse_reference
    return refusal(session, actor, row)


def referred_rows(
    session: Session, model: type[Any], rows: Iterable[Mapping[str, Any]]
) -> list[Any]:
    """Return the rows that ``reference_refusals`` would read one by one, in one statement a column.

    Whoever holds them while the refusals are asked finds them in the session.

    Args:
        session: any session.
        model: mapped class.
        rows: values by column of some hundreds of new rows.
    """
    listed, found = list(rows), list[Any]()
    named = {name: True for values in listed for name, key in values.items() if key is not None}
    for name, target in _closing(model, named):
        keys = {values.get(name) for values in listed} - {None}
        found += session.scalars(select(target).where(target.id.in_(keys)))
    return found


def _closing(model: type[Any], values: Mapping[str, Any]) -> list[tuple[str, type[Any]]]:
    """Return those columns with a value that refer to a kind of row which may be closed."""
    return [
        (name, target) for name, target in _referred(model)
        if values.get(name) is not None and operations_of(target)._closes_rows
    ]


@functools.lru_cache(maxsize=512)
def _referred(model: type[Any]) -> tuple[tuple[str, type[Any]], ...]:
    by_table = {mapper.local_table: mapper.class_ for mapper in Base.registry.mappers}
    return tuple(
        (attribute.key, by_table[key.column.table])
        for attribute in inspect(model).column_attrs
        for key in attribute.columns[0].foreign_keys
        if key.column.table in by_table)
