"""Periods as whole months and the days beside them."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.metrics.periods import ALWAYS, Period, day_bounds, split

_days = st.one_of(st.none(), st.dates(dt.date(2023, 12, 1), dt.date(2026, 3, 31)))
ANY_DAY = st.dates(dt.date(2000, 1, 1), dt.date(2100, 12, 31))
YEARS = [dt.date(2023, 12, 1) + dt.timedelta(days=number) for number in range(850)]


def _within(day: dt.date, period: Period | None) -> bool:
    return period is not None and (period.first is None or period.first <= day) and (
        period.last is None or day <= period.last)


@settings(deadline=None)
@given(_days, _days)
def test_every_day_of_a_period_is_in_its_months_or_beside_them_once(first, last):
    period = Period(first=first, last=last)
    found = split(period)
    for day in YEARS:
        times = sum(_within(day, part) for part in (found.months, *found.edges))
        assert times == _within(day, period), day
    if found.months and found.months.first:
        assert found.months.first.day == 1
    if found.months and found.months.last:
        assert (found.months.last + dt.timedelta(days=1)).day == 1


def test_all_days_are_whole_months():
    assert split(ALWAYS).months == ALWAYS and not split(ALWAYS).edges


@pytest.mark.parametrize(("first", "last", "before"), [
    ("2026-03-01", "2026-03-31", ("2026-02-01", "2026-02-28")),
    ("2026-01-01", "2026-12-31", ("2025-01-01", "2025-12-31")),
    ("2026-01-01", "2026-03-31", ("2025-10-01", "2025-12-31")),
    ("2026-03-02", "2026-03-11", ("2026-02-20", "2026-03-01")),
])
def test_whole_months_are_compared_with_as_many_months(first, last, before):
    day = dt.date.fromisoformat
    assert Period(first=day(first), last=day(last)).before() == Period(
        first=day(before[0]), last=day(before[1]))


@pytest.mark.parametrize("period", [ALWAYS, Period(first=dt.date(2026, 1, 1))])
def test_an_open_period_has_none_before(period):
    assert period.before() is None


@given(ANY_DAY, ANY_DAY)
def test_days_become_half_open_spans_of_moments(one, other):
    first, last = sorted((one, other))
    zone = zoneinfo.ZoneInfo("Asia/Shanghai")
    low, high = day_bounds(first, last, zone, exact=True)
    assert low.date() == first and high.date() == last + dt.timedelta(days=1)
    assert low < high
    assert day_bounds(first, last, zone, exact=False) == (first, last + dt.timedelta(days=1))
