"""Conditions on what a row has several of: related rows, or texts in a JSON list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, and_, not_, or_

from app.access.actor import Actor
from app.access.scope import scope_filter
from app.screens.columns import Column


def rows_clause(
    column: Column, operator: str, keys: Iterable[int], actor: Actor
) -> ColumnElement[bool]:
    """Return the condition on the rows that a row refers to: one of them is enough.

    Related rows that the person may not see, or that are in the recycle bin, are as if they were
    not there.

    Args:
        column: a relation to several rows.
        operator: ``in``, ``not_in``, ``empty`` or ``filled``.
        keys: primary keys of related rows.
        actor: who asks.
    """
    conditions = [scope_filter(actor, column.target, indexed=False)]
    if "deleted_at" in column.target.__mapper__.columns:
        conditions.append(column.target.deleted_at.is_(None))
    if operator in ("in", "not_in"):
        (key,) = column.target.__mapper__.primary_key
        conditions.append(key.in_(list(keys)))
    held = column.attribute.any(and_(*conditions))
    return held if operator in ("in", "filled") else ~held


def texts_clause(attribute: Any, operator: str, values: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition on a JSON list, whose text holds each value between quotes.

    Args:
        attribute: the column.
        operator: ``in`` or ``not_in``.
        values: texts; one of them is enough.
    """
    held = or_(*(attribute.contains(f'"{value}"', autoescape=True) for value in values))
    return or_(not_(held), attribute.is_(None)) if operator == "not_in" else held
