"""How much of a day somebody is there, and how many working days an absence takes. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from app.deadlines.calendars import WorkingCalendar
from app.deadlines.shifts import MINUTES_A_DAY, Shift

Interval = tuple[dt.datetime, dt.datetime]
_WHOLE_DAY = (Shift(0, MINUTES_A_DAY),)
_ONE_DAY = dt.timedelta(days=1)


def presence_share(
    calendar: WorkingCalendar, day: dt.date, away: Iterable[Interval], zone: dt.tzinfo
) -> float:
    """Return the share of a day's open hours for which somebody is not away.

    Args:
        calendar: gives the hours of the day; a closed day counts with all its 24 hours.
        day: local date.
        away: aware starts and ends of absences; they may overlap.
        zone: time zone in which the hours are read.

    Returns:
        0.0 (away all the time) to 1.0 (there all the time).
    """
    held = calendar.shifts_on(day) or _WHOLE_DAY
    open_hours = [(_wall(day, shift.opens, zone), _wall(day, shift.closes, zone)) for shift in held]
    whole = sum(((end - start) for start, end in open_hours), dt.timedelta())
    missed = sum(
        (min(end, closes) - max(start, opens)
         for start, end in _merged(away) for opens, closes in open_hours
         if min(end, closes) > max(start, opens)),
        dt.timedelta(),
    )
    return 1.0 - missed / whole


def working_days_away(
    calendar: WorkingCalendar, away: Iterable[Interval], first: dt.date, last: dt.date,
    zone: dt.tzinfo,
) -> Iterator[tuple[dt.date, float]]:
    """Yield the working days on which somebody is away, with the share of each that is missed.

    Args:
        calendar: says which days are working days.
        away: aware starts and ends of absences.
        first: first local date that counts.
        last: last local date that counts.
        zone: time zone in which the hours are read.
    """
    merged = list(_merged(away))
    if not merged:
        return
    day = max(first, merged[0][0].astimezone(zone).date())
    final = min(last, merged[-1][1].astimezone(zone).date())
    while day <= final:
        if calendar.shifts_on(day):
            missed = 1.0 - presence_share(calendar, day, merged, zone)
            if missed > 0:
                yield day, missed
        day += _ONE_DAY


def _merged(intervals: Iterable[Interval]) -> Iterator[Interval]:
    begin = end = None
    for start, finish in sorted((one, two) for one, two in intervals if one < two):
        if end is None or start > end:
            if begin is not None and end is not None:
                yield begin, end
            begin, end = start, finish
        else:
            end = max(end, finish)
    if begin is not None and end is not None:
        yield begin, end


def _wall(day: dt.date, minutes: int, zone: dt.tzinfo) -> dt.datetime:
    midnight = dt.datetime.combine(day, dt.time())
    return (midnight + dt.timedelta(minutes=minutes)).replace(tzinfo=zone).astimezone(dt.UTC)
