"""Who was trained, who is comparable, and what their figures were before and after."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from app.sdk import N_
from app.sdk.metrics import PERCENT, Metric, Period, figures_by, metrics_named
from app.sdk.people import Profile, local_today, local_zone
from app.sdk.services import Actor, is_present, settings_of
from plugins.training.choices import ATTENDED, FAILED, PASSED
from plugins.training.duties.services import people_in_sight
from plugins.training.effect.effect import Comparison, Pair, compare
from plugins.training.exams.models import Attempt, Exam
from plugins.training.sessions.models import Enrolment, Session
from plugins.training.sessions.workflow import HELD

SPANS = (30, 60, 90, 180)
# More days would be more statements; the latest ones say most about the course as it is.
MOST_DAYS = 12


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
        days: on which days training counted, the latest first.
        lines: figures.
    """

    trained: int
    others: int
    days: Sequence[dt.date]
    lines: Sequence[Line]


def effect_of(
    session: DbSession, actor: Actor, course_id: int, span: int, today: dt.date | None = None
) -> Effect:
    """Return the figures of a course's learners before and after it, and of comparable people.

    Comparable is who never attended the course, works in the department of somebody who did, and
    shares a role with them; their day is the middle one of the trainings. A person counts for a
    figure who has it both before and after, and only people in the actor's sight count.

    Args:
        session: any session.
        actor: who asks; figures of other plugins are read with their rights.
        course_id: the course.
        span: days before and after.
        today: the day; the present one by default.
    """
    people = {one.user_id: one for one in people_in_sight(session, actor)}
    attended = _attended(session, course_id)
    over = (today or local_today()) - dt.timedelta(days=span)
    latest = sorted({day for day in attended.values() if day <= over}, reverse=True)[:MOST_DAYS]
    trained = {user_id: day for user_id, day in attended.items()
               if day in set(latest) and user_id in people}
    days = dict(trained)
    others: list[int] = []
    if trained:
        middle = sorted(trained.values())[len(trained) // 2]
        others = _comparable([people[one] for one in trained], people.values(), attended)
        days |= dict.fromkeys(others, middle)
    lines = [] if not trained else [
        _exam_line(session, course_id, days, span, trained, others),
        *_metric_lines(session, actor, days, span, trained, others)]
    return Effect(len(trained), len(others), latest, lines)


def _attended(session: DbSession, course_id: int) -> dict[int, dt.date]:
    """Return when each learner attended a held session of a course first."""
    rows = session.execute(
        select(Enrolment.owner_id, Session.starts_at)
        .join(Session, Session.id == Enrolment.session_id)
        .where(Session.course_id == course_id, Session.state == HELD,
               Enrolment.status == ATTENDED, is_present(Session), is_present(Enrolment))
        .order_by(Session.starts_at.desc(), Session.id.desc()))
    return {owner_id: _day(starts_at) for owner_id, starts_at in rows if owner_id is not None}


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
    title: str, unit: str, better: str, before: Mapping[int, float], after: Mapping[int, float],
    trained: Collection[int], others: Collection[int],
) -> Line:
    def pairs(ids: Iterable[int]) -> list[Pair]:
        return [Pair(before[one], after[one]) for one in ids if one in before and one in after]

    return Line(title, unit, better, compare(pairs(trained), pairs(others)))


def _exam_line(
    session: DbSession, course_id: int, days: Mapping[int, dt.date], span: int,
    trained: Collection[int], others: Collection[int],
) -> Line:
    """Compare the last score before with the last one after, of exams of the course."""
    reach = dt.timedelta(days=span)
    before: dict[int, float] = {}
    after: dict[int, float] = {}
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
        taken, day = _day(finished_at), days.get(owner_id)
        if day is None or abs(taken - day) > reach:
            continue
        # What is taken on the day of the training is taken after it.
        (before if taken < day else after)[owner_id] = percent
    return _line(N_("Score in the exam of the course"), PERCENT, "higher", before, after, trained,
                 others)


def _metric_lines(
    session: DbSession, actor: Actor, days: Mapping[int, dt.date], span: int,
    trained: Collection[int], others: Collection[int],
) -> list[Line]:
    names = (settings_of(session, "training")["effect_figures"] or "").split()
    metrics = [one for one in metrics_named(actor, names)
               if all(measure.day for measure in one.measures)]
    before = _figures(session, actor, metrics, days, -span, -1)
    after = _figures(session, actor, metrics, days, 1, span)
    return [_line(one.title, one.unit, one.better, before[one.name], after[one.name], trained,
                  others) for one in metrics]


def _figures(
    session: DbSession, actor: Actor, metrics: Sequence[Metric], days: Mapping[int, dt.date],
    first: int, last: int,
) -> dict[str, dict[int, float]]:
    """Return figures by name and person of the days around each person's own day."""
    found: dict[str, dict[int, float]] = {one.name: {} for one in metrics}
    by_kind: dict[type, list[Metric]] = {}
    for one in metrics:
        by_kind.setdefault(one.numerator.model, []).append(one)
    for day in sorted(set(days.values())):
        period = Period(first=day + dt.timedelta(days=first), last=day + dt.timedelta(days=last))
        for group in by_kind.values():
            for user_id, figures in figures_by(session, actor, group, "person", period).items():
                if days.get(user_id) != day:
                    continue
                for name, figure in figures.items():
                    if figure.value is not None:
                        found[name][user_id] = figure.value
    return found
