"""Figures of the department: what they count, read with the rights of whoever asks."""

from __future__ import annotations

from app.host.measures import MINUTES, PERCENT, Measure, Metric
from app.metrics.counting import recounting
from app.metrics.periods import ALWAYS, Period
from app.metrics.reading import Figure, count, count_by, counts, figures, value
from app.people.clock import local_today
from app.screens.query.periods import PERIODS, period_bounds

__all__ = [
    "ALWAYS",
    "MINUTES",
    "PERCENT",
    "PERIODS",
    "Figure",
    "Measure",
    "Metric",
    "Period",
    "count",
    "count_by",
    "counts",
    "figures",
    "named_period",
    "recounting",
    "value",
]


def named_period(name: str) -> Period:
    """Return the days of a period as the filter of a list has them, e.g. ``this_month``.

    Args:
        name: key of ``PERIODS``.

    Raises:
        KeyError: there is no such period.
    """
    first, last = period_bounds(name, local_today())
    return Period(first=first, last=last)
