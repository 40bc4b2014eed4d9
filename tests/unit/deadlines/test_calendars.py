"""Working calendars: public cases to the minute, and laws that hold for any calendar."""

from __future__ import annotations

import csv
import datetime as dt
import os
import zoneinfo
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.deadlines.calendars import NoWorkingTime, WorkingCalendar
from app.deadlines.chinese import china_calendar, official_days
from app.deadlines.shifts import Shift, shifts

SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
ROOT = Path(__file__).resolve().parents[3]
DATA = Path(os.environ.get("CARELINE_DATA_DIR", ROOT.parent / "shared" / "data"))


def rows(name: str) -> list[dict[str, str]]:
    path = DATA / name
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def need(name: str) -> list[dict[str, str]]:
    found = rows(name)
    if not found:
        pytest.skip(f"public data {name} is not in {DATA}; set CARELINE_DATA_DIR")
    return found


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture(scope="module")
def notices() -> WorkingCalendar:
    """The calendar of the State Council's notices, straight from the public table."""
    table = need("cn_holidays_2007_2026.csv")
    days = {kind: set() for kind in ("off", "make-up workday")}
    for row in table:
        days[row["kind"]].add(dt.date.fromisoformat(row["date"]))
    return WorkingCalendar(
        off_days=frozenset(days["off"]), make_up_days=dict.fromkeys(days["make-up workday"])
    )


CASES = rows("sla_cases_dev.csv")


def test_public_cases_are_there():
    assert len(need("sla_cases_dev.csv")) == 60


@pytest.mark.parametrize("source", ["notices", "packages"])
@pytest.mark.parametrize("case", CASES, ids=[f"case-{case['case']}" for case in CASES])
def test_public_case(case, source, request):
    calendar = request.getfixturevalue("notices") if source == "notices" else PACKAGES
    start, end = local(case["start_asia_shanghai"]), local(case["end_asia_shanghai"])
    assert (end.astimezone(dt.UTC) - start.astimezone(dt.UTC)) == dt.timedelta(
        minutes=int(case["calendar_minutes"])
    )
    assert calendar.working_days_touched(start, end) == int(case["workdays_touched"])
    minutes = int(case["working_minutes_0900_1800"])
    assert calendar.working_time(start, end) == dt.timedelta(minutes=minutes)
    assert calendar.working_minutes(start, end) == minutes
    assert calendar.add_working_minutes(start, 8 * 60) == local(case["due_after_8_working_hours"])
    assert calendar.add_working_days(start, 3) == local(
        case["due_after_3_workdays_same_clock_1800"]
    )


PACKAGES = china_calendar()


def test_packages_agree_with_the_notices_on_every_day(notices):
    day, last = dt.date(2007, 1, 1), dt.date(2026, 12, 31)
    differing = []
    while day <= last:
        if bool(notices.shifts_on(day)) != bool(PACKAGES.shifts_on(day)):
            differing.append(day)
        day += dt.timedelta(days=1)
    assert differing == []


def test_second_package_fills_years_the_first_does_not_know(monkeypatch, notices):
    import chinese_calendar.constants as first

    for table in ("holidays", "workdays"):
        monkeypatch.setattr(
            first, table, {d: n for d, n in getattr(first, table).items() if d.year != 2024}
        )
    days = official_days([2024])
    assert days.published == {2024}
    calendar = WorkingCalendar(off_days=days.off, make_up_days=dict.fromkeys(days.make_up))
    for ordinal in range(dt.date(2024, 1, 1).toordinal(), dt.date(2025, 1, 1).toordinal()):
        day = dt.date.fromordinal(ordinal)
        assert bool(calendar.shifts_on(day)) == bool(notices.shifts_on(day)), day


def test_unpublished_year_follows_law_and_week_until_overridden():
    assert official_days([2099]).unpublished == {2099}
    plain = china_calendar(years=[2099])
    assert not plain.is_published(2099)
    fixed, ordinary = dt.date(2099, 10, 1), dt.date(2099, 10, 8)
    assert fixed.weekday() == ordinary.weekday() < 5
    # Which days are bridged, and which weekends are worked for it, nobody knows yet.
    assert plain.shifts_on(fixed) == () and plain.shifts_on(ordinary)
    set_by_hand = china_calendar(years=[2099], overrides={ordinary: ()})
    assert set_by_hand.shifts_on(ordinary) == ()


@pytest.mark.parametrize("day", [
    dt.date(2027, 1, 1), dt.date(2027, 2, 5), dt.date(2027, 2, 8), dt.date(2027, 4, 5),
    dt.date(2027, 6, 9), dt.date(2027, 9, 15), dt.date(2027, 10, 1),
])
def test_the_days_that_the_law_fixes_are_off_whether_the_year_is_published_or_not(day):
    assert day in official_days([2026, 2027]).off
    assert day.weekday() < 5 and PACKAGES.shifts_on(day) == ()


