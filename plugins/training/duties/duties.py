"""Who must hold which certificate until when, and how each of them stands. Pure.

Rules name a course and whom it is for. Where several rules ask a person for one course, the
earliest date, the lowest place on the path and the strictest gate hold, so the order of the rules
does not matter.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
from collections.abc import Iterable, Mapping


class Gate(enum.IntEnum):
    """What an expired certificate does to new work, from open to strict."""

    OPEN = 0
    SECOND_PERSON = 1
    BLOCK = 2


GATES = {"": Gate.OPEN, "second_person": Gate.SECOND_PERSON, "block": Gate.BLOCK}


class Standing(enum.StrEnum):
    """How a person stands with a duty."""

    GREEN = "green"
    DUE = "due"
    OVERDUE = "overdue"
    MISSING = "missing"


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """A course that some people must have learnt.

    Attributes:
        course: key of the course.
        role: name of the role that it is for; empty for all.
        post: key of the post; ``None`` for all.
        department: key of the department, with those below it; ``None`` for all.
        tenure_from: months with the company from which it holds.
        tenure_until: months up to which it holds, not included; ``None`` without end.
        days: days to learn it in, from the day on which the rule first holds for the person.
        starts_on: first day of the rule.
        place: place on the path of new people, lowest first; 0 outside of it.
        gate: what an expired certificate does.
    """

    course: int
    role: str = ""
    post: int | None = None
    department: int | None = None
    tenure_from: int = 0
    tenure_until: int | None = None
    days: int = 30
    starts_on: dt.date = dt.date.min
    place: int = 0
    gate: Gate = Gate.OPEN


@dataclasses.dataclass(frozen=True, slots=True)
class Member:
    """What rules ask about a person.

    Attributes:
        user_id: key of the user.
        roles: names of the roles.
        posts: keys of the posts.
        departments: keys of the department and those above it.
        hired_on: first day with the company; unknown, the person counts as there for ever.
    """

    user_id: int
    roles: frozenset[str] = frozenset()
    posts: frozenset[int] = frozenset()
    departments: frozenset[int] = frozenset()
    hired_on: dt.date | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Duty:
    """What a person must have learnt.

    Attributes:
        course: key of the course.
        due_on: day until which it must be learnt the first time.
        place: place on the path of new people; 0 outside of it.
        gate: what an expired certificate does.
    """

    course: int
    due_on: dt.date
    place: int = 0
    gate: Gate = Gate.OPEN


@dataclasses.dataclass(frozen=True, slots=True)
class Held:
    """The best certificate of a person in a course.

    Attributes:
        ends_on: last day of validity; ``None`` without end.
    """

    ends_on: dt.date | None

    def holds(self, today: dt.date) -> bool:
        """Return whether it is valid on a day."""
        return self.ends_on is None or self.ends_on >= today


def month_later(day: dt.date, months: int) -> dt.date:
    """Return the same day some months later; the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    year, month = min(year, dt.MAXYEAR - 1), month + 1
    first = dt.date(year, month, 1)
    next_first = dt.date(year + month // 12, month % 12 + 1, 1)
    return first.replace(day=min(day.day, (next_first - first).days))


def _holds_from(rule: Rule, member: Member) -> dt.date:
    if member.hired_on is None:
        return rule.starts_on
    return max(rule.starts_on, month_later(member.hired_on, rule.tenure_from))


def concerns(rule: Rule, member: Member, today: dt.date) -> bool:
    """Return whether a rule holds for a person on a day."""
    fits = (
        (not rule.role or rule.role in member.roles)
        and (rule.post is None or rule.post in member.posts)
        and (rule.department is None or rule.department in member.departments)
    )
    if not fits or today < _holds_from(rule, member):
        return False
    if rule.tenure_until is None:
        return True
    # Who has been there for ever is past every end.
    return member.hired_on is not None and today < month_later(member.hired_on, rule.tenure_until)


def duties_of(rules: Iterable[Rule], member: Member, today: dt.date) -> dict[int, Duty]:
    """Return what a person must have learnt, by course.

    Args:
        rules: in any order, however often.
        member: the person.
        today: the day.
    """
    found: dict[int, Duty] = {}
    for rule in rules:
        if not concerns(rule, member, today):
            continue
        due_on = _later(_holds_from(rule, member), rule.days)
        earlier = found.get(rule.course)
        found[rule.course] = Duty(
            rule.course,
            due_on if earlier is None else min(earlier.due_on, due_on),
            rule.place if earlier is None else _first_place(earlier.place, rule.place),
            rule.gate if earlier is None else max(earlier.gate, rule.gate),
        )
    return found


def _later(day: dt.date, days: int) -> dt.date:
    return day + dt.timedelta(days=min(days, (dt.date.max - day).days))


def _first_place(one: int, other: int) -> int:
    return min(one, other) if one and other else one or other


def standing(
    duty: Duty, held: Held | None, today: dt.date, warning_days: int = 30
) -> Standing:
    """Return how a person stands with a duty.

    Green: a certificate is valid for longer than the warning. Due: it ends soon, or the first one
    is yet to be made in time. Overdue: the certificate has ended. Missing: the day has passed and
    there was never one.

    Args:
        duty: the duty.
        held: the person's best certificate in the course, if there was one.
        today: the day.
        warning_days: days before the end from which a certificate counts as due.
    """
    if held is None:
        return Standing.DUE if today <= duty.due_on else Standing.MISSING
    if held.ends_on is None or held.ends_on > _later(today, warning_days):
        return Standing.GREEN
    return Standing.DUE if held.holds(today) else Standing.OVERDUE


def best(held: Iterable[Held]) -> Held | None:
    """Return the certificate that is valid for longest, or ``None`` without any."""
    return max(held, key=lambda one: one.ends_on or dt.date.max, default=None)


def path(duties: Mapping[int, Duty]) -> list[Duty]:
    """Return the duties in the order in which a new person goes through them."""
    return sorted(
        duties.values(), key=lambda one: (not one.place, one.place, one.due_on, one.course))


def next_on_path(
    duties: Mapping[int, Duty], held: Mapping[int, Held], today: dt.date
) -> Duty | None:
    """Return the first duty of the path without a valid certificate, or ``None``.

    Args:
        duties: of a person, by course.
        held: the person's best certificates, by course.
        today: the day.
    """
    return next(
        (duty for duty in path(duties)
         if duty.course not in held or not held[duty.course].holds(today)), None)


def closed_gate(
    duties: Mapping[int, Duty], held: Mapping[int, Held], today: dt.date
) -> Duty | None:
    """Return the duty whose certificate has ended and that is the strictest about it, or ``None``.

    A duty whose first day has not passed closes no gate, and neither does one with a certificate.

    Args:
        duties: of a person, by course.
        held: the person's best certificates, by course.
        today: the day.
    """
    closed = [
        duty for duty in duties.values()
        if duty.gate and standing(duty, held.get(duty.course), today)
        in (Standing.OVERDUE, Standing.MISSING)
    ]
    return max(closed, key=lambda duty: (duty.gate, -duty.course), default=None)
