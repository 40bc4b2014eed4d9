"""Counting measures with the rights of whoever asks.

Whole months come from what is held: of all records, or of the groups that somebody sees. The days
beside them, and what somebody sees for other reasons than a group, are counted from the records,
which are few then.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.host.measures import Measure
from app.metrics import facts
from app.metrics.periods import ALWAYS, Period
from app.metrics.sources import (
    DAY,
    GROUPS,
    MONTH,
    Question,
    cells_of,
    counted_by_column,
    counted_from_records,
    groups_of,
    held_among,
    is_held,
    passed_since,
    records_beside,
)
from app.people.clock import local_today, local_zone


def count(
    session: Session, actor: Actor, measure: Measure, period: Period = ALWAYS, *,
    origin: str | None = None, person: int | None = None, branch: int | None = None,
) -> int:
    """Return how many records a measure counts that an actor may see, or what they add up to.

    Args:
        session: any session.
        actor: who asks; records out of their scope do not count.
        measure: what is counted.
        period: days that count; a measure without a day has no period.
        origin: only records of this register, empty for own work; ``None`` for both.
        person: only records that count for this user; ``None`` for all.
        branch: only records of this branch; ``None`` for all.

    Raises:
        ValueError: a period is given for a measure without a day, an origin for one without, a
            person for one that counts for nobody, or a branch for a kind without branches.
    """
    found = counts(session, actor, [measure], period, origin=origin, person=person, branch=branch)
    return found[measure.name]


def counts(
    session: Session, actor: Actor, measures: Sequence[Measure], period: Period = ALWAYS, *,
    origin: str | None = None, person: int | None = None, branch: int | None = None,
) -> dict[str, int]:
    """Return several counts by name of the measure.

    Measures of one kind of record are read together.

    Args:
        session: any session.
        actor: who asks; their rights and scope hold.
        measures: what is counted.
        period: from when to when.
        origin: own work, imported, or both.
        person: primary key of a user whose work alone counts.
        branch: only records of this branch; ``None`` for all.
    """
    _require_fitting(measures, period, origin, person)
    asked = _question(session, actor, measures, period, origin, person, branch)
    known = [one for one in measures if is_held(asked, one)]
    held, found = held_among(session, known), Counter[str]()
    for group in _together(measures, asked):
        for name, _, number in cells_of(asked, [one for one in group if one.name in held]):
            found[name] += number
        for beside, condition in records_beside(asked, group, held):
            found.update(counted_from_records(asked, beside, condition))
    return {one.name: found[one.name] for one in measures}


def counts_before_now(
    session: Session, actor: Actor, measures: Sequence[Measure]
) -> dict[str, int]:
    """Return counts of records whose day or time has passed, e.g. those that are overdue.

    No record changes when its time has come, so only the months before this one are held; this
    month's records are counted by the index of the day.

    Args:
        session: any session.
        actor: who asks; their rights and scope hold.
        measures: what is counted, each with a day.

    Returns:
        Counts by name of the measure.

    Raises:
        ValueError: a measure has no day.
    """
    for measure in measures:
        if not measure.day:
            raise ValueError(f"{measure.name} has no day that passes")
    begin = local_today().replace(day=1)
    earlier = Period(last=begin - dt.timedelta(days=1))
    found = Counter(counts(session, actor, measures, earlier))
    asked = Question(session, actor, ALWAYS, origin=None)
    for measure in measures:
        condition = passed_since(asked, measure, begin)
        found.update(counted_from_records(asked, [measure], condition))
    return {one.name: found[one.name] for one in measures}


def count_by(
    session: Session, actor: Actor, measure: Measure, dimension: str, period: Period = ALWAYS, *,
    origin: str | None = None, branch: int | None = None,
) -> dict[Any, int]:
    """Return counts along a dimension.

    Args:
        session: any session.
        actor: who asks; their rights and scope hold.
        measure: what is counted.
        dimension: ``month``, ``day``, ``person``, ``team``, ``department``, for kinds of record
            with a branch ``branch``, or a dimension of the measure; days are counted from the
            records.
        period: from when to when.
        origin: own work, imported, or both.
        branch: only records of this branch; ``None`` for all.

    Returns:
        Counts above 0: by the first day for ``month``, by date for ``day``, by key (``None`` for
        nobody) for person, team, department and branch, and by value as text (empty for none) for
        the measure's own.

    Raises:
        LookupError: the measure has no such dimension.
        ValueError: as for ``count``.
    """
    found = counts_by(session, actor, [measure], dimension, period, origin=origin, branch=branch)
    return found[measure.name]


def counts_by(
    session: Session, actor: Actor, measures: Sequence[Measure], dimension: str,
    period: Period = ALWAYS, *, origin: str | None = None, branch: int | None = None,
) -> dict[str, dict[Any, int]]:
    """Return what ``count_by`` returns of several measures, by name of the measure.

    Measures of one kind of record are read together.

    Args:
        session: any session.
        actor: who asks; their rights and scope hold.
        measures: what is counted.
        dimension: see ``count_by``.
        period: from when to when.
        origin: own work, imported, or both.
        branch: only records of this branch; ``None`` for all.
    """
    _require_fitting(measures, period, origin, None)
    columns = {one.name: _column(one, dimension) for one in measures}
    asked = _question(session, actor, measures, period, origin, None, branch)
    known = held_among(session, [one for one in measures if is_held(asked, one, dimension)])
    found: dict[str, Counter[Any]] = {one.name: Counter() for one in measures}
    for group in _together(measures, asked):
        held = [one for one in group if one.name in known]
        for name, key, number in cells_of(asked, held, dimension):
            found[name][_key_of_cell(key, dimension)] += number
        for beside, condition in records_beside(asked, group, known):
            for one in beside:
                numbers = counted_by_column(asked, one, columns[one.name], condition)
                for key, number in numbers.items():
                    found[one.name][_key_of_record(key, dimension, one)] += number
    return {name: {key: number for key, number in numbers.items() if number}
            for name, numbers in found.items()}


def _question(
    session: Session, actor: Actor, measures: Iterable[Measure], period: Period,
    origin: str | None, person: int | None, branch: int | None,
) -> Question:
    for measure in measures:
        if branch is not None and not facts.branch_column(measure.model):
            raise ValueError(f"{measure.name} counts records without a branch")
    return Question(session, actor, period, origin, person, branch)


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


def _together(measures: Sequence[Measure], asked: Question) -> list[list[Measure]]:
    """Return measures in groups that one statement reads from what is held."""
    groups: dict[Any, list[Measure]] = {}
    for measure in measures:
        groups.setdefault(
            (measure.model, bool(measure.day), asked.opens(measure)), []).append(measure)
    return list(groups.values())


def _column(measure: Measure, dimension: str) -> str:
    """Return the column of the record that a dimension counts by."""
    known = {**groups_of(measure.model), facts.PERSON: measure.person,
             facts.BRANCH: facts.branch_column(measure.model), DAY: measure.day, MONTH: measure.day,
             **measure.dimensions}
    if not known.get(dimension):
        raise LookupError(f"{measure.name} is not counted by {dimension}")
    return known[dimension]


def _key_of_cell(key: Any, dimension: str) -> Any:
    if dimension in (facts.PERSON, facts.BRANCH):
        return int(key) if key else None
    return key or None if dimension in GROUPS else key


def _key_of_record(key: Any, dimension: str, measure: Measure) -> Any:
    if dimension in measure.dimensions:
        return facts.written(key)
    if dimension == MONTH:
        return facts.month_of(key, local_zone())
    return key.astimezone(local_zone()).date() if isinstance(key, dt.datetime) else key
