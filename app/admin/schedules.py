"""The page of schedules: what runs by itself, when it ran last and when it runs next."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable

from flask import current_app
from flask_babel import gettext, ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs.due_moments import DAILY, WEEKDAYS, WORKING, OfficeDays
from app.jobs.kinds import Schedule
from app.jobs.models import ScheduleRow
from app.jobs.runner import EXTENSION, Runtime
from app.jobs.schedules import overdue
from app.jobs.worker import core_schedules
from app.screens.columns.cells import badge
from app.sdk import N_
from app.sdk.screens import Choice, translated

_RUNNING = Choice("running", N_("Running"), "calm", "progress")
_GOOD = Choice("good", N_("Good"), "good", "circle-check")
_FAILED = Choice("failed", N_("Failed"), "bad", "alert-circle")
_OVERDUE = Choice("overdue", N_("Overdue"), "bad", "alert-circle")
_NEVER = Choice("never", N_("Not run yet"), "still", "hourglass")
_DAY_NAMES = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
_UNITS = (86_400, 3600, 60)


@dataclasses.dataclass(frozen=True, slots=True)
class ShownSchedule:
    """A schedule with its texts in the language of the page.

    Attributes:
        title: what it does, or its name.
        name: identifier.
        timing: how often or when it runs.
        state: how it is, to be written as a badge.
        last_at: when it last began; ``None``: never.
        last_due_at: the due moment of the last finished run; ``None`` at an interval.
        next_at: when it runs next; ``None``: no worker has seen it yet, or it never will.
        error: why the last run failed, or an empty text.
    """

    title: str
    name: str
    timing: str
    state: Choice
    last_at: dt.datetime | None
    last_due_at: dt.datetime | None
    next_at: dt.datetime | None
    error: str

    @property
    def badge(self) -> object:
        """How it is, as markup."""
        return badge(self.state)


def every_schedule() -> list[Schedule]:
    """Return all schedules in force, those of plugins included."""
    runtime: Runtime = current_app.extensions[EXTENSION]
    return [*core_schedules(runtime), *runtime.schedules.values()]


def shown_schedules(session: Session, now: dt.datetime) -> list[ShownSchedule]:
    """Return all schedules ready to be drawn, the next one first.

    Args:
        session: any session.
        now: current time.
    """
    every = every_schedule()
    rows = {row.name: row for row in session.scalars(
        select(ScheduleRow).where(ScheduleRow.name.in_([one.name for one in every])))}
    office = current_app.extensions[EXTENSION].office_days(session)
    late = overdue(session, every, now)
    lines = [_line(one, rows.get(one.name), one.name in late, office) for one in every]
    latest = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(lines, key=lambda line: (line.next_at or latest, line.name))


def _line(
    schedule: Schedule, row: ScheduleRow | None, is_late: bool, office: OfficeDays
) -> ShownSchedule:
    title = translated(schedule.title) if schedule.title else schedule.name
    timing = timing_text(schedule)
    if row is None:
        return ShownSchedule(title, schedule.name, timing, _NEVER, None, None, None, "")
    return ShownSchedule(
        title, schedule.name, timing, _state(row, is_late), row.last_started_at, row.last_due_at,
        _next(schedule, row, office), row.last_error or "",
    )


def _state(row: ScheduleRow, is_late: bool) -> Choice:
    if is_late:
        return _OVERDUE
    if row.worker_id:
        return _RUNNING
    if row.last_error:
        return _FAILED
    return _GOOD if row.last_finished_at else _NEVER


def _next(schedule: Schedule, row: ScheduleRow, office: OfficeDays) -> dt.datetime | None:
    due_time = schedule.due_time
    # A run that is tried again comes at a moment of its own.
    if due_time is None or row.due_at is None or row.attempts:
        return row.next_run_at
    return due_time.next_due(row.due_at - dt.timedelta(microseconds=1), office)


def timing_text(schedule: Schedule) -> str:
    """Return in words how often, or on which days and at what time, a schedule runs."""
    if not schedule.at:
        return _interval(schedule.every_seconds or 0)
    return gettext("%(days)s at %(time)s", days=_days(schedule), time=schedule.at)


def _interval(seconds: int) -> str:
    unit = next((unit for unit in _UNITS if seconds % unit == 0), 1)
    number = seconds // unit
    return {
        86_400: lambda: ngettext("every day", "every %(num)s days", number),
        3600: lambda: ngettext("every hour", "every %(num)s hours", number),
        60: lambda: ngettext("every minute", "every %(num)s minutes", number),
        1: lambda: ngettext("every second", "every %(num)s seconds", number),
    }[unit]()


def _days(schedule: Schedule) -> str:
    due_time = schedule.due_time
    if schedule.days == DAILY or due_time is None:
        return gettext("daily")
    if schedule.days == WORKING:
        return gettext("on working days")
    if due_time.weekdays:
        return _listed(gettext(_DAY_NAMES[number]) for number in range(len(WEEKDAYS))
                       if number in due_time.weekdays)
    days = [str(number) for number in sorted(due_time.month_days - {31})]
    texts = [gettext("on day %(days)s of the month", days=_listed(days))] if days else []
    return _listed([*texts, *([gettext("on the last day of the month")]
                              if 31 in due_time.month_days else [])])


def _listed(texts: Iterable[str]) -> str:
    return gettext(", ").join(texts)
