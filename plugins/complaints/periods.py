"""Periods that figures of complaints are looked at for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import ColumnElement

from app.sdk.metrics import ALWAYS, Period, named_period
from app.sdk.screens import zone
from plugins.complaints.models import Complaint

PERIODS = ("this_month", "last_month", "this_quarter", "this_year", "last_year")


def period_of(name: str) -> Period:
    """Return a period by its name among ``PERIODS``; all days for every other name."""
    return named_period(name) if name in PERIODS else ALWAYS


def received_in(period: Period) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions of complaints that were received within a period."""
    if period.first is not None:
        yield Complaint.received_at >= _begin(period.first)
    if period.last is not None:
        yield Complaint.received_at < _begin(period.last + dt.timedelta(days=1))


def _begin(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), zone())
