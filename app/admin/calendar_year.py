"""A working calendar as a person reads and writes it: a year of days, and hours as a text."""

from __future__ import annotations

import calendar as months
import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext

from app.deadlines.calendars import WorkingCalendar
from app.deadlines.shifts import shifts
from app.sdk import N_


@dataclasses.dataclass(frozen=True, slots=True)
class Day:
    """A day of the year's view.

    Attributes:
        day: the date; ``None`` fills a week up.
        kind: ``open``, ``closed``, ``holiday``, ``make-up`` or ``own`` (set by hand).
        title: date, hours and note, for hover and reading aloud.
    """

    day: dt.date | None
    kind: str = ""
    title: str = ""


KINDS = {
    "open": N_("Working day"), "closed": N_("Closed by the week"),
    "holiday": N_("Public holiday"), "make-up": N_("Make-up working day"),
    "own": N_("Set by hand"),
}


def hours_text(held: Iterable[Any]) -> str:
    """Return shifts as people write them, e.g. ``09:00-12:00, 13:00-18:00``."""
    return ", ".join(str(shift) for shift in held)


def read_hours(text: str) -> list[str]:
    """Return shifts such as ``09:00-12:00`` from a text that people typed.

    Raises:
        ValueError: a shift is malformed or two overlap.
    """
    marks = text.translate(str.maketrans("，；、～—–：", ",,,---:"))
    parts = [part.replace(" ", "") for part in marks.replace(";", ",").split(",")]
    return [str(shift) for shift in shifts(*filter(None, parts))]


def year_view(calendar: WorkingCalendar, notes: dict[dt.date, str], year: int) -> list[list[Day]]:
    """Return the days of twelve months, each filled up to whole weeks from Monday."""
    return [
        [
            _day(calendar, notes, day) if day.month == month else Day(None)
            for week in months.Calendar().monthdatescalendar(year, month) for day in week
        ]
        for month in range(1, 13)
    ]


def _day(calendar: WorkingCalendar, notes: dict[dt.date, str], day: dt.date) -> Day:
    held = calendar.shifts_on(day)
    if day in calendar.overrides:
        kind = "own"
    elif day in calendar.make_up_days:
        kind = "make-up"
    elif day in calendar.off_days:
        kind = "holiday"
    else:
        kind = "open" if held else "closed"
    parts = [day.isoformat(), gettext(KINDS[kind]), hours_text(held) or gettext("closed")]
    return Day(day, kind, " · ".join(filter(None, [*parts, notes.get(day, "")])))
