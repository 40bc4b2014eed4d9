"""Days of review. Pure."""

from __future__ import annotations

import calendar
import datetime as dt


def in_months(day: dt.date, months: int) -> dt.date:
    """Return the same day some months later; a shorter month has its last day instead.

    Args:
        day: any day.
        months: 0 or more.
    """
    year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
