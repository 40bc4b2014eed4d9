"""Reading figures with the rights of whoever asks."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, func, select, true, union_all
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.scope import scope_filter, sees_all
from app.database import UTCDateTime
from app.host.measures import Measure, Metric
from app.metrics import facts
from app.metrics.folding import definitions
from app.metrics.models import MetricChange, MetricSum
from app.people.clock import local_zone

STANDARD = {"person": "owner_id", "team": "team_id", "department": "department_id"}
"""Dimensions of every measure, by the column of the record."""
DAY = "day"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days of a period in the organisation's time zone; both ends included, ``None`` is open."""

    first: dt.date | None = None
    last: dt.date | None = None

    def before(self) -> Period | None:
        """Return the period of the same number of days before; ``None`` of an open one."""
        if self.first is None or self.last is None:
            return None
        days = self.last - self.first + dt.timedelta(days=1)
        return Period(first=self.first - days, last=self.last - days)


ALWAYS = Period()


def count(
    session: Session, actor: Actor, measure: Measure, period: Period = ALWAYS, *,
    origin: str | None = None,
) -> int:
    """Return how many records a measure counts that an actor may see.

    Args:
        session: any session.
        actor: who asks; records out of their scope do not count.
        measure: what is counted.
        period: days that count; a measure without a day has no period.
        origin: only records of this register, empty for own work; ``None`` for both.

    Raises:
        ValueError: a period is given for a measure without a day, or an origin for one without.
    """
    return counts(session, actor, [measure], period, origin=origin)[measure.name]


def counts(
    session: Session, actor: Actor, measures: Sequence[Measure], period: Period = ALWAYS, *,
    origin: str | None = None,
) -> dict[str, int]:
    """Return several counts by name of the measure; arguments as for ``count``.

    Measures of one kind of record that have been counted are read in one statement.
    """
    _require_fitting(measures, period, origin)
    held, found = _held(session, actor, measures), {}
    by_model: dict[type[Any], list[Measure]] = {}
    for measure in measures:
        if measure.name in held:
            by_model.setdefault(measure.model, []).append(measure)
        else:
            found[measure.name] = session.scalar(
                select(func.count()).select_from(measure.model)
                .where(*_conditions(actor, measure, period, origin))) or 0
    for model, group in by_model.items():
        rows = _sums(session, actor, model, [one.name for one in group], facts.TOTAL, "measure",
                     period, origin)
        found |= {one.name: rows.get(one.name, 0) for one in group}
    return found


def count_by(
    session: Session, actor: Actor, measure: Measure, dimension: str, period: Period = ALWAYS, *,
    origin: str | None = None,
) -> dict[Any, int]:
    """Return counts along a dimension; arguments as for ``count``.

    Args:
        dimension: ``day``, ``person``, ``team``, ``department`` or a dimension of the measure.

    Returns:
        Counts above 0: by date for ``day``, by key (``None`` for nobody) for the three that every
        record has, and by value as text (empty for none) for the measure's own.

    Raises:
        LookupError: the measure has no such dimension.
        ValueError: as for ``count``.
    """
    _require_fitting([measure], period, origin)
    if dimension not in {DAY, *STANDARD, *measure.dimensions}:
        raise LookupError(f"{measure.name} is not counted by {dimension}")
    if measure.name not in _held(session, actor, [measure]):
        return _counted_by(session, actor, measure, dimension, period, origin)
    slots = facts.scope_slots(measure.model) or {}
    column = DAY if dimension == DAY else slots.get(STANDARD.get(dimension, ""), "value")
    if dimension in STANDARD and column == "value":
        return _counted_by(session, actor, measure, dimension, period, origin)
    axis = dimension if dimension in measure.dimensions else facts.TOTAL
    rows = _sums(session, actor, measure.model, [measure.name], axis, column, period, origin)
    if dimension in STANDARD and axis == facts.TOTAL:
        return {key or None: number for key, number in rows.items() if number}
    return {key: number for key, number in rows.items() if number}


