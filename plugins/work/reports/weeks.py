"""Weeks and when their reports are due. Pure."""

from __future__ import annotations

import datetime as dt

from plugins.work.choices import LATE, ON_TIME

DAYS = 7


def monday_of(day: dt.date) -> dt.date:
    """Return the Monday of the week of a day."""
    return day - dt.timedelta(days=day.weekday())


def name_of_week(monday: dt.date) -> str:
    """Return the name of a week by ISO 8601, e.g. ``2026-W48``."""
    year, week, _day = monday.isocalendar()
    return f"{year}-W{week:02d}"


def due_at(monday: dt.date, days: int, hour: int, zone: dt.tzinfo) -> dt.datetime:
    """Return the moment until which the report of a week is handed in on time, in UTC.

    Args:
        monday: first day of the week.
        days: days from Monday to the day on which it is due.
        hour: local hour of that day, 0 to 23.
        zone: time zone of the organisation.
    """
    day = monday + dt.timedelta(days=days)
    return dt.datetime.combine(day, dt.time(hour), zone).astimezone(dt.UTC)


def timeliness(handed_in_at: dt.datetime, due: dt.datetime) -> str:
    """Return whether a report was handed in on time; the due moment itself still is."""
    return ON_TIME if handed_in_at <= due else LATE
