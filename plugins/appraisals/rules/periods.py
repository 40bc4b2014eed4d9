"""Periods of appraisals: months, quarters and years from the 1st to the next 1st. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

MONTH, QUARTER, YEAR, SPOT = "month", "quarter", "year", "spot"
REGULAR = {MONTH: 1, QUARTER: 3, YEAR: 12}
"""Months that a cycle of a kind lasts; a spot check lasts as long as somebody says."""


def months_later(day: dt.date, months: int) -> dt.date:
    """Return the first day of the month that lies so many months after the one of a day.

    Args:
        day: any day.
        months: how many months later; negative for earlier.
    """
    place = day.year * 12 + day.month - 1 + months
    return dt.date(place // 12, place % 12 + 1, 1)


def period(kind: str, day: dt.date) -> tuple[dt.date, dt.date]:
    """Return the period of a kind in which a day lies: its first day, and the one after its last.

    Args:
        kind: ``month``, ``quarter`` or ``year``.
        day: any day.

    Raises:
        KeyError: the kind has no regular period.
    """
    length = REGULAR[kind]
    begin = dt.date(day.year, (day.month - 1) // length * length + 1, 1)
    return begin, months_later(begin, length)


def is_regular(kind: str, starts_on: dt.date, ends_on: dt.date) -> bool:
    """Return whether two days bound a period of a kind; of a spot check, whether they are in order.

    Args:
        kind: kind of cycle.
        starts_on: first day.
        ends_on: day after the last one.
    """
    if kind == SPOT:
        return starts_on < ends_on
    return period(kind, starts_on) == (starts_on, ends_on)


def overlapping(
    wanted: tuple[dt.date, dt.date], others: Iterable[tuple[dt.date, dt.date]]
) -> tuple[dt.date, dt.date] | None:
    """Return the first of several periods that shares a day with the wanted one, or ``None``.

    Args:
        wanted: first day, and the day after the last one.
        others: periods of the same kind.
    """
    begin, end = wanted
    return next((one for one in others if one[0] < end and begin < one[1]), None)
