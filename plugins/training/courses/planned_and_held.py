"""A plan against what was held: sessions, people, hours, cost, by course."""

from __future__ import annotations

import dataclasses
import datetime as dt
import decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session as DbSession

from app.sdk.people import local_zone
from app.sdk.services import is_present
from plugins.training.choices import ATTENDED
from plugins.training.courses.models import Course, Plan, PlanLine
from plugins.training.sessions.models import Enrolment, Session
from plugins.training.sessions.workflow import HELD


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A course in a plan, or what was held beside it.

    Attributes:
        course: name of the course.
        planned_sessions, held_sessions: numbers of sessions.
        planned_people, came: planned numbers of people, and attendances.
        hours: hours held.
        planned_cost, cost: in the currency of the organisation.
    """

    course: str
    planned_sessions: int = 0
    held_sessions: int = 0
    planned_people: int = 0
    came: int = 0
    hours: decimal.Decimal = decimal.Decimal(0)
    planned_cost: decimal.Decimal = decimal.Decimal(0)
    cost: decimal.Decimal = decimal.Decimal(0)

    def __add__(self, other: Line) -> Line:
        return Line(self.course, *(
            getattr(self, field.name) + getattr(other, field.name)
            for field in dataclasses.fields(Line)[1:]))


def compared(session: DbSession, plan: Plan) -> list[Line]:
    """Return planned and held by course, in the order of the courses' names.

    Args:
        session: any session.
        plan: the plan; sessions that began within its period count.
    """
    zone = local_zone()
    begin = dt.datetime.combine(plan.starts_on, dt.time(), zone)
    end = dt.datetime.combine(plan.ends_on + dt.timedelta(days=1), dt.time(), zone)
    found: dict[str, Line] = {}
    planned = session.execute(
        select(Course.name, PlanLine.sessions, PlanLine.people, PlanLine.cost)
        .join(Course, Course.id == PlanLine.course_id)
        .where(PlanLine.plan_id == plan.id, is_present(PlanLine)))
    for name, sessions, people, cost in planned:
        found[name] = Line(name, planned_sessions=sessions, planned_people=people,
                           planned_cost=cost)
    came = (
        select(func.count()).select_from(Enrolment)
        .where(Enrolment.session_id == Session.id, Enrolment.status == ATTENDED,
               is_present(Enrolment)).correlate(Session).scalar_subquery())
    held = session.execute(
        select(Course.name, Session.hours, Session.cost, came)
        .join(Course, Course.id == Session.course_id)
        .where(Session.state == HELD, Session.starts_at >= begin, Session.starts_at < end,
               is_present(Session)))
    for name, hours, cost, people in held:
        found[name] = found.get(name, Line(name)) + Line(
            name, held_sessions=1, came=people, hours=hours, cost=cost)
    return [found[name] for name in sorted(found)]


def total(lines: list[Line]) -> Line:
    """Return the sum of several lines, without a name."""
    return sum(lines, Line(""))
