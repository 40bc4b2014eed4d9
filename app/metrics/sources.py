"""What figures are read from: cells that are held, and records beside them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    bindparam,
    false,
    func,
    inspect,
    literal,
    select,
    true,
)
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.scope import ScopeForm, scope_filter, scope_form, scope_parameters, sees_all
from app.access.scope_parts import seen_by_people_only
from app.database import AnySelect, UTCDateTime, utcnow
from app.host.measures import Measure
from app.metrics import facts
from app.metrics.cells import level_of, sums_and_changes
from app.metrics.people import seen_by_groups, sees_alone
from app.metrics.periods import ALWAYS, Period, day_bounds, split
from app.metrics.states import is_counted
from app.people.clock import local_today, local_zone
from app.statements import built_once

GROUPS = {"team": "team_id", "department": "department_id"}
"""Dimensions of records beside the person, by the column of the record."""
MONTH, DAY = "month", "day"


def groups_of(model: type[Any]) -> dict[str, str]:
    """Return the columns of team and department that a kind has, by dimension."""
    known = inspect(model).column_attrs
    return {name: column for name, column in GROUPS.items() if column in known}


@dataclasses.dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        session: any session.
        actor: who asks; records out of their scope do not count.
        period: days that count.
        origin: register, empty for own work, ``None`` for both.
        person: only records of this user; ``None`` for everybody's.
        branch: only records of this branch; ``None`` for all.
    """

    session: Session
    actor: Actor
    period: Period
    origin: str | None
    person: int | None = None
    branch: int | None = None

    def opens(self, measure: Measure) -> bool:
        """Return whether every record in question is in the actor's sight."""
        if sees_all(self.actor, measure.model):
            return True
        return (self.person is not None and self.person == self.actor.user_id
                and measure.person in getattr(measure.model, "__scope_people__", ()))


def held_among(session: Session, measures: Sequence[Measure]) -> frozenset[str]:
    """Return the measures whose counts are held."""
    return frozenset(one.name for one in measures if is_counted(session, one.name))


def cells_of(
    asked: Question, measures: Sequence[Measure], dimension: str = ""
) -> list[tuple[str, Any, int]]:
    """Return what is held of measures of one kind of record: measure, key, number.

    Args:
        asked: the question; the measures are alike in model, ``day`` and ``opens``.
        measures: whose counts are held.
        dimension: what the keys are of; without one there is one key.
    """
    months = split(asked.period).months
    if not measures or months is None:
        return []
    one = measures[0]
    every = asked.opens(one)
    form = ScopeForm(True) if every else scope_form(asked.actor, one.model)
    if not (every or form.by_team or form.by_department):
        return []
    slot = (facts.scope_slots(one.model) or {}).get(GROUPS.get(dimension, ""))
    by_month = bool(one.day) and (months != ALWAYS or dimension == MONTH)
    wanted = asked.branch if asked.person is None else asked.person
    statement = _cells(
        one.model, form, _axis(asked, dimension), level_of(every and slot is None, by_month),
        (slot or (MONTH if dimension == MONTH else "value")) if dimension else "",
        is_from=months.first is not None, is_until=months.last is not None,
        has_origin=asked.origin is not None, has_value=wanted is not None)
    values = {} if every else scope_parameters(asked.actor, one.model)
    rows = asked.session.execute(statement, {
        **values, "measures": [each.name for each in measures], "first": months.first,
        "last": months.last, "origin": asked.origin, "wanted": str(wanted)})
    return [(name, key, int(amount)) for name, key, amount in rows]


@built_once
def _cells(
    model: type[Any], form: ScopeForm, axis: str, level: int, column: str, *, is_from: bool,
    is_until: bool, has_origin: bool, has_value: bool,
) -> AnySelect:
    """Return the statement that reads what is held: measure, key, number.

    Args:
        model: kind of record.
        form: of whoever asks.
        axis: dimension of the cells.
        level: of the sums.
        column: of a cell, that holds the key; empty for one key.
        is_from: whether the months begin with the parameter ``first``.
        is_until: whether they end with ``last``.
        has_origin: whether only the register ``origin`` counts.
        has_value: whether only cells of the value ``wanted`` count.
    """
    def columns(table: Table) -> list[ColumnElement[Any]]:
        key = table.c[column] if column else literal("")
        return [table.c.measure, key.label("key"), table.c.amount]

    def conditions(table: Table) -> list[ColumnElement[bool]]:
        asked = (
            (is_from, table.c.month >= bindparam("first")),
            (is_until, table.c.month <= bindparam("last")),
            (has_origin, table.c.origin == bindparam("origin")),
            (has_value, table.c.value == bindparam("wanted")))
        return [
            table.c.measure.in_(bindparam("measures", expanding=True)), table.c.dimension == axis,
            seen_by_groups(model, form, table),
            *(condition for is_asked, condition in asked if is_asked)]

    both = sums_and_changes(columns, conditions, level)
    return (
        select(both.c.measure, both.c.key, func.sum(both.c.amount))
        .group_by(both.c.measure, both.c.key))


def is_held(asked: Question, measure: Measure, dimension: str = "") -> bool:
    """Return whether a measure's cells can answer a question, once it has been counted.

    A cell knows one dimension beside month and groups.
    """
    if dimension in GROUPS and GROUPS[dimension] not in (facts.scope_slots(measure.model) or {}):
        return False
    if asked.branch is not None and (
            asked.person is not None or dimension not in ("", MONTH, *GROUPS)):
        return False
    return dimension != DAY


