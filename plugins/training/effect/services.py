"""Who was trained, who is comparable, and what their figures were before and after."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from app.sdk import N_
from app.sdk.metrics import PERCENT, Metric, Period, figures_by, metrics_by_name
from app.sdk.people import Profile, local_today, local_zone
from app.sdk.services import Actor, is_present, settings_of
from plugins.training.choices import ATTENDED, FAILED, PASSED
from plugins.training.duties.services import people_in_sight
from plugins.training.effect.effect import (
    Comparison,
    Pair,
    Training,
    compare,
    pair_of,
    trainings,
)
from plugins.training.exams.models import Attempt, Exam
from plugins.training.sessions.models import Enrolment, Session
from plugins.training.sessions.workflow import HELD

SPANS = (30, 60, 90, 180)
# Each day on which a course was attended is some statements.
LONGEST = 366
"""Days of the longest period whose trainings are compared at once."""
Trainings = Mapping[int, Sequence[Training]]
ByDay = dict[dt.date, dict[int, Training]]
Values = dict[tuple[int, Training], float]


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One figure before and after.

    Attributes:
        title: what is measured (message id).
        unit: its unit (message id); ``%`` for a share.
        better: ``higher`` or ``lower`` is better; empty where neither is.
        figures: the comparison.
    """

    title: str
    unit: str
    better: str
    figures: Comparison


@dataclasses.dataclass(frozen=True, slots=True)
class Effect:
    """The effect of a course.

    Attributes:
        trained, others: numbers of people who were trained, and who are comparable.
        trainings: how many trainings of them count.
        running: how many trainings do not count yet: the days after them are not over.
        lines: figures.
    """

    trained: int
    others: int
    trainings: int
    running: int
    lines: Sequence[Line]


