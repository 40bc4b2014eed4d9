"""Shares of a day that somebody is there, and working days that an absence takes."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.deadlines.calendars import WorkingCalendar
from app.deadlines.shifts import shifts
from app.people.presence import presence_share, working_days_away

ZONE = zoneinfo.ZoneInfo("Asia/Shanghai")
OFFICE = (shifts("09:00-12:00", "13:00-18:00"),) * 5 + ((), ())
CALENDAR = WorkingCalendar(week=OFFICE, off_days=frozenset({dt.date(2026, 10, 1)}))
MONDAY = dt.date(2026, 9, 28)
BASE = dt.datetime(2026, 9, 28, tzinfo=ZONE)
INTERVALS = st.tuples(st.integers(-2000, 20_000), st.integers(0, 8000)).map(
    lambda pair: (BASE + dt.timedelta(minutes=pair[0]),
                  BASE + dt.timedelta(minutes=pair[0] + pair[1])))


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZONE)


@pytest.mark.parametrize("away, share", [
    ([], 1.0),
    ([("09-28T00:00", "09-29T00:00")], 0.0),
    ([("09-28T09:00", "09-28T18:00")], 0.0),
    ([("09-28T12:00", "09-28T13:00")], 1.0),
    ([("09-28T14:00", "09-28T18:00")], 0.5),
    ([("09-28T14:00", "09-28T16:00"), ("09-28T15:00", "09-28T18:00")], 0.5),
    ([("09-27T00:00", "09-28T11:00")], 0.75),
])
def test_the_share_of_a_day(away: list[tuple[str, str]], share: float) -> None:
    assert presence_share(
        CALENDAR, MONDAY, [(at(one), at(two)) for one, two in away], ZONE) == pytest.approx(share)


def test_a_closed_day_counts_with_all_its_hours() -> None:
    sunday = dt.date(2026, 9, 27)
    half = [(at("09-27T12:00"), at("09-28T00:00"))]
    assert presence_share(CALENDAR, sunday, half, ZONE) == pytest.approx(0.5)


def test_weekends_and_holidays_take_no_working_days() -> None:
    away = [(at("09-30T14:00"), at("10-06T09:00"))]
    found = dict(working_days_away(CALENDAR, away, MONDAY, dt.date(2026, 10, 31), ZONE))
    assert found == {
        dt.date(2026, 9, 30): pytest.approx(0.5), dt.date(2026, 10, 2): pytest.approx(1.0),
        dt.date(2026, 10, 5): pytest.approx(1.0)}


@settings(deadline=None)
@given(st.lists(INTERVALS, max_size=5), st.integers(-3, 20))
def test_a_share_lies_between_nothing_and_all(away, offset) -> None:
    day = MONDAY + dt.timedelta(days=offset)
    assert -1e-9 <= presence_share(CALENDAR, day, away, ZONE) <= 1 + 1e-9


@settings(deadline=None)
@given(st.lists(INTERVALS, max_size=4), INTERVALS, st.integers(-3, 20))
def test_one_more_absence_never_adds_presence(away, more, offset) -> None:
    day = MONDAY + dt.timedelta(days=offset)
    before = presence_share(CALENDAR, day, away, ZONE)
    assert presence_share(CALENDAR, day, [*away, more], ZONE) <= before + 1e-9


@settings(deadline=None)
@given(st.lists(INTERVALS, max_size=4), st.integers(0, 15))
def test_a_time_cut_in_two_takes_the_same_days(away, cut) -> None:
    first, last = MONDAY, MONDAY + dt.timedelta(days=16)
    middle = first + dt.timedelta(days=cut)
    whole = dict(working_days_away(CALENDAR, away, first, last, ZONE))
    parts = [*working_days_away(CALENDAR, away, first, middle, ZONE),
             *working_days_away(CALENDAR, away, middle + dt.timedelta(days=1), last, ZONE)]
    assert dict(parts) == whole and len(parts) == len(whole)
