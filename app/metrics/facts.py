"""What one record counts as: values of its columns in, cells out; nothing is read."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    case,
    cast,
    extract,
    func,
    inspect,
    literal,
    or_,
    true,
)
from sqlalchemy.orm import RelationshipProperty

from app.host.measures import OPERATORS, Measure
from app.metrics.models import BY_GROUP, BY_GROUP_AND_MONTH, BY_MONTH, LONGEST_VALUE, WHOLE

NO_MONTH = dt.date(1, 1, 1)
TOTAL, PERSON, BRANCH, PEOPLE = "", "person", "branch", "people"
_BRANCH_COLUMN, _BIN = "branch_id", "deleted_at"
_SLOTS = {"__scope_teams__": ("team_1",), "__scope_departments__": ("department_1", "department_2")}
_EDITION = "2"


class CellKey(NamedTuple):
    """Key of a cell; the names are those of the columns of ``MetricChange``."""

    measure: str
    dimension: str
    month: dt.date
    origin: str
    value: str
    team_1: int
    department_1: int
    department_2: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RecordsOfPeople(Measure):
    """How many records of a kind each person sees as a person, by the groups that see them too.

    The platform holds it for itself: see ``app.metrics.people``.

    Attributes:
        people: columns with people; a record counts once for each of them.
    """

    person: str = ""
    people: tuple[str, ...] = ()


def levels_of(key: CellKey) -> dict[int, CellKey]:
    """Return the key of a cell on each level of sums."""
    by_month = key._replace(team_1=0, department_1=0, department_2=0)
    return {
        BY_GROUP_AND_MONTH: key,
        BY_MONTH: by_month,
        BY_GROUP: key._replace(month=NO_MONTH),
        WHOLE: by_month._replace(month=NO_MONTH),
    }


def scope_slots(model: type[Any]) -> dict[str, str] | None:
    """Return the column of a cell for each column by which groups see a record.

    Args:
        model: mapped class with the ``Record`` mixin.

    Returns:
        Names of columns of cells by names of columns of the record, or ``None`` where it has more
        such columns than cells.
    """
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


def branch_column(model: type[Any]) -> str:
    """Return the column with the branch that a record is of; empty for a kind without branches.

    Args:
        model: mapped class.
    """
    return _BRANCH_COLUMN if _BRANCH_COLUMN in inspect(model).column_attrs else ""


def amount_columns(measure: Measure) -> tuple[str, ...]:
    """Return the columns of which a record's amount is made; none where it counts as 1."""
    if isinstance(measure.amount, str):
        return (measure.amount,) if measure.amount else ()
    return tuple(measure.amount)


def columns_of(measure: Measure) -> frozenset[str]:
    """Return the columns whose values decide what a record counts as."""
    named = {measure.day, measure.origin, *amount_columns(measure),
             *(column for _, columns in _axes(measure) for column in columns),
             *(column for column, _, _ in conditions_of(measure)),
             *(scope_slots(measure.model) or ())}
    return frozenset(named - {""} | ({_BIN} if has_bin(measure.model) else set()))


def _axes(measure: Measure) -> list[tuple[str, tuple[str, ...]]]:
    """Return the dimensions that a record counts by, each with the columns of its values."""
    if isinstance(measure, RecordsOfPeople):
        return [(PEOPLE, measure.people)]
    found = [*measure.dimensions.items()]
    if measure.person:
        found.append((PERSON, measure.person))
    if branch := branch_column(measure.model):
        found.append((BRANCH, branch))
    return [(TOTAL, ()), *((name, (column,)) for name, column in found)]


def has_bin(model: type[Any]) -> bool:
    """Return whether rows of a kind can lie in the recycle bin; those of a log cannot."""
    return _BIN in inspect(model).column_attrs


def is_kept(model: type[Any]) -> ColumnElement[bool]:
    """Return the condition of rows that do not lie in the recycle bin."""
    return model.deleted_at.is_(None) if has_bin(model) else true()


def definition_of(measure: Measure, zone: dt.tzinfo) -> str:
    """Return a digest of everything that decides how a measure counts.

    Args:
        measure: what is counted.
        zone: time zone whose days are counted by.
    """
    slots = scope_slots(measure.model)
    branch = [one for one in (branch_column(measure.model),) if one]
    text = json.dumps([_EDITION, str(zone), sorted(measure.where.items()), measure.day,
                       measure.person, amount_columns(measure),
                       sorted(measure.dimensions.items()), measure.origin, measure.registers,
                       measure.model.__tablename__, sorted((slots or {}).items()), *branch,
                       *([measure.places] if measure.places else []),
                       *(measure.people if isinstance(measure, RecordsOfPeople) else ())])
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
    if operator in ("at_least", "at_most"):
        return value is not None and (
            value >= int(wanted[0]) if operator == "at_least" else value <= int(wanted[0]))
    return written(value) in wanted


