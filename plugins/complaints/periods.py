"""Periods that figures of complaints are looked at for, and what else is chosen beside them."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator, Mapping

from sqlalchemy import ColumnElement

from app.sdk import N_
from app.sdk.metrics import ALWAYS, Period, named_period
from app.sdk.people import local_today
from app.sdk.screens import zone
from plugins.complaints.models import Complaint

PERIODS = ("this_month", "last_month", "this_quarter", "this_year", "last_year")
ALL, DATES = "all", "dates"
LABELS = {ALL: N_("All days"), DATES: N_("Own dates")}
# Days before and after them have no moment in every time zone.
_FIRST_YEAR, _LAST_YEAR = 2000, 2999


def period_of(name: str) -> Period:
    """Return a period by its name among ``PERIODS``; all days for every other name."""
    return named_period(name) if name in PERIODS else ALWAYS


def chosen_period(filters: Mapping[str, str]) -> Period:
    """Return the days that somebody has chosen.

    Args:
        filters: ``period``, a name among ``PERIODS``, ``all`` or ``dates`` for those from
            ``from`` to ``to``, e.g. ``2026-11-01``; a day that is missing or none is today, and
            days in the wrong order are turned.
    """
    if filters.get("period") != DATES:
        return period_of(filters.get("period", ""))
    first, last = sorted(_day(filters.get(name, "")) for name in ("from", "to"))
    return Period(first=first, last=last)


def _day(text: str) -> dt.date:
    with contextlib.suppress(ValueError):
        day = dt.date.fromisoformat(text)
        if _FIRST_YEAR <= day.year <= _LAST_YEAR:
            return day
    return local_today()


def received_in(period: Period) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions of complaints that were received within a period."""
    if period.first is not None:
        yield Complaint.received_at >= _begin(period.first)
    if period.last is not None:
        yield Complaint.received_at < _begin(period.last + dt.timedelta(days=1))


def _begin(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), zone())
