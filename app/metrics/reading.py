"""Reading figures with the rights of whoever asks.

Whole months come from what is held: of all records, or of the groups that somebody sees. The days
beside them, and what somebody sees for other reasons than a group, are counted from the records,
which are few then.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, func, or_, select, true, union_all
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.scope import groups_seen, scope_filter, seen_by_people_only, sees_all
from app.database import UTCDateTime
from app.host.measures import Measure, Metric
from app.metrics import facts
from app.metrics.models import (
    BY_GROUP,
    BY_GROUP_AND_MONTH,
    BY_MONTH,
    WHOLE,
    MetricChange,
    MetricSum,
)
from app.metrics.periods import ALWAYS, Period, split
from app.metrics.rebuilding import definitions
from app.people.clock import local_zone

GROUPS = {"team": "team_id", "department": "department_id"}
"""Dimensions of every measure beside the person, by the column of the record."""
DAY, MONTH = "day", "month"


@dataclasses.dataclass(frozen=True, slots=True)
class _Question:
    """What is asked.

    Attributes:
        session: any session.
        actor: who asks; records out of their scope do not count.
        period: days that count.
        origin: register, empty for own work, ``None`` for both.
        person: only records of this user; ``None`` for everybody's.
    """

    session: Session
    actor: Actor
    period: Period
    origin: str | None
    person: int | None = None

    def opens(self, measure: Measure) -> bool:
        """Return whether every record in question is in the actor's sight."""
        if sees_all(self.actor, measure.model):
            return True
        return (self.person is not None and self.person == self.actor.user_id
                and measure.person in getattr(measure.model, "__scope_people__", ()))


@dataclasses.dataclass(frozen=True, slots=True)
class Figure:
    """A metric of a period, and of a person where one was asked for.

    Attributes:
        numerator: what was counted or added up.
        denominator: what it is a share of, or the number of records that were added up; ``None``
            for a plain count.
        value: the count, the share in percent, or the mean; ``None`` of nothing.
    """

    numerator: int
    denominator: int | None
    value: float | None


def count(
    session: Session, actor: Actor, measure: Measure, period: Period = ALWAYS, *,
    origin: str | None = None, person: int | None = None,
) -> int:
    """Return how many records a measure counts that an actor may see, or what they add up to.

    Args:
        session: any session.
        actor: who asks; records out of their scope do not count.
        measure: what is counted.
        period: days that count; a measure without a day has no period.
        origin: only records of this register, empty for own work; ``None`` for both.
        person: only records that count for this user; ``None`` for all.

    Raises:
        ValueError: a period is given for a measure without a day, an origin for one without, or a
            person for one that counts for nobody.
    """
    return counts(session, actor, [measure], period, origin=origin, person=person)[measure.name]


def counts(
    session: Session, actor: Actor, measures: Sequence[Measure], period: Period = ALWAYS, *,
    origin: str | None = None, person: int | None = None,
) -> dict[str, int]:
    """Return several counts by name of the measure; arguments as for ``count``.

    Measures of one kind of record are read together.
    """
    _require_fitting(measures, period, origin, person)
    asked = _Question(session, actor, period, origin, person)
    held, found = _held(session, measures), Counter[str]()
    for group in _together(measures, asked):
        known = [one for one in group if one.name in held]
        found.update(_held_by(asked, known, "measure"))
        for names, condition in _besides(asked, group, held):
            found.update(_counted(asked, names, condition))
    return {one.name: found[one.name] for one in measures}


def count_by(
    session: Session, actor: Actor, measure: Measure, dimension: str, period: Period = ALWAYS, *,
    origin: str | None = None,
) -> dict[Any, int]:
    """Return counts along a dimension; arguments as for ``count``.

    Args:
        dimension: ``month``, ``day``, ``person``, ``team``, ``department`` or a dimension of the
            measure; days are counted from the records.

    Returns:
        Counts above 0: by the first day for ``month``, by date for ``day``, by key (``None`` for
        nobody) for person, team and department, and by value as text (empty for none) for the
        measure's own.

    Raises:
        LookupError: the measure has no such dimension.
        ValueError: as for ``count``.
    """
    _require_fitting([measure], period, origin, None)
    column = _column(measure, dimension)
    asked = _Question(session, actor, period, origin)
    held = _held(session, [measure]) if _is_held_by(measure, dimension) else frozenset()
    found: Counter[Any] = Counter()
    if held:
        for key, number in _held_by(
            asked, [measure], _place(measure, dimension), dimension).items():
            found[_key_of_cell(key, dimension)] += number
    for _, condition in _besides(asked, [measure], held):
        for key, number in _counted_by(asked, measure, column, condition).items():
            found[_key_of_record(key, dimension, measure)] += number
    return {key: number for key, number in found.items() if number}