def as_sql(measure: Measure) -> ColumnElement[bool]:
    """Return the condition of the records that a measure counts."""
    model = measure.model
    parts: list[ColumnElement[bool]] = [is_kept(model)]
    for name, operator, wanted in conditions_of(measure):
        column = getattr(model, name)
        kind = column.type.python_type
        none = column.is_(None) if kind is not str else or_(column.is_(None), column == "")
        if operator in ("empty", "filled"):
            parts.append(none if operator == "empty" else ~none)
        elif operator in ("at_least", "at_most"):
            bound = int(wanted[0])
            parts.append(column >= bound if operator == "at_least" else column <= bound)
        elif kind is bool:
            parts.append(column.in_([one == "true" for one in wanted]))
        else:
            parts.append(column.in_([kind(one) for one in wanted]))
    return and_(*parts)


def flags_of(measures: Sequence[Measure]) -> list[ColumnElement[bool]]:
    """Return the yes-or-no conditions that several measures of one kind have in common.

    Indexes of people hold such a column beside the person, so repeating it there spares reading
    all that somebody has ever closed.

    Args:
        measures: at least one.
    """
    shared = set.intersection(*(
        {(name, operator, tuple(wanted)) for name, operator, wanted in conditions_of(one)}
        for one in measures))
    columns = ((getattr(measures[0].model, name), wanted) for name, operator, wanted in
               sorted(shared) if operator not in ("empty", "filled", "at_least", "at_most"))
    return [column.is_(wanted[0] == "true") for column, wanted in columns
            if column.type.python_type is bool and len(wanted) == 1]


def amount_as_sql(measure: Measure, postgresql: bool) -> ColumnElement[int]:
    """Return what a record adds, as an expression.

    Args:
        measure: what is counted.
        postgresql: whether the database is PostgreSQL.
    """
    columns = [getattr(measure.model, name) for name in amount_columns(measure)]
    if not columns:
        return literal(1)
    if len(columns) == 1 and measure.places:
        return cast(func.round(func.coalesce(columns[0], 0) * 10 ** measure.places), Integer)
    if len(columns) == 1:
        return func.coalesce(columns[0], 0)
    first, second = (
        extract("epoch", func.date_trunc("second", column)) if postgresql
        else cast(func.strftime("%s", column), Integer) for column in columns)
    minutes = (second - first) // 60
    return case((second > first, cast(minutes, Integer)), else_=0)


def month_of(moment: dt.date, zone: dt.tzinfo) -> dt.date:
    """Return the first day of the month of a date, or of a moment in a zone."""
    if isinstance(moment, dt.datetime):
        moment = moment.astimezone(zone).date()
    return moment.replace(day=1)


def minutes_between(first: dt.datetime, second: dt.datetime) -> int:
    """Return the whole minutes from one second to another, 0 where the second one is earlier."""
    seconds = second.replace(microsecond=0) - first.replace(microsecond=0)
    return max(0, int(seconds.total_seconds())) // 60


def _amount_of(measure: Measure) -> Callable[[Mapping[str, Any]], int]:
    columns = amount_columns(measure)
    if not columns:
        return lambda values: 1
    if len(columns) == 1 and measure.places:
        return lambda values: round((values[columns[0]] or 0) * 10 ** measure.places)
    if len(columns) == 1:
        return lambda values: values[columns[0]] or 0
    first, second = columns

    def minutes(values: Mapping[str, Any]) -> int:
        if values[first] is None or values[second] is None:
            return 0
        return minutes_between(values[first], values[second])

    return minutes


def counter_of(
    measure: Measure, zone: dt.tzinfo
) -> Callable[[Mapping[str, Any], Counter[CellKey]], None]:
    """Return the function that adds a record to the cells that it counts in.

    Args:
        measure: what is counted.
        zone: time zone whose days are counted by.

    Returns:
        A function of the record's values by column and of the cells; it adds nothing for a record
        that the measure does not count.
    """
    conditions, slots = conditions_of(measure), scope_slots(measure.model) or {}
    places = {place: column for column, place in slots.items()}
    ordered = [places.get(place) for group in _SLOTS.values() for place in group]
    name, day, origin_column = measure.name, measure.day, measure.origin
    registers, amount_of = frozenset(measure.registers), _amount_of(measure)
    axes, is_of_people = _axes(measure), isinstance(measure, RecordsOfPeople)

    def add(values: Mapping[str, Any], into: Counter[CellKey]) -> None:
        if values.get(_BIN) is not None or not all(
                _holds(values[column], operator, wanted)
                for column, operator, wanted in conditions):
            return
        month = NO_MONTH
        if day:
            moment = values[day]
            if moment is None:
                return
            month = month_of(moment, zone)
        amount = amount_of(values)
        if not amount:
            return
        origin = values[origin_column] if origin_column else ""
        origin = origin if origin in registers else ""
        groups = [(values[column] or 0) if column else 0 for column in ordered]
        for dimension, columns in axes:
            keys = {written(values[column]) for column in columns} or {""}
            for key in keys - {""} if is_of_people else keys:
                into[CellKey(name, dimension, month, origin, key, *groups)] += amount

    return add


def difference(
    before: Counter[CellKey], after: Counter[CellKey]
) -> dict[CellKey, int]:
    """Return what has to be added to each cell so that ``before`` becomes ``after``."""
    found = {}
    for key in before.keys() | after.keys():
        if amount := after[key] - before[key]:
            found[key] = amount
    return found
