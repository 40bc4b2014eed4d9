"""Working calendars: when a department is open, and time counted by it.

Pure: no database, no web. All moments are aware datetimes; results are in UTC. Local wall times
are read in the calendar's zone, so the hour skipped or repeated by daylight saving is counted
as it passed.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import zoneinfo
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from app.deadlines.shifts import MINUTES_A_DAY, MONDAY_TO_FRIDAY, Shifts, shifts
from app.deadlines.timeline import OpenPeriods, from_instant, to_instant

# A calendar in which the next hundred years hold too little open time is a mistake.
FURTHEST_YEARS = 100
YEARS_LAID_OUT = 3


class NoWorkingTime(ValueError):
    """The calendar has not enough open hours within a hundred years."""


@dataclasses.dataclass(frozen=True)
class WorkingCalendar:
    """Open hours of a department.

    A day's hours come from the first of these that knows the day: ``overrides``,
    ``make_up_days``, ``off_days``, the week.

    Attributes:
        name: unique name, e.g. ``china``.
        timezone: zone in which the wall times are read.
        week: shifts of Monday to Sunday.
        off_days: public holidays on which nobody works.
        make_up_days: days off of the week that are worked in exchange for a holiday, with their
            shifts, or ``None`` for those of Monday.
        overrides: days set by hand, with their shifts; no shifts means closed.
        published_years: years for which the official days are known; ``None`` when the calendar
            follows no official list.
    """

    name: str = "office"
    timezone: str = "Asia/Shanghai"
    week: tuple[Shifts, ...] = MONDAY_TO_FRIDAY
    off_days: frozenset[dt.date] = frozenset()
    make_up_days: Mapping[dt.date, Shifts | None] = dataclasses.field(
        default_factory=dict[dt.date, Shifts | None], hash=False
    )
    overrides: Mapping[dt.date, Shifts] = dataclasses.field(
        default_factory=dict[dt.date, Shifts], hash=False
    )
    published_years: frozenset[int] | None = None
    _zone: zoneinfo.ZoneInfo = dataclasses.field(init=False, repr=False, compare=False)
    _line: OpenPeriods | None = dataclasses.field(
        init=False, repr=False, compare=False, default=None
    )

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError("a week has seven days of shifts, from Monday to Sunday")
        try:
            zone = zoneinfo.ZoneInfo(self.timezone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"unknown time zone: {self.timezone}") from None
        object.__setattr__(self, "_zone", zone)

    # Days ---------------------------------------------------------------------------------

    def shifts_on(self, day: dt.date) -> Shifts:
        """Return the shifts of a local date, empty when closed."""
        if day in self.overrides:
            return self.overrides[day]
        if day in self.make_up_days:
            own = self.make_up_days[day]
            return self.week[0] if own is None else own
        return () if day in self.off_days else self.week[day.weekday()]

    def is_published(self, year: int) -> bool:
        """Return whether the official days of ``year`` are known (or none are followed)."""
        return self.published_years is None or year in self.published_years

    def unpublished_between(self, start: dt.datetime, end: dt.datetime) -> tuple[int, ...]:
        """Return the years from one aware moment to another whose official days are not known."""
        first, last = self.local_date(start).year, self.local_date(end).year
        return tuple(year for year in range(first, last + 1) if not self.is_published(year))

    def local_date(self, moment: dt.datetime) -> dt.date:
        """Return the date of an aware moment in the calendar's zone."""
        to_instant(moment)
        return moment.astimezone(self._zone).date()

    def working_days_touched(self, start: dt.datetime, end: dt.datetime) -> int:
        """Return how many working dates lie from the date of ``start`` to that of ``end``."""
        first, last = self.local_date(start), self.local_date(end)
        line = self._covering(first.year, last.year)
        return line.days_between(first.toordinal(), last.toordinal())

    # Time ---------------------------------------------------------------------------------

    def is_working(self, moment: dt.datetime) -> bool:
        """Return whether the department is open; the closing instant is not open."""
        return self._around(moment).is_open(to_instant(moment))

    def next_opening(self, moment: dt.datetime) -> dt.datetime:
        """Return ``moment`` when open, else the next instant of opening, in UTC.

        Raises:
            NoWorkingTime: the calendar never opens again within a hundred years.
        """
        instant = to_instant(moment)
        return self._search(moment, lambda line: line.next_open(instant))

    def working_time(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """Return the open time from ``start`` to ``end``, negative when ``end`` is earlier."""
        line = self._covering(self.local_date(start).year, self.local_date(end).year)
        passed = line.position(to_instant(end)) - line.position(to_instant(start))
        return dt.timedelta(microseconds=passed)

    def working_minutes(self, start: dt.datetime, end: dt.datetime) -> int:
        """Return the whole open minutes from ``start`` to ``end`` (cut, not rounded)."""
        return int(self.working_time(start, end) / dt.timedelta(minutes=1))

    def add_working_time(self, start: dt.datetime, amount: dt.timedelta) -> dt.datetime:
        """Return the earliest instant by which ``amount`` of open time has passed, in UTC.

        Time that ends exactly at closing ends there and not at the next opening.

        Raises:
            ValueError: ``amount`` is negative.
            NoWorkingTime: the calendar has not so much open time.
        """
        if amount < dt.timedelta(0):
            raise ValueError("working time to add must not be negative")
        instant = to_instant(start)
        if not amount:
            return from_instant(instant)
        wanted = amount // dt.timedelta(microseconds=1)
        return self._search(start, lambda line: line.instant_at(line.position(instant) + wanted))

    def add_working_minutes(self, start: dt.datetime, minutes: int) -> dt.datetime:
        """Return the instant by which ``minutes`` of open time have passed, in UTC."""
        return self.add_working_time(start, dt.timedelta(minutes=minutes))

    def add_working_days(
        self, start: dt.datetime, days: int, at: Literal["close", "same_clock"] = "close"
    ) -> dt.datetime:
        """Return a moment on the ``days``-th working day after the day of ``start``, in UTC.

        The day of ``start`` is not counted (Civil Code of China, art. 201).

        Args:
            start: aware moment.
            days: working days to count, at least 1.
            at: ``close`` of that day's last shift, or the ``same_clock`` time as ``start``.
        """
        if days < 1:
            raise ValueError("working days to add must be at least 1")
        ordinal = self.local_date(start).toordinal()
        found: list[dt.date] = []

        def look(line: OpenPeriods) -> int | None:
            day = line.next_day(ordinal, days)
            if day is None:
                return None
            found.append(dt.date.fromordinal(day))
            return 0

        self._search(start, look)
        day = found[0]
        if at == "close":
            return from_instant(self._wall(day, self.shifts_on(day)[-1].closes))
        return self._same_clock(day, start)

    def add_calendar_days(
        self,
        start: dt.datetime,
        days: int,
        at: Literal["end_of_day", "same_clock"] = "end_of_day",
        roll: bool = False,
    ) -> dt.datetime:
        """Return a moment ``days`` calendar days after the day of ``start``, in UTC.

        Args:
            start: aware moment.
            days: calendar days to count; the day of ``start`` is not counted.
            at: ``end_of_day`` (23:59:59 local) or the ``same_clock`` time as ``start``.
            roll: move to the next working day when the last day is none (Civil Code of China,
                art. 203).
        """
        return self._on(self.local_date(start) + dt.timedelta(days=days), start, at, roll)

    def add_calendar_months(
        self,
        start: dt.datetime,
        months: int,
        at: Literal["end_of_day", "same_clock"] = "end_of_day",
        roll: bool = False,
    ) -> dt.datetime:
        """Return a moment ``months`` months later on the same day, or on the month's last day.

        Arguments as for ``add_calendar_days``.
        """
        day = self.local_date(start)
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        following = dt.date(year + (month == 11), (month + 1) % 12 + 1, 1)
        last = (following - dt.timedelta(days=1)).day
        return self._on(dt.date(year, month + 1, min(day.day, last)), start, at, roll)

    # Exchange -----------------------------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """Return plain values from which ``from_dict`` makes an equal calendar."""

        def days(table: Mapping[dt.date, Shifts | None]) -> dict[str, list[str] | None]:
            return {
                day.isoformat(): None if held is None else [str(shift) for shift in held]
                for day, held in sorted(table.items())
            }

        published = self.published_years
        return {
            "name": self.name,
            "timezone": self.timezone,
            "week": [[str(shift) for shift in day] for day in self.week],
            "off_days": sorted(day.isoformat() for day in self.off_days),
            "make_up_days": days(self.make_up_days),
            "overrides": days(self.overrides),
            "published_years": None if published is None else sorted(published),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> WorkingCalendar:
        """Return the calendar that ``to_dict`` described.

        Raises:
            ValueError: a shift, date or zone is malformed.
        """

        def days(table: Mapping[str, list[str] | None]) -> dict[dt.date, Shifts | None]:
            return {
                dt.date.fromisoformat(day): None if texts is None else shifts(*texts)
                for day, texts in table.items()
            }

        published = values.get("published_years")
        return cls(
            name=values["name"],
            timezone=values["timezone"],
            week=tuple(shifts(*texts) for texts in values["week"]),
            off_days=frozenset(map(dt.date.fromisoformat, values.get("off_days", ()))),
            make_up_days=days(values.get("make_up_days", {})),
            overrides={
                day: held or () for day, held in days(values.get("overrides", {})).items()
            },
            published_years=None if published is None else frozenset(published),
        )

    def content_hash(self) -> str:
        """Return a short hash that changes when any open hour may have changed."""
        text = json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    # Inside -------------------------------------------------------------------------------

    def _on(self, day: dt.date, start: dt.datetime, at: str, roll: bool) -> dt.datetime:
        if roll and not self.shifts_on(day):
            opening = self.next_opening(from_instant(self._wall(day, 0)))
            day = self.local_date(opening)
        if at == "end_of_day":
            return from_instant(self._wall(day, MINUTES_A_DAY) - 1_000_000)
        return self._same_clock(day, start)

    def _same_clock(self, day: dt.date, start: dt.datetime) -> dt.datetime:
        local = start.astimezone(self._zone)
        return dt.datetime.combine(day, local.time(), self._zone).astimezone(dt.UTC)

    def _wall(self, day: dt.date, minutes: int) -> int:
        """Return the instant at which the clock on the wall shows ``minutes`` after midnight."""
        midnight = dt.datetime(day.year, day.month, day.day)
        naive = midnight + dt.timedelta(minutes=minutes)
        return to_instant(naive.replace(tzinfo=self._zone))

    def _days(self, first_year: int, last_year: int) -> Iterable[tuple[int, list[tuple[int, int]]]]:
        first, last = dt.date(first_year, 1, 1).toordinal(), dt.date(last_year, 12, 31).toordinal()
        for ordinal in range(first, last + 1):
            day = dt.date.fromordinal(ordinal)
            held = self.shifts_on(day)
            if held:
                yield (
                    ordinal,
                    [(self._wall(day, one.opens), self._wall(day, one.closes)) for one in held],
                )

    def _covering(self, *years: int) -> OpenPeriods:
        """Return a line that holds all ``years``, longer than the last one if need be."""
        line = self._line
        first, last = min(years), max(years)
        if line is None or first < line.first_year or last > line.last_year:
            first, last = max(1, first - 1), min(9998, last + YEARS_LAID_OUT)
            if line is not None:
                first, last = min(first, line.first_year), max(last, line.last_year)
            line = OpenPeriods(first, last, self._days(first, last))
            # One assignment of a finished line: a thread sees the old one or the new one.
            object.__setattr__(self, "_line", line)
        return line

    def _around(self, moment: dt.datetime) -> OpenPeriods:
        return self._covering(self.local_date(moment).year)

    def _search(self, start: dt.datetime, look: Callable[[OpenPeriods], int | None]) -> dt.datetime:
        """Look along ever longer lines until ``look`` finds an instant."""
        year = self.local_date(start).year
        reach = year
        while reach <= min(year + FURTHEST_YEARS, 9998):
            line = self._covering(year, reach)
            found = look(line)
            if found is not None:
                return from_instant(found)
            reach = line.last_year + YEARS_LAID_OUT
        raise NoWorkingTime(f"calendar {self.name!r} has not enough open hours after {start}")
