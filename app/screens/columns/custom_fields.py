"""Custom fields on generated screens: as columns of lists, fields of forms, lines of the page.

What a view declares is fixed at start; custom fields come and go while the product runs. The
sequences below hold both: what was declared, and the fields in force at the running request.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import decimal
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from typing import Any, overload

from flask import has_request_context
from flask_babel import gettext
from flask_babel.speaklater import LazyString
from markupsafe import escape
from sqlalchemy import ColumnElement, Numeric, String, type_coerce
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from app.access.sensitive.columns import SEALED, Sensitive
from app.access.sensitive.values import SensitiveValue
from app.database import db
from app.i18n import N_
from app.made_once import made_once
from app.records.custom_fields.cleaning import PLACES
from app.records.custom_fields.definitions import FILE, CustomField
from app.records.custom_fields.store import custom_fields_of
from app.records.mixin import Record
from app.records.models import File
from app.records.values import held_value
from app.screens.columns.columns import Column, name_of_file
from app.screens.contracts import Choice, Section
from app.web.request import actor
from app.web.theme import language

SECTION = N_("More information")
_KINDS = {"number": "decimal", "money": "decimal", "choices": "choice", "phone": "text",
          "id_number": "text", "card": "text", "plate": "text", "vin": "text", "file": "text",
          "record": "text"}
_LONGEST_SEALED = 200


class IsoDay(TypeDecorator[dt.date]):
    """A day that lies in JSON as ISO text, which sorts as days do."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: dt.date | None, dialect: Dialect) -> str | None:
        """Return the day as text."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> dt.date | None:
        """Return the text as a day; what is none is left out."""
        try:
            return None if value is None else dt.date.fromisoformat(value)
        except ValueError:
            return None


class PlainNumber(TypeDecorator[decimal.Decimal]):
    """A number that lies in JSON, without the zeros that the cast puts behind it."""

    impl = Numeric(18, PLACES)
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> decimal.Decimal | None:
        """Return the number as it was entered."""
        if value is None:
            return None
        number = decimal.Decimal(value).normalize()
        return number.quantize(decimal.Decimal(1)) if number == number.to_integral() else number


class PlainText(LazyString):
    """A text that somebody typed: text, and never markup.

    A template takes a ``LazyString`` as it is, since the catalogues are ours; this one it escapes.
    """

    def __html__(self) -> str:
        """Return the text with everything escaped that markup could be made of."""
        return str(escape(str(self)))


def localised(english: str, chinese: str) -> LazyString:
    """Return a text that an admin gave in both languages, in the language of the page."""
    return PlainText(lambda: chinese if chinese and language() == "zh" else english)


def _expression(model: type[Any], field: CustomField) -> ColumnElement[Any]:
    if field.sensitive:
        sealed = model.extra[(field.name, SEALED)].as_string()
        return type_coerce(sealed, Sensitive(field.mask, _LONGEST_SEALED))
    entry = model.extra[field.name]
    if field.kind in ("number", "money"):
        return type_coerce(entry.as_numeric(18, PLACES), PlainNumber())
    if field.kind == FILE:
        return name_of_file(entry.as_integer())
    if field.kind == "boolean":
        return entry.as_boolean()
    if field.kind == "date":
        return type_coerce(entry.as_string(), IsoDay())
    return entry.as_string()


def column_of(model: type[Any], field: CustomField) -> Column:
    """Return a custom field as a column of lists, filters and exports.

    Args:
        model: class with the ``Record`` mixin.
        field: the definition.
    """
    attribute = _expression(model, field)
    many = field.kind == "choices"
    return Column(
        name=field.key, attribute=attribute,
        kind="sensitive" if field.sensitive else _KINDS.get(field.kind, field.kind),
        shown=model.extra[field.name] if many else attribute,
        label=localised(field.label, field.label_zh),
        sortable=not many and not field.sensitive and field.kind not in ("long_text", FILE),
        nullable=True,
        help=localised(field.help, field.help_zh) if field.help or field.help_zh else "",
        custom=field, field=field,
    )


def choices_of_field(field: CustomField) -> list[Choice]:
    """Return the values of a choice field with labels in the language of the page.

    None of a sensitive one: what is shown of it is a mask.
    """
    if field.sensitive:
        return []
    return offered_choices(field)


def offered_choices(field: CustomField) -> list[Choice]:
    """Return what a form offers to choose from, with labels in the language of the page."""
    return [Choice(one.value, localised(one.label, one.label_zh)) for one in field.choices]


def value_of(record: Any, field: CustomField) -> Any:
    """Return what a record holds in a custom field, or a column like one, as a form knows it."""
    return field.read(held_value(record, field.key))


class CustomFields:
    """The custom fields of one model, for a view.

    Args:
        model: mapped class; one without the ``Record`` mixin has none.
    """

    def __init__(self, model: type[Any]) -> None:
        self.model = model
        self._kind = model.__record_type__ if issubclass(model, Record) else ""
        self._known: _ByRoles = _ByRoles((), {})

    def _in_force(self) -> _InForce:
        """Return what the caller's roles see, made anew only when a definition changed."""
        if not self._kind or not has_request_context():
            return _NOTHING
        everything = custom_fields_of(db.session, self._kind)
        if not everything:
            return _NOTHING
        known = self._known
        if known.fields is not everything:
            # Assigned as a whole: another thread sees the old one or the new one.
            known = self._known = _ByRoles(everything, {})
        person = actor()
        found = known.views.get(person.role_ids)
        if found is None:
            seen = tuple(field for field in everything if field.is_seen_by(person))
            found = known.views[person.role_ids] = _InForce(
                seen, tuple(field for field in seen
                            if not field.retired and field.is_edited_by(person)),
                {field.key: column_of(self.model, field) for field in seen})
        return found

    def fields(self) -> tuple[CustomField, ...]:
        """Return the fields that the caller sees; none outside of a request, such as at start."""
        return self._in_force().seen

    def editable(self) -> tuple[CustomField, ...]:
        """Return the fields that the caller fills in."""
        return self._in_force().edited

    def columns(self) -> dict[str, Column]:
        """Return the columns that the caller sees, by key."""
        return self._in_force().columns

    def keys(self) -> list[str]:
        """Return the keys of the fields that the caller sees."""
        return [field.key for field in self.fields()]

    def used(self) -> list[str]:
        """Return the keys of the fields that the caller fills in."""
        return [field.key for field in self.editable()]

    def sortable(self) -> list[str]:
        """Return the keys of the fields that a list may be sorted by."""
        return [key for key, column in self.columns().items() if column.sortable]

    def section(self, wide: bool = True) -> list[Section]:
        """Return the fields that are filled in as sections of a form, one for each group."""
        return sections_of(self.editable())

    def shown_section(self, record: Any) -> list[Section]:
        """Return the fields as sections of the record page; a retired one only with a value."""
        held = record.extra or {} if self._kind else {}
        return sections_of([f for f in self.fields()
                          if not f.retired or held.get(f.name) is not None])


