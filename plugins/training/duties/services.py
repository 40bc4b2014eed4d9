"""Who must learn what, as the database says; the matrix; the gate before an assignment."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.people import Profile, local_today, profiles
from app.sdk.records import path_to
from app.sdk.services import Actor, Scope, is_present, name_of, settings_of
from app.sdk.workflow import Link, Message
from plugins.training.access import COURSE, DUTY, MATRIX, OWN
from plugins.training.certificates.models import Certificate
from plugins.training.certificates.services import held_by
from plugins.training.courses.models import Course
from plugins.training.duties.duties import (
    GATES,
    Duty,
    Gate,
    Held,
    Member,
    Rule,
    Standing,
    closed_gate,
    duties_of,
    path,
    standing,
)
from plugins.training.duties.models import DutyRule

PAGE = 25
MOST_EXPORTED = 20_000


@dataclasses.dataclass(frozen=True, slots=True)
class Rules:
    """The rules in force and what their courses are called.

    Attributes:
        rules: active ones of active courses.
        courses: names by key, in order of name.
        warning_days: days before the end from which a certificate counts as due.
    """

    rules: tuple[Rule, ...]
    courses: Mapping[int, str]
    warning_days: int


def rules_in_force(session: Session, *, gated: bool = False) -> Rules:
    """Return the rules in force, in one statement, and a setting.

    Args:
        session: any session.
        gated: only those whose expired certificate does something to new work.
    """
    rows = session.execute(
        select(DutyRule, Course.name).join(Course, Course.id == DutyRule.course_id)
        .where(DutyRule.active.is_(True), Course.active.is_(True), is_present(DutyRule),
               is_present(Course), *((DutyRule.gate != "",) if gated else ()))
        .order_by(Course.name, Course.id)).all()
    rules = tuple(
        Rule(one.course_id, one.role, one.post_id, one.for_department_id, one.tenure_from,
             one.tenure_until, one.days, one.starts_on, one.place, GATES[one.gate])
        for one, _ in rows)
    days = settings_of(session, "training")["warning_days"] if rules else 0
    return Rules(rules, {one.course_id: name for one, name in rows}, days)


def member_of(profile: Profile) -> Member:
    """Return what rules ask about a person."""
    return Member(profile.user_id, profile.roles, profile.posts, profile.department_ids,
                  profile.hired_on)


def people_in_sight(
    session: Session, actor: Actor, *, limit: int | None = None, offset: int = 0
) -> list[Profile]:
    """Return the people whose certificates an actor may see, by name.

    Args:
        session: any session.
        actor: who looks.
        limit: most that are returned; ``None`` for all.
        offset: how many of the first are passed over.
    """
    reach = Scope.ALL if actor.is_system else actor.reaches.get(
        Certificate.__record_type__, actor.scope)
    departments = set(actor.led_department_ids)
    if reach >= Scope.DEPARTMENT:
        departments |= actor.department_ids
    return profiles(
        session, everyone=reach == Scope.ALL, limit=limit, offset=offset,
        user_ids=[] if actor.user_id is None else [actor.user_id], department_ids=departments,
        team_ids=actor.team_ids if reach >= Scope.TEAM else ())


@dataclasses.dataclass(frozen=True, slots=True)
class Cell:
    """One person and one duty.

    Attributes:
        standing: how the person stands.
        due_on: until when the duty is to be done, first or again; ``None``: never again.
    """

    standing: Standing
    due_on: dt.date | None


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """One person of the matrix.

    Attributes:
        user_id: key of the user.
        name: name among the staff.
        cells: by course; courses that are no duty of the person are left out.
    """

    user_id: int
    name: str
    cells: Mapping[int, Cell]


def rows_of(
    session: Session, people: Iterable[Profile], found: Rules, today: dt.date | None = None
) -> list[Row]:
    """Return how people stand with their duties, in one statement.

    Args:
        session: any session.
        people: the people.
        found: the rules in force.
        today: the day; the present one by default.
    """
    day, people = today or local_today(), list(people)
    held = held_by(session, [one.user_id for one in people], list(found.courses))
    return [
        Row(one.user_id, one.name, _cells(
            duties_of(found.rules, member_of(one), day), held.get(one.user_id, {}), day,
            found.warning_days))
        for one in people
    ]


def _cells(
    duties: Mapping[int, Duty], held: Mapping[int, Held], today: dt.date, warning_days: int
) -> dict[int, Cell]:
    return {
        course: Cell(
            standing(duty, held.get(course), today, warning_days),
            held[course].ends_on if course in held else duty.due_on)
        for course, duty in duties.items()
    }


@dataclasses.dataclass(frozen=True, slots=True)
class OwnDuty:
    """A duty of one person, in the order of the path.

    Attributes:
        duty: the duty.
        course: name of the course.
        cell: how the person stands.
        is_next: whether it is the next step of the path.
    """

    duty: Duty
    course: str
    cell: Cell
    is_next: bool


def duties_of_user(session: Session, user_id: int, today: dt.date | None = None) -> list[OwnDuty]:
    """Return what a person must learn, in the order of the path.

    Args:
        session: any session.
        user_id: the person.
        today: the day; the present one by default.
    """
    day, found = today or local_today(), rules_in_force(session)
    people = profiles(session, user_ids=[user_id])
    if not people:
        return []
    duties = duties_of(found.rules, member_of(people[0]), day)
    held = held_by(session, [user_id], list(duties)).get(user_id, {})
    cells = _cells(duties, held, day, found.warning_days)
    first = next((one.course for one in path(duties)
                  if one.course not in held or not held[one.course].holds(day)), None)
    return [OwnDuty(one, found.courses[one.course], cells[one.course], one.course == first)
            for one in path(duties)]


# --- the gate ----------------------------------------------------------------------------------
def gate_refusal(
    session: Session, actor: Actor, record: Any, user_id: int
) -> Message | None:
    """Return why a person gets no new work of a kind, or ``None``.

    A person whose compulsory certificate has ended, or was never made in time, gets none where a
    rule blocks it; where it asks for a second person, somebody else who may open the gate assigns.

    Args:
        session: any session.
        actor: who assigns.
        record: what is assigned.
        user_id: who would get it.
    """
    kind = getattr(record, "__record_type__", "")
    if not kind or kind.startswith("training."):
        return None
    found = rules_in_force(session, gated=True)
    if not found.rules or kind not in _gated_kinds(session):
        return None
    people = profiles(session, user_ids=[user_id])
    if not people:
        return None
    today = local_today()
    duties = duties_of(found.rules, member_of(people[0]), today)
    if not duties:
        return None
    closed = closed_gate(
        duties, held_by(session, [user_id], list(duties)).get(user_id, {}), today)
    if closed is None:
        return None
    values = {"name": name_of(session, user_id), "course": found.courses[closed.course]}
    link = _way_on(session, actor, user_id, closed.course)
    if closed.gate is Gate.BLOCK:
        return Message(N_("%(name)s gets no new work: the certificate %(course)s is not valid."),
                       values, link)
    if actor.user_id not in (None, user_id) and actor.can("can_open_gate", DUTY):
        return None
    return Message(N_("%(name)s has no valid certificate %(course)s: somebody else who may open "
                      "the gate has to assign this."), values, link)


def _way_on(session: Session, actor: Actor, user_id: int, course_id: int) -> Link | None:
    """Return the page that helps the actor on and that they may open, or ``None``.

    That is one's own training, the training record of a person in sight, else the course.
    """
    if actor.user_id == user_id and actor.can("can_list", OWN):
        return Link(path_to("OwnTrainingView.page"), N_("My training"))
    if actor.can("can_list", MATRIX) and any(
            one.user_id == user_id for one in people_in_sight(session, actor)):
        return Link(path_to("TrainingRecordView.page", user_id=user_id),
                    N_("Open training record"))
    if actor.can("can_show", COURSE):
        return Link(path_to("CourseView.show", pk=course_id), N_("Open the course"))
    return None


def _gated_kinds(session: Session) -> Collection[str]:
    text = settings_of(session, "training")["gated_kinds"] or ""
    return {one.strip() for one in text.replace(",", "\n").splitlines() if one.strip()}
