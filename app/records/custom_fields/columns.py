"""Columns whose values are those of a kind of custom field: several choices, a file, a record.

A column says by its type which kind it is. What such a value is and what it may lead to is then
decided where custom fields decide it, on every way in.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import Integer, String
from sqlalchemy.types import TypeDecorator

from app.database import Json
from app.records.custom_fields.cleaning import LONGEST
from app.records.custom_fields.definitions import FILE, RECORD, CustomChoice, CustomField


class SeveralChoices(Json):
    """Several of the values that ``info={"choices": ...}`` of the column lists, in that order.

    What it lists are pairs of a value and its label.

    Empty is ``None``, never an empty list: so a list can be filtered by what has none.
    """

    cache_ok = True


class AttachedFile(TypeDecorator[int]):
    """One of the files that lie on the record, by its key; a new record has none yet.

    No foreign key: the file may be deleted, and then nothing is shown.
    """

    impl = Integer
    cache_ok = True


class RecordNumber(TypeDecorator[str]):
    """The number of a record of any plugin, which need not be there.

    Args:
        record_type: kind of record that it leads to, e.g. ``complaints.complaint``.
    """

    impl = String
    cache_ok = True

    def __init__(self, record_type: str) -> None:
        super().__init__(LONGEST[RECORD])
        self.record_type = record_type


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ColumnField(CustomField):
    """What a column holds, told as a custom field tells it; its key is the name of the column."""

    @property
    def key(self) -> str:
        """Name of the column."""
        return self.name


@functools.cache
def column_fields(model: type[Any]) -> Mapping[str, ColumnField]:
    """Return the columns of a model that hold what a kind of custom field holds, by name.

    Args:
        model: mapped class.
    """
    found: dict[str, ColumnField] = {}
    for name, column in model.__mapper__.columns.items():
        told = _told(column)
        if told:
            found[name] = ColumnField(name=name, required=not column.nullable, **told)
    return MappingProxyType(found)


def _told(column: Any) -> dict[str, Any]:
    if isinstance(column.type, SeveralChoices):
        pairs: Sequence[tuple[str, str]] = column.info["choices"]
        return {"kind": "choices", "choices": tuple(CustomChoice(*pair) for pair in pairs)}
    if isinstance(column.type, AttachedFile):
        return {"kind": FILE}
    if isinstance(column.type, RecordNumber):
        return {"kind": RECORD, "target": column.type.record_type}
    return {}


def cleaned_columns(model: type[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of several values that such columns are to hold, as a row holds them.

    Args:
        model: mapped class.
        values: values by column; those of other columns are passed over.

    Raises:
        BadValue: a value does not fit.
    """
    return {name: field.clean(values[name])
            for name, field in column_fields(model).items() if name in values}

