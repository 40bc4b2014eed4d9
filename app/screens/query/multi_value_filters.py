"""Conditions on what a row has several of: related rows, or texts in a JSON list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, not_, or_, select, true
from sqlalchemy.orm.interfaces import MANYTOONE

from app.access.actor import Actor
from app.access.scope import is_scoped, scope_filter
from app.records.mixin import is_present
from app.screens.columns.columns import Column


def rows_clause(
    column: Column, operator: str, keys: Iterable[int], actor: Actor,
    beside: Sequence[ColumnElement[bool]] = (),
) -> ColumnElement[bool]:
    """Return the condition on the rows that a row refers to: one of them is enough.

    Related rows that the person may not see, or that are in the recycle bin, are as if they were
    not there.

    Args:
        column: a relation to several rows.
        operator: ``in``, ``not_in``, ``empty`` or ``filled``.
        keys: primary keys of related rows.
        actor: who asks.
        beside: conditions that hold as well; they are repeated beside each column of the row
            itself, whose index knows them.
    """
    own = own_columns(column)
    if own:
        return _own_clause(own, column, operator, list(keys), actor, beside)
    conditions = _seen(column.related, actor)
    if operator in ("in", "not_in"):
        (key,) = column.related.__mapper__.primary_key
        conditions.append(key.in_(list(keys)))
    held = column.attribute.any(and_(true(), *conditions))
    return held if operator in ("in", "filled") else ~held


def _seen(target: type[Any], actor: Actor) -> list[ColumnElement[bool]]:
    """Return the conditions on a related row that the person may see; none where all are seen."""
    conditions = []
    if is_scoped(target):
        conditions.append(scope_filter(actor, target, indexed=False))
    if "deleted_at" in target.__mapper__.columns:
        conditions.append(is_present(target))
    return conditions


def own_columns(column: Column) -> list[Any]:
    """Return the columns of the row itself that refer to the related rows, if it has them."""
    relation = column.attribute.property
    if relation.direction is not MANYTOONE:
        return []
    mapper = relation.parent
    return [
        mapper.get_property_by_column(one).class_attribute
        for one in sorted(relation.local_columns, key=lambda one: one.name)
    ]


def _own_clause(
    own: Sequence[Any], column: Column, operator: str, keys: list[int], actor: Actor,
    beside: Sequence[ColumnElement[bool]],
) -> ColumnElement[bool]:
    """Return the condition on columns of the row itself: each can be found by its own index."""
    (key,) = column.related.__mapper__.primary_key
    conditions = _seen(column.related, actor)
    named = operator in ("in", "not_in")
    wanted: Any = keys if named else None
    if conditions:
        conditions += [key.in_(keys)] if named else []
        wanted = select(key).where(*conditions)
    held = [one.is_not(None) if wanted is None else one.in_(wanted) for one in own]
    if operator in ("in", "filled"):
        return or_(*(and_(one, *beside) for one in held))
    return and_(*(or_(one.is_(None), ~is_held) for one, is_held in zip(own, held, strict=True)))


def texts_clause(attribute: Any, operator: str, values: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition on a JSON list, whose text holds each value between quotes.

    Args:
        attribute: the column.
        operator: ``in`` or ``not_in``.
        values: texts; one of them is enough.
    """
    held = or_(*(attribute.contains(f'"{value}"', autoescape=True) for value in values))
    return or_(not_(held), attribute.is_(None)) if operator == "not_in" else held
