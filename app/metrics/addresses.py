"""Where the records behind a figure are: arguments in the address of their list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import inspect

from app.host.measures import Measure, Metric
from app.metrics.facts import BRANCH, PERSON, branch_column
from app.metrics.periods import ALWAYS, Period
from app.metrics.sources import groups_of


def arguments(
    metric: Metric, period: Period = ALWAYS, by: Mapping[str, Any] | None = None, *,
    origin: str | None = None,
) -> dict[str, Any]:
    """Return the filters with which the list of a metric shows the records behind it.

    Args:
        metric: the metric.
        period: days that count.
        by: keys of dimensions as ``count_by`` returns them, e.g. ``{"person": 3}``.
        origin: only records of this register, empty for own work; ``None`` for both. The list
            filters by the measure's ``origin`` as by a choice.

    Raises:
        LookupError: there is no such dimension.
        ValueError: a period is open on one side only; lists have no filter for it.
    """
    measure = metric.records
    # A rate of customers served counts own work alone.
    origin = "" if metric.per_served and origin is None else origin
    found: dict[str, Any] = dict(measure.where)
    if period != ALWAYS:
        if period.first is None or period.last is None:
            raise ValueError("a list filters by two days")
        found[f"{measure.day}__between"] = [period.first.isoformat(), period.last.isoformat()]
    if origin is not None and measure.origin:
        found |= ({f"{measure.origin}__in": [origin]} if origin
                  else {f"{measure.origin}__not_in": list(measure.registers)})
    for dimension, key in (by or {}).items():
        name, values = _filter(measure, dimension, key)
        found[name] = values
    return found


def _filter(measure: Measure, dimension: str, key: Any) -> tuple[str, Any]:
    columns = {**groups_of(measure.model), PERSON: measure.person,
               BRANCH: branch_column(measure.model), **measure.dimensions}
    column = columns.get(dimension)
    if not column:
        raise LookupError(f"{measure.name} has no list by {dimension}")
    name = _shown_name(measure.model, column)
    if key in (None, ""):
        return f"{name}__empty", "1"
    # Of columns without a relation "is" takes choices, texts, numbers and yes or no.
    return f"{name}__{'is' if name == column else 'in'}", [str(key)]


def _shown_name(model: type[Any], column: str) -> str:
    """Return the relation over a column, by which lists filter, or the column itself."""
    mapper = inspect(model)
    wanted = mapper.column_attrs[column].columns[0]
    return next(
        (relation.key for relation in mapper.relationships
         if not relation.viewonly and list(relation.local_columns) == [wanted]), column)
