"""Metrics that count for a person and a period: those that a form may name."""

from __future__ import annotations

from app.host.host import current_host
from app.host.measures import Metric


def is_personal(metric: Metric) -> bool:
    """Return whether a metric has a figure for one person and some days."""
    return all(one.day and one.person for one in metric.measures)


def personal_metrics() -> dict[str, Metric]:
    """Return the metrics of the plugins in force that count for a person and a period, by name."""
    return {metric.name: metric for metric in current_host().contributions("register_metrics")
            if is_personal(metric)}