def test_five_working_days_over_the_turn_of_an_unpublished_year_leave_out_new_years_day():
    start = dt.datetime(2026, 12, 25, 10, 0, tzinfo=SHANGHAI)
    due = PACKAGES.add_working_days(start, 5)
    assert due.astimezone(SHANGHAI).date() == dt.date(2027, 1, 4)


def test_order_of_precedence_of_a_day():
    monday, saturday = dt.date(2024, 5, 6), dt.date(2024, 5, 11)
    calendar = WorkingCalendar(
        off_days=frozenset({monday}),
        make_up_days={saturday: shifts("10:00-12:00")},
        overrides={},
    )
    assert calendar.shifts_on(monday) == ()
    assert calendar.shifts_on(saturday) == shifts("10:00-12:00")
    by_hand = WorkingCalendar(
        off_days=frozenset({monday}),
        make_up_days={saturday: None},
        overrides={monday: shifts("09:00-10:00"), saturday: ()},
    )
    assert by_hand.shifts_on(monday) == shifts("09:00-10:00")
    assert by_hand.shifts_on(saturday) == ()


def test_lunch_break_is_not_counted():
    calendar = WorkingCalendar(week=(shifts("09:00-12:00", "13:30-18:00"),) * 7)
    start, end = local("2024-05-08 11:30"), local("2024-05-08 14:00")
    assert calendar.working_minutes(start, end) == 60
    assert calendar.add_working_minutes(start, 31) == local("2024-05-08 13:31")
    assert calendar.add_working_minutes(start, 30) == local("2024-05-08 12:00")
    assert not calendar.is_working(local("2024-05-08 12:00"))
    assert calendar.next_opening(local("2024-05-08 12:00")) == local("2024-05-08 13:30")


@pytest.mark.parametrize(
    ("day", "hours"), [("2024-03-31", 23), ("2024-10-27", 25), ("2024-06-03", 24)]
)
def test_daylight_saving_counts_the_hours_that_passed(day, hours):
    zone = zoneinfo.ZoneInfo("Europe/London")
    calendar = WorkingCalendar(timezone="Europe/London", week=(shifts("00:00-24:00"),) * 7)
    start = dt.datetime.fromisoformat(day).replace(tzinfo=zone)
    following = start + dt.timedelta(days=1)  # wall time, so the next local midnight
    assert calendar.working_minutes(start, following) == hours * 60
    assert calendar.add_working_minutes(start, hours * 60) == following


def test_shift_that_opens_in_the_skipped_hour_counts_nothing_twice():
    calendar = WorkingCalendar(
        timezone="Europe/London", week=(shifts("00:00-01:30", "01:30-03:00"),) * 7
    )
    zone = zoneinfo.ZoneInfo("Europe/London")
    start = dt.datetime(2024, 3, 31, 0, tzinfo=zone)
    assert calendar.working_minutes(start, dt.datetime(2024, 3, 31, 12, tzinfo=zone)) == 120


def test_months_end_on_the_last_day_of_a_shorter_month():
    calendar = WorkingCalendar()
    assert calendar.add_calendar_months(local("2024-01-31 10:00"), 1) == local(
        "2024-02-29 23:59:59"
    )
    assert calendar.add_calendar_months(local("2024-11-30 10:00"), 13, at="same_clock") == local(
        "2025-12-30 10:00"
    )
    assert calendar.add_calendar_months(local("2023-12-31 10:00"), 12) == local(
        "2024-12-31 23:59:59"
    )


def test_last_day_on_a_holiday_rolls_to_the_next_working_day():
    start = local("2024-09-20 10:00")  # ten days later the National Day holiday has begun
    assert PACKAGES.add_calendar_days(start, 11) == local("2024-10-01 23:59:59")
    assert PACKAGES.add_calendar_days(start, 11, roll=True) == local("2024-10-08 23:59:59")


def test_naive_moments_are_refused():
    calendar, naive = WorkingCalendar(), dt.datetime(2024, 5, 6, 10)
    for ask in (
        lambda: calendar.is_working(naive),
        lambda: calendar.next_opening(naive),
        lambda: calendar.working_minutes(naive, naive),
        lambda: calendar.add_working_minutes(naive, 1),
        lambda: calendar.add_working_days(naive, 1),
        lambda: calendar.add_calendar_days(naive, 1),
    ):
        with pytest.raises(ValueError, match="naive"):
            ask()


def test_calendar_that_never_opens_says_so():
    closed = WorkingCalendar(week=((),) * 7)
    with pytest.raises(NoWorkingTime):
        closed.add_working_minutes(local("2024-05-06 10:00"), 1)
    assert closed.working_minutes(local("2024-05-06 10:00"), local("2025-05-06 10:00")) == 0