def value(
    session: Session, actor: Actor, metric: Metric, period: Period = ALWAYS, *,
    origin: str | None = None,
) -> float | None:
    """Return a metric: a count, or a share of 100; arguments as for ``count``.

    Returns:
        ``None`` for a share of nothing.
    """
    found = counts(session, actor, metric.measures, period, origin=origin)
    number = found[metric.numerator.name]
    if metric.denominator is None:
        return number
    whole = found[metric.denominator.name]
    return 100 * number / whole if whole else None


def _require_fitting(measures: Sequence[Measure], period: Period, origin: str | None) -> None:
    for measure in measures:
        if not measure.day and period != ALWAYS:
            raise ValueError(f"{measure.name} is a figure of the present and has no period")
        if origin is not None and origin not in ("", *measure.registers):
            raise ValueError(f"{measure.name} knows no register {origin!r}")


def _held(session: Session, actor: Actor, measures: Sequence[Measure]) -> set[str]:
    """Return the measures whose counts are held and can be cut by what the actor may see."""
    known = definitions(session)
    return {
        measure.name for measure in measures
        if known.get(measure.name) == facts.definition_of(measure, local_zone())
        and (facts.scope_slots(measure.model) is not None or sees_all(actor, measure.model))
    }


def _sums(
    session: Session, actor: Actor, model: type[Any], names: Sequence[str], axis: str,
    column: str, period: Period, origin: str | None,
) -> dict[Any, int]:
    found: Counter[Any] = Counter()
    parts = [
        select(table.c[column].label("key"), table.c.amount.label("amount")).where(
            table.c.measure.in_(names), table.c.dimension == axis,
            _in_scope(actor, model, table), *_of_days(table.c.day, period),
            true() if origin is None else table.c.origin == origin)
        for table in (MetricSum.__table__, MetricChange.__table__)
    ]
    # One statement, so that a change on its way to the sums is seen once.
    both = union_all(*parts).subquery()
    for key, amount in session.execute(
        select(both.c.key, func.sum(both.c.amount)).group_by(both.c.key)
    ):
        found[key] += int(amount)
    return dict(found)


def _in_scope(actor: Actor, model: type[Any], table: Table) -> ColumnElement[bool]:
    slots = facts.scope_slots(model) or {}
    return scope_filter(actor, model, columns={
        name: table.c[place] for name, place in slots.items()})


def _of_days(column: Any, period: Period) -> list[ColumnElement[bool]]:
    found = []
    if period.first is not None:
        found.append(column >= period.first)
    if period.last is not None:
        found.append(column <= period.last)
    return found


def _conditions(
    actor: Actor, measure: Measure, period: Period, origin: str | None
) -> list[ColumnElement[bool]]:
    model = measure.model
    found = [facts.as_sql(measure), scope_filter(actor, model, indexed=False)]
    if measure.day:
        column, zone = getattr(model, measure.day), local_zone()
        found.append(column.is_not(None))
        if isinstance(column.type, UTCDateTime):
            if period.first is not None:
                found.append(column >= dt.datetime.combine(period.first, dt.time(), zone))
            if period.last is not None:
                after = period.last + dt.timedelta(days=1)
                found.append(column < dt.datetime.combine(after, dt.time(), zone))
        else:
            found += _of_days(column, period)
    if origin is not None:
        column = func.coalesce(getattr(model, measure.origin), "")
        found.append(column == origin if origin else column.not_in(measure.registers))
    return found


def _counted_by(
    session: Session, actor: Actor, measure: Measure, dimension: str, period: Period,
    origin: str | None,
) -> dict[Any, int]:
    """Count along a dimension from the records themselves."""
    name = {**STANDARD, **measure.dimensions, DAY: measure.day}[dimension]
    column = getattr(measure.model, name)
    rows = session.execute(
        select(column, func.count()).where(*_conditions(actor, measure, period, origin))
        .group_by(column))
    found: Counter[Any] = Counter()
    for key, number in rows:
        found[_key_of(key, dimension, measure)] += number
    return dict(found)


def _key_of(key: Any, dimension: str, measure: Measure) -> Any:
    if dimension in measure.dimensions:
        return facts.written(key)
    return key.astimezone(local_zone()).date() if isinstance(key, dt.datetime) else key

