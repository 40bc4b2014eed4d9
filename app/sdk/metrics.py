"""Figures of the department: what they count, read with the rights of whoever asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from app.host.measures import MINUTES, PERCENT, Measure, Metric, Served
from app.metrics.addresses import arguments
from app.metrics.counting import recounting
from app.metrics.figures import Figure, figures, figures_by, value
from app.metrics.periods import ALWAYS, Period
from app.metrics.personal import metrics_by_name
from app.metrics.reading import count, count_by, counts, counts_before_now, counts_by
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
    "Served",
    "count",
    "count_by",
    "counts",
    "counts_before_now",
    "counts_by",
    "figures",
    "figures_by",
    "metrics_by_name",
    "named_period",
    "records_url",
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


def records_url(
    metric: Metric, period: Period = ALWAYS, by: Mapping[str, Any] | None = None, *,
    origin: str | None = None,
) -> str:
    """Return the address of the list with the records behind a figure.

    Args:
        metric: the metric, with an ``endpoint``.
        period: days that count.
        by: keys of dimensions as ``count_by`` returns them, e.g. ``{"person": 3}``.
        origin: only records of this register, empty for own work; ``None`` for both.

    Raises:
        LookupError: there is no such dimension.
        ValueError: the period is open on one side only.
    """
    return url_for(metric.endpoint, **arguments(metric, period, by, origin=origin))
