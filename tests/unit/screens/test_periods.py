"""Periods in words and the spans they cover."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.screens.query.periods import PERIODS, period_bounds

TODAY = dt.date(2026, 11, 22)  # a Sunday
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2100, 12, 31))


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("today", "2026-11-22", "2026-11-22"), ("yesterday", "2026-11-21", "2026-11-21"),
        ("this_week", "2026-11-16", "2026-11-22"), ("last_week", "2026-11-09", "2026-11-15"),
        ("next_week", "2026-11-23", "2026-11-29"), ("this_month", "2026-11-01", "2026-11-30"),
        ("last_month", "2026-10-01", "2026-10-31"), ("this_quarter", "2026-10-01", "2026-12-31"),
        ("last_7_days", "2026-11-16", "2026-11-22"), ("this_year", "2026-01-01", "2026-12-31"),
    ],
)
def test_spans(name, first, last):
    bounds = period_bounds(name, TODAY)
    assert bounds == (dt.date.fromisoformat(first), dt.date.fromisoformat(last))


def test_the_month_before_january_lies_in_the_year_before():
    assert period_bounds("last_month", dt.date(2026, 1, 15)) == (
        dt.date(2025, 12, 1), dt.date(2025, 12, 31)
    )


@given(DAYS, st.sampled_from(sorted(PERIODS)))
def test_every_period_exists_and_runs_forward(today, name):
    first, last = period_bounds(name, today)
    assert first is None or last is None or first <= last


@given(DAYS)
def test_past_today_and_future_share_out_all_days(today):
    _, past = period_bounds("past", today)
    future, _ = period_bounds("future", today)
    assert past + dt.timedelta(days=1) == today == future - dt.timedelta(days=1)
