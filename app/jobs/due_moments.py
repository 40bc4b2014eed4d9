"""At which moments a schedule with a time of day is due. Pure.

A due moment is a local date and a time of day, read in a time zone. Each date has at most one: a
time that daylight saving skips is read with the offset in force before the change (02:30 becomes
03:30), a time that comes twice is the first of the two.
"""

from __future__ import annotations

import calendar
import dataclasses
import datetime as dt
import re
import zoneinfo
from collections.abc import Callable, Iterator

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAILY = "daily"
WORKING = "working"
# Every choice of days comes back within this time; working days only where the calendar has any.
FURTHEST = dt.timedelta(days=400)
_ONE_DAY = dt.timedelta(days=1)

IsWorkingDay = Callable[[dt.date], bool]


def is_monday_to_friday(day: dt.date) -> bool:
    """Return whether a date is a working day where no calendar says more."""
    return day.weekday() < 5


@dataclasses.dataclass(frozen=True, slots=True)
class OfficeDays:
    """The organisation's clock and calendar, as schedules need them.

    Attributes:
        zone: time zone in which times of day are read.
        is_working_day: whether a local date is a working day.
    """

    zone: dt.tzinfo = dataclasses.field(default_factory=lambda: zoneinfo.ZoneInfo("Asia/Shanghai"))
    is_working_day: IsWorkingDay = is_monday_to_friday


@dataclasses.dataclass(frozen=True, slots=True)
class DueTime:
    """A time of day on certain days.

    Attributes:
        at: time of day on the wall clock.
        days: ``daily``, ``working``, or empty where one of the following says it.
        weekdays: Monday is 0.
        month_days: 1 to 31; a month that is shorter has its last day in place of a later one.
    """

    at: dt.time
    days: str = ""
    weekdays: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()

    @classmethod
    def parse(cls, at: str, days: str = DAILY) -> DueTime:
        """Return the due time that two texts describe.

        Args:
            at: time of day, e.g. ``02:00``.
            days: ``daily``; ``working`` days of the default calendar; days of the week such as
                ``mon-fri`` or ``mon,thu``; or days of the month such as ``1,15``, where 31 means
                the last one.

        Raises:
            ValueError: a text is malformed.
        """
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", at):
            raise ValueError(f"a time of day is written as 02:00, not {at!r}")
        time = dt.time.fromisoformat(at)
        if days in (DAILY, WORKING):
            return cls(time, days=days)
        parts = days.split(",")
        if all(re.fullmatch(r"[1-9]|[12]\d|3[01]", part) for part in parts):
            return cls(time, month_days=frozenset(map(int, parts)))
        return cls(time, weekdays=frozenset(
            number for part in parts for number in _weekdays(part, days)))

    def is_candidate(self, day: dt.date) -> bool:
        """Return whether a date counts, working days left aside."""
        if self.weekdays:
            return day.weekday() in self.weekdays
        if self.month_days:
            last = calendar.monthrange(day.year, day.month)[1]
            return day.day in self.month_days or (
                day.day == last and max(self.month_days) > last)
        return True

    def counts(self, day: dt.date, office: OfficeDays) -> bool:
        """Return whether the work is due on a date."""
        return self.is_candidate(day) and (self.days != WORKING or office.is_working_day(day))

    def on(self, day: dt.date, office: OfficeDays) -> dt.datetime:
        """Return the due moment of a date, in UTC."""
        return dt.datetime.combine(day, self.at, office.zone).astimezone(dt.UTC)

    def next_candidate(self, after: dt.datetime, office: OfficeDays) -> dt.datetime:
        """Return the first moment later than another one that may be due, in UTC.

        Whether it is a working day is asked when it has come: the calendar may change until then.
        """
        return next(self._from(after, office, self.is_candidate))

    def next_due(self, after: dt.datetime, office: OfficeDays) -> dt.datetime | None:
        """Return the first due moment later than another one by the calendar of today, in UTC.

        Returns:
            The moment; ``None`` where the calendar has no working day within 400 days.
        """
        found = self._from(after, office, lambda day: self.counts(day, office))
        return next(found, None)

    def due_between(
        self, first: dt.datetime, last: dt.datetime, office: OfficeDays
    ) -> Iterator[dt.datetime]:
        """Yield the due moments from one moment to another, both included, in UTC."""
        day = first.astimezone(office.zone).date() - _ONE_DAY
        final = last.astimezone(office.zone).date() + _ONE_DAY
        while day <= final:
            if self.counts(day, office) and first <= (moment := self.on(day, office)) <= last:
                yield moment
            day += _ONE_DAY

    def _from(
        self, after: dt.datetime, office: OfficeDays, counts: Callable[[dt.date], bool]
    ) -> Iterator[dt.datetime]:
        start = after.astimezone(office.zone).date()
        for distance in range(-1, FURTHEST.days):
            day = start + distance * _ONE_DAY
            if counts(day) and (moment := self.on(day, office)) > after:
                yield moment


def _weekdays(part: str, whole: str) -> Iterator[int]:
    first, dash, last = part.partition("-")
    last = last if dash else first
    if first not in WEEKDAYS or last not in WEEKDAYS:
        raise ValueError(
            "days are daily, working, days of the week (mon-fri) or of the month (1,15), "
            f"not {whole!r}")
    begin, end = WEEKDAYS.index(first), WEEKDAYS.index(last)
    if end < begin:
        raise ValueError(f"the days of the week run from mon to sun, not {part!r}")
    yield from range(begin, end + 1)
