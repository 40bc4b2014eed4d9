"""Calendars as rows: hours, days set by hand, and the ready value for counting."""

from __future__ import annotations

import datetime as dt
import uuid
import zoneinfo
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.database import write
from app.deadlines.calendars import WorkingCalendar
from app.deadlines.chinese import china_calendar
from app.deadlines.models import CalendarDay, CalendarRow
from app.deadlines.shifts import shifts
from app.jobs.due_moments import OfficeDays

DEFAULT_CALENDAR = "china"
MOST_KEPT = 64
# Laid-out calendars by stamp: a stamp never names two contents.
_laid_out: dict[str, WorkingCalendar] = {}


class UnknownCalendar(LookupError):
    """A policy names a calendar that does not exist."""


def save_calendar(
    session: Session, calendar: WorkingCalendar, is_default: bool = False
) -> CalendarRow:
    """Store a calendar under its name; its overrides are kept as rows of their own.

    Running clocks keep their times until ``app.deadlines.sweeping.recompute``.

    Args:
        session: any session.
        calendar: the calendar.
        is_default: make it the one for policies that name none.
    """
    content: dict[str, Any] = {**calendar.to_dict(), "overrides": {}}
    with write(session):
        row = session.scalar(select(CalendarRow).where(CalendarRow.name == calendar.name))
        if row is None:
            row = CalendarRow(name=calendar.name, content=content, stamp=_stamp())
            session.add(row)
        elif row.content != content:
            row.content, row.stamp = content, _stamp()
        if is_default:
            session.execute(
                update(CalendarRow)
                .where(CalendarRow.name != calendar.name, CalendarRow.is_default)
                .values(is_default=False)
            )
            row.is_default = True
        session.flush()
        for day, held in calendar.overrides.items():
            set_day(session, calendar.name, day, [str(shift) for shift in held])
    return row


def ensure_default_calendar(session: Session) -> None:
    """Make China's calendar the default where none is; take over newly published days."""
    with write(session):
        fresh = china_calendar(DEFAULT_CALENDAR)
        row = session.scalar(select(CalendarRow).where(CalendarRow.name == DEFAULT_CALENDAR))
        if row is not None:
            held = WorkingCalendar.from_dict(row.content)
            fresh = china_calendar(DEFAULT_CALENDAR, week=held.week)
        default = session.scalar(select(CalendarRow.id).where(CalendarRow.is_default))
        save_calendar(session, fresh, is_default=default is None)


def set_day(
    session: Session, name: str, day: dt.date, hours: Iterable[str], note: str = ""
) -> None:
    """Set the hours of one day by hand.

    Args:
        session: any session.
        name: of the calendar.
        day: local date.
        hours: shifts such as ``09:00-12:00``; none means closed.
        note: why, for people.

    Raises:
        UnknownCalendar: there is no such calendar.
        ValueError: a shift is malformed or two overlap.
    """
    texts = [str(shift) for shift in shifts(*hours)]
    with write(session):
        calendar = _calendar_row(session, name)
        row = session.scalar(
            select(CalendarDay).where(
                CalendarDay.calendar_id == calendar.id, CalendarDay.day == day
            )
        )
        if row is None:
            row = CalendarDay(calendar_id=calendar.id, day=day)
            session.add(row)
        row.shifts, row.note = texts, note
        calendar.stamp = _stamp()
        session.flush()


def clear_day(session: Session, name: str, day: dt.date) -> None:
    """Let a day follow the official list and the week again.

    Raises:
        UnknownCalendar: there is no such calendar.
    """
    with write(session):
        calendar = _calendar_row(session, name)
        row = session.scalar(
            select(CalendarDay).where(
                CalendarDay.calendar_id == calendar.id, CalendarDay.day == day
            )
        )
        if row is not None:
            session.delete(row)
            calendar.stamp = _stamp()
            session.flush()


def _calendar_row(session: Session, name: str) -> CalendarRow:
    row = session.scalar(select(CalendarRow).where(CalendarRow.name == name))
    if row is None:
        raise UnknownCalendar(name)
    return row


class Calendars:
    """The calendars as they are now, for the length of one piece of work.

    One small query tells names and stamps; a calendar itself is read and laid out once for each
    stamp in each process.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        rows = session.execute(
            select(CalendarRow.id, CalendarRow.name, CalendarRow.stamp, CalendarRow.is_default)
        ).all()
        self._stamps = {row.id: row.stamp for row in rows}
        self._ids = {row.name: row.id for row in rows}
        self._default = next((row.id for row in rows if row.is_default), None)

    def id_of(self, name: str) -> int:
        """Return the id of a calendar; of the default one for an empty name.

        Raises:
            UnknownCalendar: there is no such calendar.
        """
        found = self._ids.get(name) if name else self._default
        if found is None:
            raise UnknownCalendar(name or "default")
        return found

    def get(self, calendar_id: int) -> WorkingCalendar:
        """Return the calendar with its days set by hand."""
        return laid_out(self._session, calendar_id, self._stamps[calendar_id])


def laid_out(session: Session, calendar_id: int, stamp: str) -> WorkingCalendar:
    """Return a calendar with its days set by hand, read once for each stamp in each process.

    Args:
        session: any session.
        calendar_id: primary key of its row.
        stamp: of the row, as it is now.
    """
    found = _laid_out.get(stamp)
    if found is None:
        found = _read(session, calendar_id)
        if len(_laid_out) >= MOST_KEPT:
            _laid_out.clear()
        _laid_out[stamp] = found
    return found


def _read(session: Session, calendar_id: int) -> WorkingCalendar:
    content = session.scalars(
        select(CalendarRow.content).where(CalendarRow.id == calendar_id)
    ).one()
    days = session.execute(
        select(CalendarDay.day, CalendarDay.shifts).where(CalendarDay.calendar_id == calendar_id)
    )
    overrides = {row.day.isoformat(): row.shifts for row in days}
    return WorkingCalendar.from_dict({**content, "overrides": overrides})


def office_days(session: Session, timezone: str) -> OfficeDays:
    """Return the organisation's clock with the working days of the default calendar.

    Args:
        session: any session; read when a working day is asked for.
        timezone: name of the organisation's time zone.

    Returns:
        Monday to Friday work where there is no default calendar yet.
    """
    found: list[WorkingCalendar] = []

    def is_working_day(day: dt.date) -> bool:
        if not found:
            found.append(default_calendar(session))
        return bool(found[0].shifts_on(day))

    return OfficeDays(zoneinfo.ZoneInfo(timezone), is_working_day)


def default_calendar(session: Session) -> WorkingCalendar:
    """Return the default calendar; Monday to Friday, 9 to 18, where there is none yet.

    Args:
        session: any session.
    """
    calendars = Calendars(session)
    try:
        return calendars.get(calendars.id_of(""))
    except UnknownCalendar:
        return WorkingCalendar()


def _stamp() -> str:
    """Return a new mark; no two changes in any database share one."""
    return uuid.uuid4().hex