def _axis(asked: Question, dimension: str) -> str:
    """Return the dimension of the cells that answer a question."""
    if asked.person is not None:
        return facts.PERSON
    if asked.branch is not None:
        return facts.BRANCH
    return facts.TOTAL if dimension in (*GROUPS, MONTH) else dimension


def records_beside(
    asked: Question, measures: Sequence[Measure], held: frozenset[str]
) -> list[tuple[list[Measure], ColumnElement[bool]]]:
    """Return what has to be counted from the records: measures, and which of the records."""
    found: list[tuple[list[Measure], ColumnElement[bool]]] = []
    parts, model = split(asked.period), measures[0].model
    unheld = [one for one in measures if one.name not in held]
    known = [one for one in measures if one.name in held]
    every = asked.opens(measures[0])
    scope = true() if every else scope_filter(asked.actor, model, indexed=False)
    found += [([one], and_(scope, *_within(one, asked.period))) for one in unheld]
    if (known and not every and parts.months is not None
            and sees_alone(asked.session, asked.actor, model)):
        by_day: dict[str, list[Measure]] = {}
        for one in known:
            by_day.setdefault(one.day, []).append(one)
        # Found by the indexes of people, so one reading serves all of them.
        found += [
            (group, and_(
                seen_by_people_only(
                    asked.actor, model, [facts.is_kept(model), *facts.flags_of(group)]),
                *_within(group[0], parts.months),
            ))
            for group in by_day.values()
        ]
    found += [([one], and_(scope, *_within(one, edge))) for one in known for edge in parts.edges]
    return found


def counted_records(asked: Question, measure: Measure) -> ColumnElement[bool]:
    """Return the condition of the records that a measure counts in answer to a question."""
    [(_, seen_of_the_period)] = records_beside(asked, [measure], frozenset())
    return and_(_is_counted(asked, measure), seen_of_the_period)


def _within(measure: Measure, period: Period) -> list[ColumnElement[bool]]:
    """Return the conditions of the records whose day is within a period."""
    if not measure.day:
        return []
    column = getattr(measure.model, measure.day)
    low, high = day_bounds(
        period.first, period.last, local_zone(), exact=isinstance(column.type, UTCDateTime))
    found = [column.is_not(None)]
    if low is not None:
        found.append(column >= low)
    if high is not None:
        found.append(column < high)
    return found


def passed_since(asked: Question, measure: Measure, first: dt.date) -> ColumnElement[bool]:
    """Return the condition of records in sight whose day or time has passed, but not before a day.

    Args:
        asked: the question; its period does not count.
        measure: with a day.
        first: the first day, in the organisation's time zone.
    """
    column = getattr(measure.model, measure.day)
    now = utcnow() if isinstance(column.type, UTCDateTime) else local_today()
    scope = true() if asked.opens(measure) else scope_filter(
        asked.actor, measure.model, indexed=False)
    return and_(scope, *_within(measure, Period(first=first)), column < now)


def _is_counted(asked: Question, measure: Measure) -> ColumnElement[bool]:
    found = [facts.as_sql(measure)]
    if asked.origin is not None and not measure.origin:
        # All records of a kind without registers are the department's own.
        found.append(true() if asked.origin == "" else false())
    elif asked.origin is not None:
        column = func.coalesce(getattr(measure.model, measure.origin), "")
        found.append(column == asked.origin if asked.origin
                     else column.not_in(measure.registers))
    if asked.person is not None:
        found.append(getattr(measure.model, measure.person) == asked.person)
    if asked.branch is not None:
        column = getattr(measure.model, facts.branch_column(measure.model))
        found.append(column == asked.branch)
    return and_(*found)


def _amount(asked: Question, measure: Measure) -> ColumnElement[int]:
    return facts.amount_as_sql(measure, asked.session.get_bind().dialect.name == "postgresql")


def counted_from_records(
    asked: Question, measures: Sequence[Measure], condition: ColumnElement[bool]
) -> dict[str, int]:
    """Count measures of one kind of record from the records that fulfil a condition."""
    if len(measures) == 1:
        [one] = measures
        number = func.sum(_amount(asked, one)) if one.amount else func.count()
        statement: AnySelect = select(number).where(_is_counted(asked, one), condition)
    else:
        statement = select(*(
            func.sum(_amount(asked, one)).filter(_is_counted(asked, one)) for one in measures
        )).where(condition)
    row = asked.session.execute(statement.select_from(measures[0].model)).one()
    return {one.name: int(number or 0) for one, number in zip(measures, row, strict=True)}


def counted_by_column(
    asked: Question, measure: Measure, column: str, condition: ColumnElement[bool]
) -> dict[Any, int]:
    """Count a measure by a column, from the records that fulfil a condition."""
    key = getattr(measure.model, column)
    number = func.sum(_amount(asked, measure)) if measure.amount else func.count()
    rows = asked.session.execute(
        select(key, number).where(_is_counted(asked, measure), condition).group_by(key)
        # Kept figures hold no group that comes to nothing, such as minutes of those done at once.
        .having(number != 0))
    return {one: int(amount or 0) for one, amount in rows}