@pytest.mark.parametrize("text", ["9-18", "18:00-09:00", "09:00-25:00", "09:00", "a:b-c:d"])
def test_malformed_shifts_are_refused(text):
    with pytest.raises(ValueError):
        Shift.parse(text)


def test_overlapping_shifts_are_refused():
    with pytest.raises(ValueError, match="overlap"):
        shifts("09:00-12:00", "11:00-13:00")


# Laws -------------------------------------------------------------------------------------

CALENDARS = st.sampled_from(
    [
        PACKAGES,
        WorkingCalendar(week=(shifts("09:00-12:00", "13:30-18:00"),) * 5 + ((), ())),
        WorkingCalendar(timezone="Europe/London", week=(shifts("00:00-24:00"),) * 7),
        WorkingCalendar(
            timezone="America/New_York", week=(shifts("00:30-02:30", "22:00-24:00"),) * 6 + ((),)
        ),
    ]
)
MOMENTS = st.datetimes(
    dt.datetime(2019, 1, 1), dt.datetime(2026, 12, 31), timezones=st.just(dt.UTC)
)
SPANS = st.timedeltas(dt.timedelta(0), dt.timedelta(days=40))


@given(CALENDARS, MOMENTS, MOMENTS, MOMENTS)
def test_measuring_is_additive(calendar, a, b, c):
    assert calendar.working_time(a, b) + calendar.working_time(b, c) == calendar.working_time(a, c)


@given(CALENDARS, MOMENTS, MOMENTS)
def test_measuring_is_monotone_and_never_longer_than_what_passed(calendar, a, b):
    a, b = sorted((a, b))
    assert dt.timedelta(0) <= calendar.working_time(a, b) <= b - a


@given(CALENDARS, MOMENTS, SPANS)
def test_measuring_undoes_adding(calendar, start, span):
    end = calendar.add_working_time(start, span)
    assert end >= start
    assert calendar.working_time(start, end) == span
    # The earliest such instant: one microsecond before, less has passed.
    if span:
        assert calendar.working_time(start, end - dt.timedelta(microseconds=1)) < span


@given(CALENDARS, MOMENTS, SPANS, SPANS)
def test_adding_in_two_steps_is_adding_once(calendar, start, one, two):
    stepwise = calendar.add_working_time(calendar.add_working_time(start, one), two)
    assert stepwise == calendar.add_working_time(start, one + two)


@given(CALENDARS, MOMENTS)
def test_starting_while_closed_is_starting_at_the_opening(calendar, start):
    opening = calendar.next_opening(start)
    assert calendar.is_working(opening)
    assert calendar.working_time(start, opening) == dt.timedelta(0)
    for minutes in (1, 500):
        assert calendar.add_working_minutes(start, minutes) == calendar.add_working_minutes(
            opening, minutes
        )


@given(MOMENTS, st.dates(dt.date(2019, 1, 1), dt.date(2026, 12, 31)), SPANS)
def test_one_more_day_off_never_brings_a_deadline_forward(start, day, span):
    stricter = WorkingCalendar(
        off_days=PACKAGES.off_days,
        make_up_days=PACKAGES.make_up_days,
        overrides={day: ()},
    )
    due, later = PACKAGES.add_working_time(start, span), stricter.add_working_time(start, span)
    assert later >= due
    lost = PACKAGES.working_time(start, later) - span
    assert lost in (dt.timedelta(0), *_parts_of(day, start, later))


def _parts_of(day: dt.date, start: dt.datetime, end: dt.datetime) -> list[dt.timedelta]:
    """The open time of the closed day that lies within the stretch."""
    midnight = dt.datetime.combine(day, dt.time(), SHANGHAI)
    following = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), SHANGHAI)
    return [PACKAGES.working_time(max(start, midnight), min(end, following))]


@given(MOMENTS, st.integers(1, 60), st.integers(1, 60))
def test_working_days_add_up(start, one, two):
    stepwise = PACKAGES.add_working_days(PACKAGES.add_working_days(start, one), two)
    assert stepwise == PACKAGES.add_working_days(start, one + two)
    day = PACKAGES.local_date(PACKAGES.add_working_days(start, one))
    assert PACKAGES.shifts_on(day)


@settings(max_examples=25)
@given(CALENDARS)
def test_a_calendar_survives_its_plain_form(calendar):
    again = WorkingCalendar.from_dict(calendar.to_dict())
    assert again == calendar
    assert again.content_hash() == calendar.content_hash()


def test_a_million_sums_are_a_matter_of_seconds():
    """The sweep measures many clocks; a sum must not walk day by day."""
    import time

    start = local("2024-05-08 11:30")
    PACKAGES.add_working_minutes(start, 5000)
    began = time.process_time()
    for _ in range(10_000):
        PACKAGES.add_working_minutes(start, 5000)
    assert time.process_time() - began < 0.5