def effect_of(
    session: DbSession, actor: Actor, course_id: int, span: int, period: Period | None = None,
    today: dt.date | None = None,
) -> Effect:
    """Return the figures of a course's learners before and after it, and of comparable people.

    Comparable is who never attended the course, works in the department of somebody who did, and
    shares a role with them; their day is the middle one of the trainings. A person counts for a
    figure who has it both before and after, once, with the means of their trainings; only people
    in the actor's sight count.

    Args:
        session: any session.
        actor: who asks; figures of other plugins are read with their rights.
        course_id: the course.
        span: days before and after.
        period: days on which the trainings began; ``latest_year`` by default.
        today: the day; the present one by default.

    Raises:
        ValueError: the period is open, or longer than ``LONGEST``.
    """
    today = today or local_today()
    period = period or latest_year(today)
    if not is_fitting(period):
        raise ValueError(f"{period} is longer than {LONGEST} days")
    people = {one.user_id: one for one in people_in_sight(session, actor)}
    attended = _attended(session, course_id)
    over = today - dt.timedelta(days=span)
    whole = [(one, user_id) for user_id, days in attended.items() if user_id in people
             for one in trainings(days, span) if _begins_within(period, one)]
    trained: dict[int, list[Training]] = {}
    for one, user_id in sorted(whole):
        if one.last <= over:
            trained.setdefault(user_id, []).append(one)
    counted = sum(map(len, trained.values()))
    others: list[int] = []
    every: dict[int, Sequence[Training]] = dict(trained)
    if trained:
        firsts = sorted(one.first for each in trained.values() for one in each)
        middle = firsts[len(firsts) // 2]
        others = _comparable([people[one] for one in trained], people.values(), attended)
        every |= {key: [Training(middle, middle)] for key in others}
    lines = [] if not trained else [
        _exam_line(session, course_id, every, span, trained, others),
        *_metric_lines(session, actor, every, span, trained, others)]
    return Effect(len(trained), len(others), counted, len(whole) - counted, lines)


def latest_year(today: dt.date) -> Period:
    """Return the longest period up to a day."""
    return Period(first=today - dt.timedelta(days=LONGEST - 1), last=today)


def is_fitting(period: Period) -> bool:
    """Return whether the trainings of a period are compared at once."""
    return (period.first is not None and period.last is not None
            and 0 <= (period.last - period.first).days < LONGEST)


def _begins_within(period: Period, training: Training) -> bool:
    assert period.first is not None
    assert period.last is not None
    return period.first <= training.first <= period.last


def _attended(session: DbSession, course_id: int) -> dict[int, list[dt.date]]:
    """Return the days on which each learner attended a held session of a course."""
    rows = session.execute(
        select(Enrolment.owner_id, Session.starts_at)
        .join(Session, Session.id == Enrolment.session_id)
        .where(Session.course_id == course_id, Session.state == HELD,
               Enrolment.status == ATTENDED, is_present(Session), is_present(Enrolment)))
    found: dict[int, list[dt.date]] = {}
    for owner_id, starts_at in rows:
        if owner_id is not None:
            found.setdefault(owner_id, []).append(_day(starts_at))
    return found


def _day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(local_zone()).date()


def _comparable(
    trained: Collection[Profile], people: Iterable[Profile], attended: Collection[int]
) -> list[int]:
    roles: dict[int | None, set[str]] = {}
    for one in trained:
        roles.setdefault(one.department_id, set()).update(one.roles)
    return [one.user_id for one in people if one.user_id not in attended
            and one.roles & roles.get(one.department_id, set())]


def _line(
    title: str, unit: str, better: str, before: Values, after: Values, every: Trainings,
    trained: Collection[int], others: Collection[int],
) -> Line:
    def pairs(ids: Iterable[int]) -> list[Pair]:
        found = [pair_of([
            Pair(before[user_id, one], after[user_id, one]) for one in every[user_id]
            if (user_id, one) in before and (user_id, one) in after]) for user_id in ids]
        return [one for one in found if one is not None]

    return Line(title, unit, better, compare(pairs(trained), pairs(others)))


def _exam_line(
    session: DbSession, course_id: int, every: Trainings, span: int, trained: Collection[int],
    others: Collection[int],
) -> Line:
    """Compare the last score before with the last one after, of exams of the course."""
    reach = dt.timedelta(days=span)
    before: Values = {}
    after: Values = {}
    rows = session.execute(
        select(Attempt.owner_id, Attempt.finished_at, Attempt.percent)
        .join(Exam, Exam.id == Attempt.exam_id)
        .where(Exam.course_id == course_id, Attempt.status.in_((PASSED, FAILED)),
               Attempt.percent.is_not(None), Attempt.finished_at.is_not(None),
               is_present(Attempt))
        .order_by(Attempt.finished_at, Attempt.id))
    for owner_id, finished_at, percent in rows:
        if owner_id is None or finished_at is None or percent is None:
            continue
        taken = _day(finished_at)
        for one in every.get(owner_id, ()):
            if one.first - reach <= taken < one.first:
                before[owner_id, one] = percent
            # What is taken on the day of the training is taken after it.
            elif one.last <= taken <= one.last + reach:
                after[owner_id, one] = percent
    return _line(N_("Score in the exam of the course"), PERCENT, "higher", before, after, every,
                 trained, others)


def _metric_lines(
    session: DbSession, actor: Actor, every: Trainings, span: int, trained: Collection[int],
    others: Collection[int],
) -> list[Line]:
    names = (settings_of(session, "training")["effect_figures"] or "").split()
    metrics = [one for one in metrics_by_name(names, reader=actor).values()
               if all(measure.day for measure in one.measures)]
    firsts: ByDay = {}
    lasts: ByDay = {}
    for user_id, each in every.items():
        for one in each:
            firsts.setdefault(one.first, {})[user_id] = one
            lasts.setdefault(one.last, {})[user_id] = one
    before = _figures(session, actor, metrics, firsts, -span, -1)
    after = _figures(session, actor, metrics, lasts, 1, span)
    return [_line(one.title, one.unit, one.better, before[one.name], after[one.name], every,
                  trained, others) for one in metrics]


def _figures(
    session: DbSession, actor: Actor, metrics: Sequence[Metric], by_day: ByDay, first: int,
    last: int,
) -> dict[str, Values]:
    """Return figures by name, person and training of the days around each training."""
    found: dict[str, Values] = {one.name: {} for one in metrics}
    by_kind: dict[type, list[Metric]] = {}
    for one in metrics:
        by_kind.setdefault(one.numerator.model, []).append(one)
    for day, people in sorted(by_day.items()):
        period = Period(first=day + dt.timedelta(days=first), last=day + dt.timedelta(days=last))
        for group in by_kind.values():
            for user_id, figures in figures_by(session, actor, group, "person", period).items():
                if user_id not in people:
                    continue
                for name, figure in figures.items():
                    if figure.value is not None:
                        found[name][user_id, people[user_id]] = figure.value
    return found