def sections_of(fields: Sequence[CustomField]) -> list[Section]:
    """Return fields as sections in the order of their groups' first fields."""
    groups: dict[str, list[CustomField]] = {}
    for field in fields:
        groups.setdefault(field.group, []).append(field)
    return [
        Section(
            title=localised(group, found[0].group_zh) if group else SECTION,
            fields=tuple(field.key for field in found),
            wide=tuple(field.key for field in found if field.kind == "long_text"),
        )
        for group, found in groups.items()
    ]


@dataclasses.dataclass(frozen=True, slots=True)
class _InForce:
    """What holders of some roles see and fill in of the fields of a kind of record."""

    seen: tuple[CustomField, ...]
    edited: tuple[CustomField, ...]
    columns: dict[str, Column]


@dataclasses.dataclass(frozen=True, slots=True)
class _ByRoles:
    """All fields of a kind of record, and what was made of them by the roles of who asked."""

    fields: tuple[CustomField, ...]
    views: dict[frozenset[int], _InForce]


_NOTHING = _InForce((), (), {})


class LiveNames(Sequence[str]):
    """Names that a view declares, followed by those that come and go.

    Args:
        declared: what the view names.
        further: each gives the names of custom fields, or of columns of other plugins, in force.
    """

    def __init__(self, declared: Sequence[str], *further: Callable[[], Sequence[str]]) -> None:
        self.declared = list(declared)
        self._further = further

    def _all(self) -> list[str]:
        return [*self.declared, *(name for names in self._further for name in names())]

    def __len__(self) -> int:
        return len(self._all())

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...

    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        return self._all()[place]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __contains__(self, name: object) -> bool:
        return name in self.declared or any(name in names() for names in self._further)


