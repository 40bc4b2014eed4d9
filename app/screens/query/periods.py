"""Spans of days in words, for filters: today, this week, last month (pure)."""

from __future__ import annotations

import datetime as dt

from app.i18n import N_

PERIODS: dict[str, str] = {
    "today": N_("today"),
    "yesterday": N_("yesterday"),
    "tomorrow": N_("tomorrow"),
    "this_week": N_("this week"),
    "last_week": N_("last week"),
    "next_week": N_("next week"),
    "last_7_days": N_("the last 7 days"),
    "last_30_days": N_("the last 30 days"),
    "next_7_days": N_("the next 7 days"),
    "next_30_days": N_("the next 30 days"),
    "this_month": N_("this month"),
    "last_month": N_("last month"),
    "this_quarter": N_("this quarter"),
    "this_year": N_("this year"),
    "last_year": N_("last year"),
    "overdue": N_("overdue"),
    "past": N_("in the past"),
    "future": N_("in the future"),
}
"""English labels of periods that move with the day, by name."""


def _month(year: int, month: int) -> tuple[dt.date, dt.date]:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    first = dt.date(year, month, 1)
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return first, following - dt.timedelta(days=1)


def period_bounds(name: str, today: dt.date) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and the last day of a period; ``None`` leaves a side open.

    Args:
        name: key of ``PERIODS``.
        today: the present day.

    Raises:
        KeyError: there is no such period.
    """
    day = dt.timedelta(days=1)
    monday = today - today.weekday() * day
    quarter = (today.month - 1) // 3 * 3 + 1
    spans = {
        "today": (today, today),
        "yesterday": (today - day, today - day),
        "tomorrow": (today + day, today + day),
        "this_week": (monday, monday + 6 * day),
        "last_week": (monday - 7 * day, monday - day),
        "next_week": (monday + 7 * day, monday + 13 * day),
        "last_7_days": (today - 6 * day, today),
        "last_30_days": (today - 29 * day, today),
        "next_7_days": (today, today + 6 * day),
        "next_30_days": (today, today + 29 * day),
        "this_month": _month(today.year, today.month),
        "last_month": _month(today.year, today.month - 1),
        "this_quarter": (_month(today.year, quarter)[0], _month(today.year, quarter + 2)[1]),
        "this_year": (dt.date(today.year, 1, 1), dt.date(today.year, 12, 31)),
        "last_year": (dt.date(today.year - 1, 1, 1), dt.date(today.year - 1, 12, 31)),
        "overdue": (None, today - day),
        "past": (None, today - day),
        "future": (today + day, None),
    }
    return spans[name]


def read_moment(value: str) -> dt.datetime | None:
    """Return the point in time that an address holds, or ``None`` for a day or anything else.

    Args:
        value: with its distance to UTC, e.g. ``2026-11-22T10:30:00+00:00``.
    """
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        return None
    # At the ends of what a date can hold, another zone may lead beyond it.
    if moment.tzinfo is None or not 1800 <= moment.year <= 9000:
        return None
    return moment.astimezone(dt.UTC)
