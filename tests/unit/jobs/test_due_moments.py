"""Due moments of schedules with a time of day, daylight saving included."""

from __future__ import annotations

import calendar
import datetime as dt
import itertools
import zoneinfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.jobs.due_moments import WEEKDAYS, DueTime, OfficeDays

ZONES = ("Asia/Shanghai", "Europe/London", "America/St_Johns", "Australia/Lord_Howe", "UTC")
DAY = dt.timedelta(days=1)
MOMENTS = st.datetimes(
    dt.datetime(2020, 1, 1), dt.datetime(2032, 1, 1), timezones=st.just(dt.UTC))
OFFICES = st.sampled_from(ZONES).map(lambda name: OfficeDays(zoneinfo.ZoneInfo(name)))
TIMES = st.times().map(lambda time: f"{time:%H:%M}")
DAYS = st.one_of(
    st.sampled_from(["daily", "working", "mon-fri", "sat,sun", "mon,wed-thu"]),
    st.lists(st.integers(1, 31), min_size=1, max_size=4).map(lambda d: ",".join(map(str, d))),
)
SHANGHAI = OfficeDays(zoneinfo.ZoneInfo("Asia/Shanghai"))
LONDON = OfficeDays(zoneinfo.ZoneInfo("Europe/London"))


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@settings(deadline=None)
@given(TIMES, DAYS, MOMENTS, OFFICES)
def test_the_next_moment_is_later_and_nothing_lies_between(
    at: str, days: str, after: dt.datetime, office: OfficeDays
) -> None:
    due = DueTime.parse(at, days)
    found = due.next_due(after, office)
    assert found is not None and found > after
    just_after = after + dt.timedelta(microseconds=1)
    assert list(due.due_between(just_after, found, office)) == [found]


@settings(deadline=None)
@given(TIMES, DAYS, MOMENTS, OFFICES, st.integers(0, 60))
def test_following_the_moments_one_by_one_gives_those_between(
    at: str, days: str, start: dt.datetime, office: OfficeDays, length: int
) -> None:
    due, end = DueTime.parse(at, days), start + length * DAY
    walked, moment = [], due.next_due(start - dt.timedelta(microseconds=1), office)
    while moment is not None and moment <= end:
        walked.append(moment)
        moment = due.next_due(moment, office)
    assert walked == list(due.due_between(start, end, office))


@settings(deadline=None)
@given(TIMES, MOMENTS, OFFICES)
def test_daily_means_once_for_each_local_date(
    at: str, start: dt.datetime, office: OfficeDays
) -> None:
    found = list(DueTime.parse(at).due_between(start, start + 400 * DAY, office))
    dates = [moment.astimezone(office.zone).date() for moment in found]
    assert len(set(dates)) == len(dates)
    assert all(later - earlier == DAY for earlier, later in itertools.pairwise(dates))


@settings(deadline=None)
@given(st.integers(2000, 2100), st.integers(1, 12))
def test_the_thirty_first_is_the_last_day_of_every_month(year: int, month: int) -> None:
    due = DueTime.parse("02:00", "31")
    last = calendar.monthrange(year, month)[1]
    days = [day for day in range(1, last + 1) if due.is_candidate(dt.date(year, month, day))]
    assert days == [last]


def test_an_hour_that_daylight_saving_skips_comes_after_it() -> None:
    # On 29 March 2026 clocks in London go from 01:00 to 02:00.
    found = DueTime.parse("01:30").next_due(utc("2026-03-28T12:00"), LONDON)
    assert found == utc("2026-03-29T01:30")
    assert found.astimezone(LONDON.zone).hour == 2


def test_an_hour_that_comes_twice_counts_once() -> None:
    # On 25 October 2026 clocks in London go back from 02:00 to 01:00.
    found = list(DueTime.parse("01:30").due_between(
        utc("2026-10-24T12:00"), utc("2026-10-26T00:00"), LONDON))
    assert found == [utc("2026-10-25T00:30")]


def test_the_time_is_that_of_the_organisation() -> None:
    assert DueTime.parse("02:00").next_due(utc("2026-05-01T17:59"), SHANGHAI) == utc(
        "2026-05-01T18:00")


def test_working_days_are_asked_for() -> None:
    holiday = dt.date(2026, 10, 1)
    office = OfficeDays(SHANGHAI.zone, lambda day: day != holiday)
    found = DueTime.parse("09:00", "working").next_due(utc("2026-09-30T12:00"), office)
    assert found == utc("2026-10-02T01:00")
    assert DueTime.parse("09:00", "working").next_candidate(
        utc("2026-09-30T12:00"), office) == utc("2026-10-01T01:00")


def test_a_calendar_without_working_days_has_no_next_moment() -> None:
    office = OfficeDays(SHANGHAI.zone, lambda _day: False)
    assert DueTime.parse("09:00", "working").next_due(utc("2026-09-30T12:00"), office) is None


@pytest.mark.parametrize("days, weekdays", [
    ("mon-fri", "mon tue wed thu fri"), ("sun", "sun"), ("mon,thu-sat", "mon thu fri sat"),
])
def test_days_of_the_week(days: str, weekdays: str) -> None:
    wanted = {WEEKDAYS.index(name) for name in weekdays.split()}
    assert DueTime.parse("02:00", days).weekdays == wanted


@pytest.mark.parametrize("at, days", [
    ("2:00", "daily"), ("24:00", "daily"), ("", "daily"), ("02:00", ""), ("02:00", "fri-mon"),
    ("02:00", "0"), ("02:00", "32"), ("02:00", "monday"), ("02:00", "1,mon"), ("02:00", "mon-"),
])
def test_malformed_texts_are_refused(at: str, days: str) -> None:
    with pytest.raises(ValueError):
        DueTime.parse(at, days)
