"""Metrics by name: all of them, those that somebody may open, those that a form may name."""

from __future__ import annotations

from collections.abc import Iterable

from app.access.actor import Actor
from app.host.host import current_host
from app.host.measures import Metric


def is_personal(metric: Metric) -> bool:
    """Return whether a metric has a figure for one person and some days."""
    return all(one.day and one.person for one in metric.measures)


def metrics_by_name(
    names: Iterable[str] | None = None, *, reader: Actor | None = None, personal: bool = False,
) -> dict[str, Metric]:
    """Return the metrics of the core and of the plugins in force, by name.

    Args:
        names: which, in this order, e.g. ``complaints.handling_time``; those of plugins that are
            absent are left out. ``None`` for all.
        reader: who asks; metrics whose screen they may not open are left out. ``None`` for
            what is computed for everybody alike, such as a sheet.
        personal: only those that count for a person and a period, which a form may name.
    """
    known = {one.name: one for one in current_host().contributions("register_metrics")}
    found = known if names is None else {name: known[name] for name in names if name in known}
    return {name: one for name, one in found.items()
            if (not personal or is_personal(one)) and (reader is None or _opens(reader, one))}


def _opens(reader: Actor, metric: Metric) -> bool:
    return reader.is_system or not metric.view or reader.can(metric.permission, metric.view)