def value(
    session: Session, actor: Actor, metric: Metric, period: Period = ALWAYS, *,
    origin: str | None = None, person: int | None = None,
) -> float | None:
    """Return a metric: a count, a share of 100 or a mean; arguments as for ``count``.

    Returns:
        ``None`` for a share or a mean of nothing.
    """
    return figures(session, actor, [metric], period, origin=origin, person=person)[
        metric.name].value


def figures(
    session: Session, actor: Actor, metrics: Sequence[Metric], period: Period = ALWAYS, *,
    origin: str | None = None, person: int | None = None,
) -> dict[str, Figure]:
    """Return several metrics by name; arguments as for ``count``."""
    wanted = {one.name: one for metric in metrics for one in metric.measures}
    found = counts(session, actor, list(wanted.values()), period, origin=origin, person=person)
    return {metric.name: figure_of(metric, found) for metric in metrics}


def figure_of(metric: Metric, found: Mapping[str, int]) -> Figure:
    """Return a metric from counts of its measures.

    Args:
        metric: the metric.
        found: counts by name of the measure; those that are missing are 0.
    """
    number = found.get(metric.numerator.name, 0)
    if metric.denominator is None:
        return Figure(number, None, number)
    whole = found.get(metric.denominator.name, 0)
    if not whole:
        return Figure(number, whole, None)
    return Figure(number, whole, number / whole if metric.is_mean else 100 * number / whole)


def _require_fitting(
    measures: Iterable[Measure], period: Period, origin: str | None, person: int | None
) -> None:
    for measure in measures:
        if not measure.day and period != ALWAYS:
            raise ValueError(f"{measure.name} is a figure of the present and has no period")
        if origin is not None and origin not in ("", *measure.registers):
            raise ValueError(f"{measure.name} knows no register {origin!r}")
        if person is not None and not measure.person:
            raise ValueError(f"{measure.name} counts for nobody")


def _together(measures: Sequence[Measure], asked: _Question) -> list[list[Measure]]:
    """Return measures in groups that one statement reads from what is held."""
    groups: dict[Any, list[Measure]] = {}
    for measure in measures:
        groups.setdefault(
            (measure.model, bool(measure.day), asked.opens(measure)), []).append(measure)
    return list(groups.values())


def _column(measure: Measure, dimension: str) -> str:
    """Return the column of the record that a dimension counts by."""
    known = {**GROUPS, facts.PERSON: measure.person, DAY: measure.day, MONTH: measure.day,
             **measure.dimensions}
    if not known.get(dimension):
        raise LookupError(f"{measure.name} is not counted by {dimension}")
    return known[dimension]


def _is_held_by(measure: Measure, dimension: str) -> bool:
    if dimension in GROUPS:
        return GROUPS[dimension] in (facts.scope_slots(measure.model) or {})
    return dimension != DAY


def _place(measure: Measure, dimension: str) -> str:
    """Return the column of cells that holds the keys of a dimension."""
    if dimension in GROUPS:
        return (facts.scope_slots(measure.model) or {})[GROUPS[dimension]]
    return MONTH if dimension == MONTH else "value"


def _held(session: Session, measures: Sequence[Measure]) -> frozenset[str]:
    """Return the measures whose counts are held."""
    known = definitions(session)
    return frozenset(
        measure.name for measure in measures
        if facts.scope_slots(measure.model) is not None
        and known.get(measure.name) == facts.definition_of(measure, local_zone()))


def _held_by(
    asked: _Question, measures: Sequence[Measure], column: str, dimension: str = facts.TOTAL
) -> dict[Any, int]:
    """Return what is held of measures of one kind of record, by a column of the cells."""
    months = split(asked.period).months
    if not measures or months is None:
        return {}
    every = asked.opens(measures[0])
    groups = {} if every else groups_seen(asked.actor, measures[0].model)
    if not every and not groups:
        return {}
    axis = dimension if dimension in (facts.PERSON, *measures[0].dimensions) else facts.TOTAL
    if asked.person is not None:
        axis = facts.PERSON
    level = _level(every and column not in ("team_1", "department_1", "department_2"),
                   bool(measures[0].day) and (months != ALWAYS or column == MONTH))
    names = [one.name for one in measures]
    parts = []
    for table in (MetricSum.__table__, MetricChange.__table__):
        conditions = [
            table.c.measure.in_(names), table.c.dimension == axis,
            *_of_days(table.c.month, months), _of_groups(measures[0], table, groups, every),
            true() if asked.origin is None else table.c.origin == asked.origin,
            true() if asked.person is None else table.c.value == str(asked.person)]
        if table is MetricSum.__table__:
            conditions.append(table.c.level == level)
        parts.append(select(table.c[column].label("key"), table.c.amount.label("amount"))
                     .where(*conditions))
    # One statement, so that a change on its way to the sums is seen once.
    both = union_all(*parts).subquery()
    rows = asked.session.execute(
        select(both.c.key, func.sum(both.c.amount)).group_by(both.c.key))
    return {key: int(amount) for key, amount in rows}


