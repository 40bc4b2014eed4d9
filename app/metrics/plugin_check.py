"""What is wrong with the figures that a plugin declares, in one sentence."""

from __future__ import annotations

from sqlalchemy import inspect

from app.access.sensitive.columns import Sensitive
from app.host.faults import PluginFault
from app.host.loaded import LoadedPlugin
from app.host.measures import HIGHER, LOWER, NEITHER, Measure, Metric
from app.i18n import N_
from app.metrics import facts

_LONGEST_NAME, _LONGEST_DIMENSION = 80, 40
_TAKEN = frozenset({"day", "month", "person", "team", "department", "branch"})


def metric_fault(plugin: LoadedPlugin) -> PluginFault | None:
    """Return what is wrong with the metrics of a plugin, or ``None``.

    Args:
        plugin: with its contributions.
    """
    start, known = f"{plugin.name}.", {}
    for metric in plugin.contributions.get("register_metrics", []):
        fault = _metric_fault(metric, start)
        for measure in metric.measures:
            fault = fault or _fault(measure, start)
            if not fault and known.setdefault(measure.name, measure) != measure:
                fault = f"two measures are called {measure.name!r}"
        if fault:
            return PluginFault(plugin.name, "metrics", N_("The metric %(metric)s is faulty."),
                               {"metric": metric.name}, fault)
    return None


def served_fault(plugin: LoadedPlugin) -> PluginFault | None:
    """Return what is wrong with what a plugin offers as customers served, or ``None``.

    Args:
        plugin: with its contributions.
    """
    for one in plugin.contributions.get("register_served", []):
        fault = None
        if (one.measure is None) == (one.count is None):
            fault = "it has either a measure or a count"
        elif one.measure is not None and (not one.measure.day or one.measure.amount):
            fault = "its measure has a day and no amount"
        elif one.measure is not None:
            fault = _fault(one.measure, f"{plugin.name}.")
        if fault:
            return PluginFault(plugin.name, "metrics", N_("The metric %(metric)s is faulty."),
                               {"metric": one.name}, fault)
    return None


def _metric_fault(metric: Metric, start: str) -> str | None:
    if not metric.name.startswith(start):
        return f"its name must begin with {start!r}"
    if metric.better not in (HIGHER, LOWER, NEITHER):
        return f"better is 'higher', 'lower' or empty, not {metric.better!r}"
    if metric.per_served and (metric.denominator is not None or metric.numerator.amount
                              or not metric.numerator.day):
        return "a rate of customers served counts records of a day and has no denominator"
    if metric.denominator is not None and metric.denominator.amount:
        return "its denominator counts records and has no amount"
    if metric.denominator is not None and metric.denominator.model is not metric.numerator.model:
        return "its numerator and denominator count two kinds of record"
    return None


def _fault(measure: Measure, start: str) -> str | None:
    if not measure.name.startswith(start) or len(measure.name) > _LONGEST_NAME:
        return (f"the name of the measure {measure.name!r} must begin with {start!r} and have at "
                f"most {_LONGEST_NAME} characters")
    wrong = [name for name in measure.dimensions
             if name in _TAKEN or not name or len(name) > _LONGEST_DIMENSION]
    if wrong:
        return f"dimensions may not be called {wrong[0]!r}"
    if bool(measure.registers) != bool(measure.origin):
        return f"{measure.name}: origin and registers belong together"
    try:
        columns = facts.columns_of(measure)
        facts.as_sql(measure)
    except (ValueError, NotImplementedError) as error:
        return str(error)
    mapped = inspect(measure.model).column_attrs
    unknown = sorted(columns - set(mapped.keys()))
    if unknown:
        return f"{measure.model.__name__} has no column {unknown[0]!r}"
    secret = [name for name in sorted(columns)
              if isinstance(mapped[name].columns[0].type, Sensitive)]
    return f"{secret[0]!r} is sensitive: its values may not stand in figures" if secret else None
