"""Attendance facts (A6): what was entered, and what known absences add by themselves."""

from __future__ import annotations

import dataclasses
import datetime as dt
import decimal
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.deadlines.calendar_store import default_calendar
from app.people.absences import absences_between
from app.people.attendance_kinds import COUNTED_ABSENCES, DAY, FROM_ABSENCE, IN_DAYS, MONTH
from app.people.clock import local_zone
from app.people.models import AttendanceFact, Staff
from app.people.presence import working_days_away

_CENT = decimal.Decimal("0.01")
_NOTHING = decimal.Decimal(0)
_ONE_DAY = dt.timedelta(days=1)


@dataclasses.dataclass(frozen=True, slots=True)
class AttendanceLine:
    """One fact behind the figures of a person.

    Attributes:
        kind: see ``app.people.attendance_kinds``.
        day: local date; of a month its first day.
        period: ``day`` or ``month``.
        amount: days or times, by kind.
        source: ``entered``, ``imported`` or ``absence``.
        note: remark of who entered it.
        fact_id: key of the entered fact; ``None`` where it comes from an absence.
    """

    kind: str
    day: dt.date
    period: str
    amount: decimal.Decimal
    source: str
    note: str = ""
    fact_id: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Attendance:
    """The attendance of a person in a time, by day.

    Attributes:
        lines: the facts behind the figures.
    """

    lines: tuple[AttendanceLine, ...] = ()

    def amount(self, kind: str) -> decimal.Decimal:
        """Return the days or times of a kind."""
        return sum((line.amount for line in self.lines if line.kind == kind), _NOTHING)

    @property
    def totals(self) -> dict[str, decimal.Decimal]:
        """Days or times by kind; kinds without any are left out."""
        return {kind: self.amount(kind) for kind in dict.fromkeys(one.kind for one in self.lines)}


def attendance(
    session: Session, user_ids: Collection[int], start: dt.date, end: dt.date
) -> dict[int, Attendance]:
    """Return the attendance of users in a time.

    Absences of the kinds personal and sick leave count by themselves with their working days,
    part-days with the share of the open hours that they take. What was entered for the same person
    and kind replaces them: on its day, or in its whole month.

    Args:
        session: any session.
        user_ids: keys of users.
        start: first local date.
        end: local date after the last one. A fact of a month counts where the whole month lies
            within.

    Returns:
        An entry for each user.
    """
    entered = _entered(session, user_ids, start, end)
    known = dict(_from_absences(session, user_ids, start, end))
    found = {}
    for user_id in user_ids:
        own = entered.get(user_id, [])
        added = [line for line in known.get(user_id, []) if not _is_replaced(line, own)]
        found[user_id] = Attendance(
            tuple(sorted([*own, *added], key=lambda line: (line.day, line.kind, line.period))))
    return found


def working_days(
    session: Session, found: Mapping[int, Attendance], start: dt.date, end: dt.date
) -> dict[int, decimal.Decimal]:
    """Return on how many working days of a time users were there, by key.

    Days before somebody came to the organisation do not count, nor do absences in days.

    Args:
        session: any session.
        found: attendance of the users in that time.
        start: first local date.
        end: local date after the last one.
    """
    calendar = default_calendar(session)
    open_days = [day for number in range(max((end - start).days, 0))
                 if calendar.shifts_on(day := start + number * _ONE_DAY)]
    hired = {row.user_id: row.hired_on for row in session.execute(
        select(Staff.user_id, Staff.hired_on).where(
            Staff.user_id.in_(list(found)), Staff.hired_on > start))}
    return {
        user_id: max(_NOTHING, sum(
            (-one.amount(kind) for kind in IN_DAYS),
            decimal.Decimal(sum(day >= hired.get(user_id, start) for day in open_days))))
        for user_id, one in found.items()
    }


def _entered(
    session: Session, user_ids: Collection[int], start: dt.date, end: dt.date
) -> dict[int, list[AttendanceLine]]:
    rows = session.execute(
        select(Staff.user_id, AttendanceFact)
        .join(Staff, Staff.id == AttendanceFact.staff_id)
        .where(Staff.user_id.in_(list(user_ids)), AttendanceFact.day >= start,
               AttendanceFact.day < end)
    )
    found: dict[int, list[AttendanceLine]] = defaultdict(list)
    for user_id, fact in rows:
        if fact.period == MONTH and _next_month(fact.day) > end:
            continue
        found[user_id].append(AttendanceLine(
            fact.kind, fact.day, fact.period, decimal.Decimal(fact.amount), fact.source,
            fact.note, fact.id))
    return found


def _from_absences(
    session: Session, user_ids: Collection[int], start: dt.date, end: dt.date
) -> Iterator[tuple[int, list[AttendanceLine]]]:
    last = end - _ONE_DAY
    away = absences_between(session, user_ids, start, last, COUNTED_ABSENCES)
    if not away:
        return
    calendar, zone = default_calendar(session), local_zone()
    for user_id, absences in away.items():
        by_kind = defaultdict(list)
        for kind, interval in absences:
            by_kind[kind].append(interval)
        yield user_id, [
            AttendanceLine(kind, day, DAY, decimal.Decimal(missed).quantize(_CENT), FROM_ABSENCE)
            for kind, intervals in by_kind.items()
            for day, missed in working_days_away(calendar, intervals, start, last, zone)
        ]


def _is_replaced(line: AttendanceLine, entered: Collection[AttendanceLine]) -> bool:
    month = line.day.replace(day=1)
    return any(
        one.kind == line.kind and one.day == (line.day if one.period == DAY else month)
        for one in entered)


def _next_month(day: dt.date) -> dt.date:
    return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
