"""Overdue duties go to the leader, and later to HR and the admins, once each."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.people import Profile, leaders_by_person, local_today, profiles
from app.sdk.services import notice_kinds, settings_of, tell, write
from plugins.training.courses.models import Course
from plugins.training.duties.duties import Standing
from plugins.training.duties.models import DutyEscalation
from plugins.training.duties.services import Cell, Rules, rows_of, rules_in_force

LEADER, HR = "leader", "hr"
PORTION = 50
_HR_ROLES = frozenset({"hr", "admin"})
_LATE = (Standing.OVERDUE, Standing.MISSING)


def levels_due(days_late: int, leader_days: int, hr_days: int) -> tuple[str, ...]:
    """Return to whom a duty has to go. Pure.

    Args:
        days_late: days since the day until which it was to be done; not late at 0.
        leader_days: days after which it goes to the leader; 0 for never.
        hr_days: days after which it goes to HR and the admins; 0 for never.
    """
    wanted = ((LEADER, leader_days), (HR, hr_days))
    return tuple(level for level, days in wanted if days and days_late >= days)


@dataclasses.dataclass(frozen=True, slots=True)
class _Chiefs:
    """Who is informed about whom.

    Attributes:
        leaders: who leads a person, the nearest first, by user id.
        hr: users of HR and the admins.
    """

    leaders: Mapping[int, tuple[int, ...]]
    hr: tuple[int, ...]

    def of(self, level: str, person: Profile) -> tuple[int, ...]:
        """Return who is informed about a person at a level; leaders are under those above."""
        if level == HR:
            return self.hr
        return next(((key,) for key in self.leaders[person.user_id] if key != person.user_id), ())


def _chiefs(session: Session, people: Sequence[Profile]) -> _Chiefs:
    return _Chiefs(leaders_by_person(session, people),
                   tuple(one.user_id for one in people if one.roles & _HR_ROLES))


def escalate(session: Session, today: dt.date | None = None) -> int:
    """Inform leaders, HR and admins of duties that are overdue for long, once for each.

    Args:
        session: session outside of any write; portions of people are.
        today: the day; the present one by default.

    Returns:
        How many escalations were made.
    """
    day, values = today or local_today(), settings_of(session, "training")
    days = (values["leader_days"] or 0, values["hr_days"] or 0)
    found = rules_in_force(session)
    if not any(days) or not found.rules:
        return 0
    people = profiles(session, everyone=True)
    chiefs, total = _chiefs(session, people), 0
    for begin in range(0, len(people), PORTION):
        with write(session):
            total += _escalate(session, people[begin:begin + PORTION], found, chiefs, days, day)
    return total


def _escalate(
    session: Session, people: list[Profile], found: Rules, chiefs: _Chiefs,
    days: tuple[int, int], day: dt.date,
) -> int:
    known = {(row.user_id, row.course_id, row.due_on, row.level) for row in session.execute(
        select(DutyEscalation.user_id, DutyEscalation.course_id, DutyEscalation.due_on,
               DutyEscalation.level)
        .where(DutyEscalation.user_id.in_([one.user_id for one in people])))}
    number = 0
    for person, row in zip(people, rows_of(session, people, found, day), strict=True):
        for course, cell in row.cells.items():
            for level in _due_levels(cell, days, day):
                key = (person.user_id, course, cell.due_on, level)
                if key in known:
                    continue
                session.add(DutyEscalation(user_id=key[0], course_id=course, due_on=cell.due_on,
                                           level=level, made_on=day))
                _inform(session, chiefs.of(level, person), person, course, cell, day)
                number += 1
    return number


def _due_levels(cell: Cell, days: tuple[int, int], day: dt.date) -> tuple[str, ...]:
    if cell.standing not in _LATE or cell.due_on is None:
        return ()
    return levels_due((day - cell.due_on).days, *days)


def _inform(
    session: Session, users: Iterable[int], person: Profile, course_id: int, cell: Cell,
    day: dt.date,
) -> None:
    course = session.get(Course, course_id)
    assert course is not None and cell.due_on is not None
    tell(session, users, notice_kinds.DEADLINE,
         N_("%(name)s: compulsory training %(course)s is %(days)s days overdue."),
         values={"name": person.name, "course": course.name,
                 "days": (day - cell.due_on).days}, record=course)
