"""The opening hours of a calendar laid out on one line of instants, with running totals.

Pure. Instants are whole microseconds since 1970 in UTC, so sums are exact and zones cannot
confuse them. Every question is answered by bisection: measuring a year costs as much as
measuring an hour.
"""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Iterable

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)


def to_instant(moment: dt.datetime) -> int:
    """Return microseconds since 1970 in UTC.

    Raises:
        ValueError: ``moment`` has no time zone; it would mean another instant elsewhere.
    """
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError("naive datetime: give an aware one")
    return (moment - EPOCH) // MICROSECOND


def from_instant(instant: int) -> dt.datetime:
    """Return the aware UTC datetime of microseconds since 1970."""
    return EPOCH + dt.timedelta(microseconds=instant)


class OpenPeriods:
    """Open periods of the years ``first_year`` to ``last_year``, in order, without overlaps.

    Attributes:
        first_year: first year laid out.
        last_year: last year laid out.
        days: ordinals of the local dates on which any period opens.
    """

    __slots__ = ("_before", "_closes", "_ends", "_opens", "days", "first_year", "last_year")

    def __init__(
        self,
        first_year: int,
        last_year: int,
        days: Iterable[tuple[int, Iterable[tuple[int, int]]]],
    ) -> None:
        """Lay out the periods.

        Args:
            first_year: year of the first day given.
            last_year: year of the last day given.
            days: for each working date its ordinal and its periods as pairs of instants.
        """
        self.first_year, self.last_year = first_year, last_year
        self.days: list[int] = []
        self._opens: list[int] = []
        self._closes: list[int] = []
        self._before: list[int] = []
        self._ends: list[int] = []
        total = latest = 0
        for ordinal, periods in days:
            self.days.append(ordinal)
            for opens, closes in periods:
                # A shift that opens in the hour skipped in spring may begin after the next one.
                opens = max(opens, latest) if self._opens else opens
                if closes <= opens:
                    continue
                self._opens.append(opens)
                self._closes.append(closes)
                self._before.append(total)
                total += closes - opens
                self._ends.append(total)
                latest = closes

    def position(self, instant: int) -> int:
        """Return the open microseconds between the start of the line and ``instant``."""
        index = bisect.bisect_right(self._opens, instant) - 1
        if index < 0:
            return 0
        return self._before[index] + min(instant, self._closes[index]) - self._opens[index]

    def instant_at(self, position: int) -> int | None:
        """Return the earliest instant with that position, or ``None`` beyond the last period."""
        index = bisect.bisect_left(self._ends, position)
        if index == len(self._ends):
            return None
        return self._opens[index] + position - self._before[index]

    def is_open(self, instant: int) -> bool:
        """Return whether a period holds ``instant``; the closing instant is outside."""
        index = bisect.bisect_right(self._opens, instant) - 1
        return index >= 0 and instant < self._closes[index]

    def next_open(self, instant: int) -> int | None:
        """Return ``instant`` if open, else the next opening, ``None`` beyond the last period."""
        if self.is_open(instant):
            return instant
        index = bisect.bisect_right(self._opens, instant)
        return None if index == len(self._opens) else self._opens[index]

    def next_day(self, ordinal: int, count: int) -> int | None:
        """Return the ``count``-th working date after the date ``ordinal``, or ``None``."""
        index = bisect.bisect_right(self.days, ordinal) + count - 1
        return None if index >= len(self.days) else self.days[index]

    def days_between(self, first: int, last: int) -> int:
        """Return how many working dates lie from ``first`` to ``last``, both included."""
        return max(0, bisect.bisect_right(self.days, last) - bisect.bisect_left(self.days, first))
