"""The statements of a list, built once for each shape of it.

A shape is everything of a list but values that change from one request to the next: the position
of the page, its size and the ids of the row scope are parameters. What somebody filters by belongs
to the shape, so that a saved view and the list that a screen begins with are built once. Lists
that are searched, narrowed further, or filtered by something that depends on who asks or on the
day are built for each request by the datamodel interface.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, bindparam, func, literal, select, union_all

from app.access.actor import SYSTEM, Actor
from app.access.scope import ScopeForm, scope_condition, scope_form, scope_parameters
from app.database import AnySelect
from app.jobs.hidden_rows import own_mark
from app.records.mixin import is_present
from app.screens.query.filters import OF_THE_ACTOR, FilterCondition, clauses
from app.screens.query.keyset import Order, Position, seek
from app.screens.query.list_query import ListQuery
from app.statements import built_once


@dataclasses.dataclass(frozen=True, slots=True)
class ListShape:
    """What two requests share whose lists differ in nothing but parameters.

    Attributes:
        model: mapped class.
        conditions: filters, none of which depends on who asks or when.
        scope: form of the row scope.
        zone: time zone in which days of the filters begin.
        mark: of the import under way, whose rows its own process sees; ``None`` without one.
    """

    model: type[Any]
    conditions: tuple[FilterCondition, ...]
    scope: ScopeForm
    zone: dt.tzinfo
    mark: dt.datetime | None


def shape_of(
    model: type[Any], query: ListQuery, person: Actor, zone: dt.tzinfo
) -> ListShape | None:
    """Return the shape of a list, or ``None`` where it has to be built for the request.

    Args:
        model: mapped class.
        query: what is asked for.
        person: who asks.
        zone: time zone in which days begin.
    """
    if query.search or query.excluded or not all(map(_lasts, query.conditions)):
        return None
    return ListShape(model, query.conditions, scope_form(person, model), zone, own_mark())


def _lasts(condition: FilterCondition) -> bool:
    """Return whether a filter means the same for everybody on every day."""
    column = condition.column
    if column.has_several or column.made_for or condition.operator == "period":
        return False
    if column.kind != "relation":
        return True
    return not set(OF_THE_ACTOR.get(column.related.__tablename__, ())).intersection(
        condition.values)


@built_once
def page_statements(
    shape: ListShape, shown: tuple[ColumnElement[Any], ...], order: Order, *, backward: bool,
    start: type[Any] | None, indexed: bool,
) -> tuple[AnySelect, ...]:
    """Return the statements that give a page in turn: key, sort value and the columns.

    Args:
        shape: of the list.
        shown: SQL of the columns.
        order: how it is sorted.
        backward: see ``seek``.
        start: where the page begins: ``None`` at the end of the list, ``Position`` behind a row
            with a sort value, ``object`` behind one without.
        indexed: whether rows are found by the scope.
    """
    column = order.column.attribute
    base = select(
        _key(shape.model).label("id"), column.label("sort"),
        *[value.label(f"c{place}") for place, value in enumerate(shown)],
    ).where(*_conditions(shape, indexed))
    # Who sees all rows finds none by the scope: the order of the list is the shortest way.
    few = indexed and not shape.scope.sees_all
    position = None
    if start is not None:
        value = bindparam("after_value", type_=column.type) if start is Position else None
        position = Position(value, bindparam("after_key", type_=_key(shape.model).type))
    return tuple(statement.limit(bindparam("most"))
                 for statement in seek(base, order, position, backward, few=few))


@built_once
def lanes_statement(
    shape: ListShape, shown: tuple[ColumnElement[Any], ...], order: Order, lane: Any,
    values: tuple[str, ...],
) -> AnySelect | CompoundSelect[Any]:
    """Return the statement that gives the first rows of each column of a board.

    A row is the place of its value, key, sort value and the columns; the parameter ``most`` limits
    the rows of each value.

    Args:
        shape: of the list.
        shown: SQL of the columns of a card.
        order: how cards are sorted.
        lane: the attribute by whose values the board is parted.
        values: its values, in order.
    """
    column = order.column.attribute
    wanted = [_key(shape.model).label("id"), column.label("sort"),
              *[value.label(f"c{place}") for place, value in enumerate(shown)]]
    return lanes_of(
        select(*wanted).where(*_conditions(shape, indexed=False)), order, lane, values,
        bindparam("most"))


def lanes_of(
    rows: AnySelect, order: Order, lane: Any, values: Sequence[str], most: Any
) -> AnySelect | CompoundSelect[Any]:
    """Return the statement with the first rows for each value of a column.

    Args:
        rows: all rows of the list.
        order: how they are sorted.
        lane: the column.
        values: its values; at least one.
        most: most rows for a value.
    """
    attribute = order.column.attribute
    ordering: list[Any] = [attribute.is_(None)] if order.column.nullable else []
    ordering += [attribute.desc(), order.key.desc()] if order.descending else [attribute, order.key]
    parts = []
    for place, value in enumerate(values):
        own = rows.where(lane == value).order_by(*ordering).limit(most).subquery()
        parts.append(select(literal(place).label("lane"), *own.c))
    return union_all(*parts)


@built_once
def count_statement(shape: ListShape, *, indexed: bool, capped: bool) -> AnySelect:
    """Return the statement that counts the rows of a list.

    Args:
        shape: of the list.
        indexed: whether rows are found by the scope.
        capped: whether it counts no further than the parameter ``most``.
    """
    inner = select(literal(1)).select_from(shape.model).where(*_conditions(shape, indexed))
    if capped:
        inner = inner.limit(bindparam("most"))
    return select(func.count()).select_from(inner.subquery())


def parameters(
    person: Actor, model: type[Any], most: int | None, position: Position | None = None
) -> dict[str, Any]:
    """Return the parameters of the statements above.

    Args:
        person: who asks.
        model: mapped class.
        most: most rows read or counted.
        position: where a page begins.
    """
    found = {"most": most, **scope_parameters(person, model)}
    if position is not None:
        found |= {"after_value": position.value, "after_key": position.key}
    return found


def start_of(position: Position | None) -> type[Any] | None:
    """Return the argument ``start`` of ``page_statements`` for a position."""
    if position is None:
        return None
    return object if position.value is None else Position


def _conditions(shape: ListShape, indexed: bool) -> list[ColumnElement[bool]]:
    found = [scope_condition(shape.model, shape.scope, indexed=indexed)]
    if "deleted_at" in shape.model.__mapper__.columns:
        found.append(is_present(shape.model))
    return found + clauses(shape.conditions, SYSTEM, shape.zone)


def _key(model: type[Any]) -> Any:
    return getattr(model, model.__mapper__.primary_key[0].name)