def _level(every: bool, by_month: bool) -> int:
    if every:
        return BY_MONTH if by_month else WHOLE
    return BY_GROUP_AND_MONTH if by_month else BY_GROUP


def _of_groups(
    measure: Measure, table: Table, groups: Mapping[str, frozenset[int]], every: bool
) -> ColumnElement[bool]:
    if every:
        return true()
    slots = facts.scope_slots(measure.model) or {}
    return or_(*(table.c[slots[column]].in_(sorted(keys)) for column, keys in groups.items()))


def _besides(
    asked: _Question, measures: Sequence[Measure], held: frozenset[str]
) -> list[tuple[list[Measure], ColumnElement[bool]]]:
    """Return what has to be counted from the records: measures, and which of the records."""
    found: list[tuple[list[Measure], ColumnElement[bool]]] = []
    parts, model = split(asked.period), measures[0].model
    unheld = [one for one in measures if one.name not in held]
    known = [one for one in measures if one.name in held]
    every = asked.opens(measures[0])
    scope = true() if every else scope_filter(asked.actor, model, indexed=False)
    found += [([one], and_(scope, *_within(one, asked.period))) for one in unheld]
    if known and not every and parts.months is not None:
        people = seen_by_people_only(asked.actor, model)
        by_day: dict[str, list[Measure]] = {}
        for one in known:
            by_day.setdefault(one.day, []).append(one)
        # Found by the indexes of people, so one reading serves all of them.
        found += [(group, and_(people, *_within(group[0], parts.months)))
                  for group in by_day.values()]
    found += [([one], and_(scope, *_within(one, edge))) for one in known for edge in parts.edges]
    return found


def _within(measure: Measure, period: Period) -> list[ColumnElement[bool]]:
    """Return the conditions of the records whose day is within a period."""
    if not measure.day:
        return []
    column, zone = getattr(measure.model, measure.day), local_zone()
    found = [column.is_not(None)]
    if not isinstance(column.type, UTCDateTime):
        return found + _of_days(column, period)
    if period.first is not None:
        found.append(column >= dt.datetime.combine(period.first, dt.time(), zone))
    if period.last is not None:
        after = period.last + dt.timedelta(days=1)
        found.append(column < dt.datetime.combine(after, dt.time(), zone))
    return found


def _of_days(column: Any, period: Period) -> list[ColumnElement[bool]]:
    found = []
    if period.first is not None:
        found.append(column >= period.first)
    if period.last is not None:
        found.append(column <= period.last)
    return found


def _is_counted(asked: _Question, measure: Measure) -> ColumnElement[bool]:
    found = [facts.as_sql(measure)]
    if asked.origin is not None:
        column = func.coalesce(getattr(measure.model, measure.origin), "")
        found.append(column == asked.origin if asked.origin
                     else column.not_in(measure.registers))
    if asked.person is not None:
        found.append(getattr(measure.model, measure.person) == asked.person)
    return and_(*found)


def _amount(asked: _Question, measure: Measure) -> ColumnElement[int]:
    return facts.amount_as_sql(measure, asked.session.get_bind().dialect.name == "postgresql")


def _counted(
    asked: _Question, measures: Sequence[Measure], condition: ColumnElement[bool]
) -> dict[str, int]:
    """Count measures of one kind of record from the records that fulfil a condition."""
    if len(measures) == 1:
        [one] = measures
        number = func.sum(_amount(asked, one)) if one.amount else func.count()
        statement: Select[Any] = select(number).where(_is_counted(asked, one), condition)
    else:
        statement = select(*(
            func.sum(_amount(asked, one)).filter(_is_counted(asked, one)) for one in measures
        )).where(condition)
    row = asked.session.execute(statement.select_from(measures[0].model)).one()
    return {one.name: int(number or 0) for one, number in zip(measures, row, strict=True)}


def _counted_by(
    asked: _Question, measure: Measure, column: str, condition: ColumnElement[bool]
) -> dict[Any, int]:
    key = getattr(measure.model, column)
    number = func.sum(_amount(asked, measure)) if measure.amount else func.count()
    rows = asked.session.execute(
        select(key, number).where(_is_counted(asked, measure), condition).group_by(key))
    return {one: int(amount or 0) for one, amount in rows}


def _key_of_cell(key: Any, dimension: str) -> Any:
    if dimension == facts.PERSON:
        return int(key) if key else None
    return key or None if dimension in GROUPS else key


def _key_of_record(key: Any, dimension: str, measure: Measure) -> Any:
    if dimension in measure.dimensions:
        return facts.written(key)
    if dimension == MONTH:
        return facts.month_of(key, local_zone())
    return key.astimezone(local_zone()).date() if isinstance(key, dt.datetime) else key
