"""Laws of weeks: every day has one Monday, a report is on time up to its moment."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from hypothesis import given
from hypothesis import strategies as st

from plugins.work.reports.weeks import due_at, monday_of, name_of_week, timeliness

DATES = st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1))
ZONES = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "UTC"]).map(zoneinfo.ZoneInfo)


@given(DATES)
def test_every_day_belongs_to_one_week(day):
    monday = monday_of(day)
    assert monday.weekday() == 0 and 0 <= (day - monday).days < 7
    assert monday_of(monday) == monday
    assert name_of_week(monday) == name_of_week(monday_of(monday + dt.timedelta(days=6)))
    assert name_of_week(monday) != name_of_week(monday + dt.timedelta(days=7))


@given(DATES.map(monday_of), st.integers(0, 13), st.integers(1, 23), ZONES)
def test_the_due_moment_is_the_hour_of_the_day_where_the_organisation_is(
    monday, days, hour, zone
):
    due = due_at(monday, days, hour, zone)
    local = due.astimezone(zone)
    assert due.tzinfo is dt.UTC and local.date() == monday + dt.timedelta(days=days)
    # An hour that daylight saving passes over comes an hour later.
    assert local.hour in (hour, hour + 1)


@given(st.timedeltas(dt.timedelta(days=-20), dt.timedelta(days=20)))
def test_the_due_moment_itself_is_on_time(difference):
    due = dt.datetime(2026, 3, 6, 10, tzinfo=dt.UTC)
    expected = "on_time" if difference <= dt.timedelta(0) else "late"
    assert timeliness(due + difference, due) == expected


def test_a_week_of_the_turn_of_the_year_has_its_iso_name():
    assert name_of_week(dt.date(2025, 12, 29)) == "2026-W01"
