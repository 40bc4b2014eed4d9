"""Filters of a list as measures have them, so that figures that are held can count the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.jobs.hidden_rows import own_mark
from app.metrics.counted_lists import MONTHS, OF_PERSON, ListCondition
from app.metrics.list_counts import list_counts
from app.metrics.periods import Period, split
from app.screens.query.filters import (
    TRUE,
    BadFilter,
    FilterCondition,
    asked_days,
    members,
)
from app.screens.query.list_query import ListQuery
from app.screens.query.multi_value_filters import own_columns
from app.web.formats import zone

_WITHOUT_VALUES, _DAYS = ("empty", "filled"), ("period", "on", "between")


def held_numbers(
    session: Session, model: type[Any], queries: Sequence[ListQuery], person: Actor,
    cap: int | None,
) -> list[int | None]:
    """Return how many rows lists have, as far as a measure counts them.

    Args:
        session: any session.
        model: mapped class.
        queries: the lists.
        person: who asks; their scope holds.
        cap: how far it is counted; ``None`` counts all.

    Returns:
        The number for each list, or any number above the cap; ``None`` where it is not held.
    """
    return list_counts(
        session, person, model, [_conditions(model, query, person) for query in queries], cap)


def _conditions(
    model: type[Any], query: ListQuery, person: Actor
) -> list[ListCondition] | None:
    """Return the filters of a list as measures have them; ``None`` where they know no such filter.

    An import under way sees rows that nobody counts.
    """
    if query.search or own_mark() is not None:
        return None
    conditions = [*query.conditions, *(_turned(one) for one in query.excluded)]
    if len(query.excluded) > 1:
        return None
    found = [_as_held(model, one, person) for one in conditions if one is not None]
    if len(found) < len(conditions) or None in found:
        return None
    return [one for one in found if one is not None]


def _turned(condition: FilterCondition) -> FilterCondition | None:
    """Return the filter that keeps just the rows which another one leaves out."""
    column = condition.column
    if column.kind != "boolean" or column.nullable or condition.operator != "is":
        return None
    value = "false" if condition.values[0] in TRUE else "true"
    return FilterCondition(column, "is", (value,))


def _as_held(
    model: type[Any], condition: FilterCondition, person: Actor
) -> ListCondition | None:
    column, operator = condition.column, condition.operator
    if column.has_several:
        return _of_person(model, condition, person)
    name = getattr(column.attribute, "key", "")
    if (column.made_for is not None or column.is_many or name not in model.__mapper__.columns
            or column.attribute is not getattr(model, name)):
        return None
    if operator in _WITHOUT_VALUES:
        return ListCondition(name, operator)
    if column.kind == "boolean" and operator == "is":
        return ListCondition(
            name, operator, frozenset({"true" if condition.values[0] in TRUE else "false"}))
    if operator in _DAYS:
        days = _whole_months(condition)
        return None if days is None else ListCondition(name, MONTHS, days)
    if column.kind in ("choice", "relation") and operator == "in":
        keys = _keys(condition, person)
        return None if keys is None else ListCondition(name, operator, keys)
    return None


def _whole_months(condition: FilterCondition) -> frozenset[str] | None:
    """Return the first and the last day that a filter asks for, where these are whole months."""
    try:
        days = asked_days(condition, zone())
    except BadFilter:
        return None
    first, last = days or (None, None)
    if first is None or last is None:
        return None
    parts = split(Period(first=first, last=last))
    if parts.months is None or parts.edges:
        return None
    return frozenset({first.isoformat(), last.isoformat()})


def _of_person(
    model: type[Any], condition: FilterCondition, person: Actor
) -> ListCondition | None:
    """Return "what I work on" where the column stands for all people by whom a record is seen."""
    names = {one.key for one in own_columns(condition.column)}
    if condition.operator != "in" or names != set(getattr(model, "__scope_people__", ())):
        return None
    keys = _keys(condition, person)
    return ListCondition("", OF_PERSON, keys) if keys else None


def _keys(condition: FilterCondition, person: Actor) -> frozenset[str] | None:
    try:
        return frozenset(str(key) for value in condition.values
                         for key in members(value, condition.column, person))
    except BadFilter:
        return None