def declared_names(names: Sequence[str]) -> Sequence[str]:
    """Return what a view declares of its names, without custom fields."""
    return names.declared if isinstance(names, LiveNames) else names


class LiveColumns(MutableMapping[str, Column]):
    """Columns that a view declares, and those that come and go.

    Args:
        declared: columns by name; what is set later goes there. Or what makes them when somebody
            first asks.
        further: each gives the columns of custom fields, or of other plugins, in force.
    """

    def __init__(
        self, declared: dict[str, Column] | Callable[[], dict[str, Column]],
        *further: Callable[[], Mapping[str, Column]],
    ) -> None:
        self._given = declared
        self._further = further

    @made_once
    def declared(self) -> dict[str, Column]:
        """The columns that the view declares."""
        return self._given if isinstance(self._given, dict) else self._given()

    def __getitem__(self, name: str) -> Column:
        if name in self.declared:
            return self.declared[name]
        for found in self.further():
            if name in found:
                return found[name]
        raise KeyError(name)

    def further(self) -> tuple[Mapping[str, Column], ...]:
        """Return the columns that come and go, by where they come from: the same for the same."""
        return tuple(columns() for columns in self._further)

    def __setitem__(self, name: str, column: Column) -> None:
        self.declared[name] = column

    def __delitem__(self, name: str) -> None:
        del self.declared[name]

    def __iter__(self) -> Iterator[str]:
        yield from self.declared
        for found in self.further():
            yield from found

    def __len__(self) -> int:
        return len(self.declared) + sum(map(len, self.further()))

    def __contains__(self, name: object) -> bool:
        return name in self.declared or any(name in found for found in self.further())


def declared_columns(columns: Mapping[str, Column]) -> Mapping[str, Column]:
    """Return the columns that a view declares, without those of custom fields."""
    return columns.declared if isinstance(columns, LiveColumns) else columns


def shown_value(field: CustomField, stored: Any) -> str:
    """Return a stored value as plain text: for history, conflicts and files."""
    if stored is None or stored == "":
        return ""
    if field.sensitive:
        return str(stored)
    if field.kind == "boolean":
        return gettext("Yes") if stored else gettext("No")
    if field.kind == FILE:
        held = db.session.get(File, stored)
        return held.name if held is not None else f"#{stored}"
    values = stored if isinstance(stored, list) else [stored]
    labels = {one.value: str(localised(one.label, one.label_zh)) for one in field.choices}
    return ", ".join(labels.get(value, str(value)) for value in values)


def clear_value(column: Column, value: Any) -> Any:
    """Return the clear value of a sensitive column, of a choice its label.

    Args:
        column: the column.
        value: what a row holds in it.
    """
    if not isinstance(value, SensitiveValue):
        return value or ""
    if not value.is_readable:
        return value.masked
    return clear_text(column.custom, value.reveal())


def clear_text(field: CustomField | None, clear: str) -> str:
    """Return a clear text as people write it: of a choice its label."""
    for choice in field.choices if field is not None else ():
        if choice.value == clear:
            return str(localised(choice.label, choice.label_zh))
    return clear
