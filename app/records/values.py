"""Values of rows: names of relations and columns, differences, empty values."""

# Not strict: what JSON holds, and columns found by name, have no types.
# pyright: basic

from __future__ import annotations

import datetime as dt
import decimal
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, Numeric, inspect
from sqlalchemy.orm import RelationshipProperty, Session
from sqlalchemy.orm.base import LoaderCallableStatus

from app.records.custom_fields.definitions import PREFIX
from app.statements import built_once


def relation_of(model: type[Any], name: str) -> RelationshipProperty[Any] | None:
    """Return the relation of that name, or ``None``."""
    found = model.__mapper__.relationships.get(name)
    return found if found is not None else None


def column_values(model: type[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by column: a many-to-one relation becomes its foreign key.

    ``None`` for a column that cannot be empty becomes the column's own default, or empty text
    where the column holds text; where the default is worked out while a row is made, the value of
    a row stays.

    Args:
        model: mapped class.
        values: values by name of column or relation.
    """
    result: dict[str, Any] = {}
    for name, value in values.items():
        relation = relation_of(model, name)
        if relation is not None and not relation.uselist:
            name = next(iter(relation.local_columns)).name
        column = model.__mapper__.columns.get(name)
        if value is None and column is not None and not column.nullable:
            default = column.default
            if default is not None and not default.is_scalar:
                continue
            value = default.arg if default is not None else _empty_value(column)
        result[name] = value
    return result


def _empty_value(column: Column[Any]) -> Any:
    # SQLite would keep an empty text in a column of numbers; PostgreSQL refuses the statement.
    kind = getattr(column.type, "impl_instance", column.type)
    return None if isinstance(kind, (Integer, Numeric, Boolean, Date, DateTime)) else ""


def is_empty(value: Any) -> bool:
    """Return whether a value says nothing: ``None``, an empty list, or blanks only.

    Args:
        value: any value.
    """
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def held_value(record: Any, name: str) -> Any:
    """Return what a row holds in a column or, by its key, in a custom field.

    Args:
        record: the row.
        name: name of a column or key of a custom field.
    """
    if name.startswith(PREFIX):
        return (record.extra or {}).get(name.removeprefix(PREFIX))
    return getattr(record, name)


def values_of(record: Any) -> dict[str, Any]:
    """Return the values of a row by column.

    Args:
        record: the row.
    """
    return {one.key: getattr(record, one.key) for one in inspect(type(record)).column_attrs}


def differences(record: Any) -> dict[str, list[Any]]:
    """Return ``{field: [before, after]}`` of a record's unsaved column changes."""
    state = inspect(record)
    # Not by the history of an attribute, which is made of objects: a record has dozens of columns.
    former, held = state.committed_state, state.dict
    changes: dict[str, list[Any]] = {}
    for name in _tracked(type(record)):
        if name not in former:
            continue
        before = None if isinstance(former[name], LoaderCallableStatus) else former[name]
        after = held.get(name)
        if before == after:
            continue
        if name == "extra":
            # Each custom field is a change of its own.
            changes |= custom_differences(before or {}, after or {})
        else:
            changes[name] = [before, after]
    return changes


@built_once
def _tracked(model: type[Any]) -> tuple[str, ...]:
    """Return the columns of a kind of record whose changes are told, in their order."""
    untracked = getattr(model, "__untracked_fields__", ())
    return tuple(one.key for one in inspect(model).column_attrs if one.key not in untracked)


def custom_differences(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, list[Any]]:
    """Return ``{key: [before, after]}`` of custom fields, by their key with the prefix."""
    return {
        PREFIX + name: [before.get(name), after.get(name)]
        for name in sorted({*before, *after}) if before.get(name) != after.get(name)
    }


def assign_row(session: Session, row: Any, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set columns and many-to-many relations of a plain row; return ``{field: [before, after]}``.

    Args:
        session: session with a running write.
        row: the row.
        values: values by column; keys of related rows by name of a relation to many.
    """
    changes: dict[str, list[Any]] = {}
    for name, value in values.items():
        relation = relation_of(type(row), name)
        if relation is not None:
            target = relation.mapper.class_
            before = list(getattr(row, name)) if inspect(row).persistent else []
            after = [session.get(target, key) for key in value or ()]
            if set(before) != set(after):
                changes[name] = [sorted(map(str, before)), sorted(map(str, after))]
                setattr(row, name, after)
            continue
        old = getattr(row, name)
        if old != value:
            changes[name] = [old, value]
            setattr(row, name, value)
    return changes


def typed_value(column: Any, value: Any) -> Any:
    """Return a value of the audit trail in the type of its column.

    Args:
        column: mapped column.
        value: as JSON holds it.
    """
    if not isinstance(value, str):
        return value
    # A type decorator does not know the Python type of what it wraps.
    kind = getattr(column.type, "impl_instance", column.type).python_type
    if kind is dt.datetime:
        return dt.datetime.fromisoformat(value)
    if kind is dt.date:
        return dt.date.fromisoformat(value)
    return decimal.Decimal(value) if kind is decimal.Decimal else value
