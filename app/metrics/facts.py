"""What one record counts as: values of its columns in, cells out; nothing is read."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, inspect, or_
from sqlalchemy.orm import RelationshipProperty

from app.host.measures import OPERATORS, Measure
from app.metrics.models import LONGEST_VALUE

NO_DAY = dt.date(1, 1, 1)
TOTAL = ""
_SLOTS = {"__scope_people__": ("person_1", "person_2"), "__scope_teams__": ("team_1",),
          "__scope_departments__": ("department_1", "department_2")}


class CellKey(NamedTuple):
    """Key of a cell; the names are those of the columns of ``Cell``."""

    measure: str
    dimension: str
    value: str
    day: dt.date
    origin: str
    person_1: int
    person_2: int
    team_1: int
    department_1: int
    department_2: int


def scope_slots(model: type[Any]) -> dict[str, str] | None:
    """Return the column of a cell for each column that decides who sees a record.

    Args:
        model: mapped class with the ``Record`` mixin.

    Returns:
        Names of columns of ``Cell`` by names of columns of the record, or ``None`` where cells
        cannot hold who sees a record: it has more such columns, or a table of people.
    """
    if getattr(model, "__scope_tables__", ()):
        return None
    slots: dict[str, str] = {}
    for attribute, places in _SLOTS.items():
        columns = getattr(model, attribute, ())
        if len(columns) > len(places):
            return None
        slots |= dict(zip(columns, places, strict=False))
    return slots


def column_of(model: type[Any], name: str) -> str:
    """Return the column that a name in the address of a list filters by.

    Args:
        model: mapped class.
        name: name of a column, or of a relation to one row.

    Raises:
        ValueError: there is neither.
    """
    mapper = inspect(model)
    found = mapper.attrs.get(name)
    if isinstance(found, RelationshipProperty):
        columns = list(found.local_columns)
        if len(columns) == 1:
            return mapper.get_property_by_column(columns[0]).key
    if found is None or name not in mapper.column_attrs:
        raise ValueError(f"{model.__name__} has no column {name!r}")
    return name


def conditions_of(measure: Measure) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return column, operator and values of each condition of a measure.

    Raises:
        ValueError: a condition names no column or an operator that measures do not know.
    """
    found = []
    for argument, value in measure.where.items():
        name, _, operator = argument.rpartition("__")
        if operator not in OPERATORS:
            raise ValueError(
                f"{measure.name}: {argument!r} must end with __{', __'.join(OPERATORS)}")
        values = (value,) if isinstance(value, str) else tuple(value)
        found.append((column_of(measure.model, name), operator, values))
    return found


def columns_of(measure: Measure) -> frozenset[str]:
    """Return the columns whose values decide what a record counts as."""
    named = {measure.day, measure.origin, *measure.dimensions.values(),
             *(column for column, _, _ in conditions_of(measure)),
             *(scope_slots(measure.model) or ())}
    return frozenset(named - {""} | {"deleted_at"})


def definition_of(measure: Measure, zone: dt.tzinfo) -> str:
    """Return a digest of everything that decides how a measure counts.

    Args:
        measure: what is counted.
        zone: time zone whose days are counted by.
    """
    slots = scope_slots(measure.model)
    text = json.dumps([str(zone), sorted(measure.where.items()), measure.day,
                       sorted(measure.dimensions.items()), measure.origin,
                       measure.registers,
                       measure.model.__tablename__, sorted((slots or {}).items())])
    return hashlib.sha256(text.encode()).hexdigest()


def written(value: Any) -> str:
    """Return a value of a column as cells hold it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)[:LONGEST_VALUE]


def _holds(value: Any, operator: str, wanted: tuple[str, ...]) -> bool:
    if operator == "empty":
        return value is None or value == ""
    if operator == "filled":
        return not (value is None or value == "")
    return written(value) in wanted


def as_sql(measure: Measure) -> ColumnElement[bool]:
    """Return the condition of the records that a measure counts."""
    model = measure.model
    parts: list[ColumnElement[bool]] = [model.deleted_at.is_(None)]
    for name, operator, wanted in conditions_of(measure):
        column = getattr(model, name)
        kind = column.type.python_type
        none = column.is_(None) if kind is not str else or_(column.is_(None), column == "")
        if operator in ("empty", "filled"):
            parts.append(none if operator == "empty" else ~none)
        elif kind is bool:
            parts.append(column.in_([one == "true" for one in wanted]))
        else:
            parts.append(column.in_([kind(one) for one in wanted]))
    return and_(*parts)


def counter_of(
    measure: Measure, zone: dt.tzinfo
) -> Callable[[Mapping[str, Any]], list[CellKey]]:
    """Return the function that says which cells a record counts in, once each.

    Args:
        measure: what is counted.
        zone: time zone whose days are counted by.

    Returns:
        A function of the record's values by column; it returns nothing for a record that the
        measure does not count.
    """
    conditions, slots = conditions_of(measure), scope_slots(measure.model) or {}
    places = {place: column for column, place in slots.items()}
    ordered = [places.get(place) for group in _SLOTS.values() for place in group]
    dimensions = list(measure.dimensions.items())

    def cells(values: Mapping[str, Any]) -> list[CellKey]:
        if values["deleted_at"] is not None:
            return []
        if not all(_holds(values[name], operator, wanted)
                   for name, operator, wanted in conditions):
            return []
        day = NO_DAY
        if measure.day:
            moment = values[measure.day]
            if moment is None:
                return []
            day = moment.astimezone(zone).date() if isinstance(moment, dt.datetime) else moment
        origin = written(values[measure.origin]) if measure.origin else ""
        origin = origin if origin in measure.registers else ""
        who = [(values[column] or 0) if column else 0 for column in ordered]
        return [
            CellKey(measure.name, name, value, day, origin, *who)
            for name, value in ((TOTAL, ""), *(
                (name, written(values[column])) for name, column in dimensions))
        ]

    return cells


def difference(
    before: Counter[CellKey], after: Counter[CellKey]
) -> dict[CellKey, int]:
    """Return what has to be added to each cell so that ``before`` becomes ``after``."""
    found = {}
    for key in before.keys() | after.keys():
        if amount := after[key] - before[key]:
            found[key] = amount
    return found
