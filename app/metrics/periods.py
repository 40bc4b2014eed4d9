"""Periods of figures, and how they are made up of whole months. Pure."""

from __future__ import annotations

import dataclasses
import datetime as dt

_DAY = dt.timedelta(days=1)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days of a period in the organisation's time zone; both ends included, ``None`` is open."""

    first: dt.date | None = None
    last: dt.date | None = None

    def before(self) -> Period | None:
        """Return the period of the same length before; ``None`` of an open one.

        Whole months are compared with as many months, all others with as many days.
        """
        if self.first is None or self.last is None:
            return None
        if self.first.day == 1 and _is_last_of_month(self.last):
            months = _months_between(self.first, self.last) + 1
            return Period(first=_moved(self.first, -months), last=self.first - _DAY)
        days = self.last - self.first + _DAY
        return Period(first=self.first - days, last=self.last - days)


ALWAYS = Period()
"""The period without beginning and end."""


@dataclasses.dataclass(frozen=True, slots=True)
class Split:
    """A period as whole months and the days beside them.

    Attributes:
        months: the period from the first to the last whole month; ``None`` where it has none.
        edges: the days before and after them.
    """

    months: Period | None
    edges: tuple[Period, ...]


def split(period: Period) -> Split:
    """Return a period as whole months and the days beside them.

    Args:
        period: any period; an open side has no days beside the months.
    """
    first, last = period.first, period.last
    if first is not None and last is not None and first > last:
        return Split(None, ())
    start = None if first is None else _first_whole_month(first)
    end = None if last is None else _end_of_whole_months(last)
    if start is not None and end is not None and start > end:
        return Split(None, (period,))
    edges = []
    if start is not None and start != first:
        edges.append(Period(first=first, last=start - _DAY))
    if end is not None and end != last:
        edges.append(Period(first=end + _DAY, last=last))
    return Split(Period(first=start, last=end), tuple(edges))


def day_bounds(
    first: dt.date | None, last: dt.date | None, zone: dt.tzinfo, exact: bool
) -> tuple[dt.date | dt.datetime | None, dt.date | dt.datetime | None]:
    """Return the half-open span ``[low, high)`` that days cover.

    Args:
        first: first day, or ``None``.
        last: last day, or ``None``.
        zone: zone in which days begin.
        exact: give moments (for columns that hold times) instead of days.
    """
    following = None
    if last is not None:
        following = last if last == dt.date.max else last + _DAY
    if not exact:
        return first, following
    midnight = dt.time(tzinfo=zone)
    low = dt.datetime.combine(first, midnight) if first is not None else None
    high = dt.datetime.combine(following, midnight) if following is not None else None
    return low, high


def _is_last_of_month(day: dt.date) -> bool:
    return day != dt.date.max and (day + _DAY).day == 1


def _months_between(first: dt.date, last: dt.date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def _moved(day: dt.date, months: int) -> dt.date:
    number = day.year * 12 + day.month - 1 + months
    return dt.date(number // 12, number % 12 + 1, 1)


def _first_whole_month(day: dt.date) -> dt.date:
    return day if day.day == 1 else _moved(day, 1)


def _end_of_whole_months(day: dt.date) -> dt.date:
    return day if _is_last_of_month(day) else day.replace(day=1) - _DAY
