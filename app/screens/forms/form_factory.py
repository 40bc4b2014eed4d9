"""Forms generated from columns, made once for a screen."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DecimalField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.forms.choices import SelectChoice
from app.forms.yes_no import YesNoField
from app.lazy_texts import lazy_gettext
from app.records.values import relation_of
from app.screens.columns.columns import Column, UnknownColumn, label_for
from app.screens.columns.custom_fields import LiveNames
from app.screens.columns.limits import (
    LARGEST_INTEGER,
    LONGEST_TEXT,
    default_of,
    largest_number,
)
from app.screens.forms.custom_form_fields import custom_form_field
from app.screens.forms.fields import (
    DayField,
    MomentField,
    RelationField,
    RelationsField,
    SensitiveField,
    VersionField,
)
from app.screens.screen import Screen
from app.web.texts import translated

Selectable = Callable[[str, Iterable[Any]], dict[int, str]]


class RecordForm(FlaskForm):
    """Base of generated forms."""

    version = VersionField()

    def submitted(self, names: Iterable[str], sent: Iterable[str]) -> dict[str, Any]:
        """Return the values of fields that were really sent; the rest is not to be touched.

        Args:
            names: fields of the form.
            sent: names in the request.
        """
        sent = set(sent)
        return {
            name: self[name].data for name in names
            if name in self and name in sent and not getattr(self[name], "is_untouched", False)
        }

    def drop_unsent(self, sent: Iterable[str]) -> None:
        """Leave fields out that were not sent, so that they are neither checked nor written."""
        sent = set(sent)
        for field in list(self):
            if field.name not in sent and field.name not in ("version", "csrf_token"):
                del self[field.name]


class FormFactory:
    """Makes form classes for a screen.

    Args:
        screen: the screen.
        selectable: gives labels by key of rows that the caller may choose for a relation.
    """

    def __init__(self, screen: Screen, selectable: Selectable) -> None:
        self._screen, self._declared = screen, screen.declared
        self._selectable = selectable
        self._grown: dict[type[Any], tuple[Any, type[Any]]] = {}

    def form_class(self, names: Sequence[str]) -> type[RecordForm]:
        """Return a form class with a field for each name, in that order.

        Raises:
            UnknownColumn: the model has no such column or relation.
        """
        extra = self._declared.form_extra_fields
        if isinstance(names, LiveNames):
            names = names.declared
        fields = {name: extra.get(name) or self._field(name) for name in names}
        return type(f"{self._screen.endpoint}Form", (RecordForm,), fields)

    def with_custom(self, base: type[Any]) -> type[Any]:
        """Return a form class with the custom fields in force; ``base`` itself without any.

        Args:
            base: a form class of this screen.
        """
        fields = self._screen.custom.editable()
        kept = self._grown.get(base)
        if kept is None or kept[0] is not fields:
            used = {field.key: custom_form_field(field) for field in fields}
            grown = type(base.__name__, (base,), used) if used else base
            kept = self._grown[base] = (fields, grown)
        return kept[1]

    def _field(self, name: str) -> Any:
        relation = relation_of(self._screen.model, name)
        if relation is not None and relation.uselist:
            return self._relations_field(name)
        column = self._screen.columns.get(name)
        if column is None:
            column = self._screen.columns[name] = self._screen.describe(name)
        if "." in name:
            raise UnknownColumn(f"{name} belongs to another row and cannot be in a form")
        return self._column_field(column)

    def _common(self, column: Column) -> dict[str, Any]:
        own = list(self._declared.validators_columns.get(column.name, ()))
        return {
            "label": column.label,
            "description": self._description(column.name, column.help),
            "validators": [*self._required(column), *own],
        }

    def _description(self, name: str, otherwise: Any = "") -> Any:
        described = self._declared.description_columns.get(name) or otherwise
        return lazy_gettext(described) if type(described) is str and described else described

    def _required(self, column: Column) -> list[Any]:
        if column.kind == "boolean" and not column.nullable:
            return []
        if not column.is_required:
            return [Optional()]
        # Blanks are no text.
        texts = ("text", "long_text", "sensitive")
        return [DataRequired() if column.kind in texts else InputRequired()]

    def _column_field(self, column: Column) -> Any:
        common = self._common(column)
        common["default"] = default_of(column)
        kind = column.kind
        if column.field is not None:
            own = self._declared.validators_columns.get(column.name, ())
            return custom_form_field(column.field, label=column.label, own=own,
                                     description=common["description"])
        if kind == "relation":
            return self._relation_field(column, common)
        if kind == "choice":
            return self._choice_field(column, common)
        if kind == "boolean":
            return YesNoField(**common) if column.nullable else BooleanField(**common)
        if kind in ("integer", "decimal"):
            return _number_field(column, common)
        if kind == "date":
            return DayField(**common)
        if kind == "datetime":
            return MomentField(**common)
        if kind == "json":
            raise UnknownColumn(f"{column.name} holds JSON: give the form a field of its own")
        return _text_field(column, common)

    def _choice_field(self, column: Column, common: dict[str, Any]) -> SelectField:
        screen, name = self._screen, column.name

        def choices() -> list[Any]:
            listed = [
                SelectChoice(str(choice.value), translated(choice.label))
                for choice in screen.choices_of(name)
            ]
            return [SelectChoice("", ""), *listed]

        return SelectField(
            **common, choices=choices, coerce=lambda value: None if value in (None, "") else value
        )

    def _relation_field(self, column: Column, common: dict[str, Any]) -> RelationField:
        screen, name = self._screen, column.name
        return RelationField(
            **common, lookup=functools.partial(self._selectable, name),
            options_url=lambda: screen.url("options", column=name),
            narrowed_by=self._declared.narrowed_by.get(name, ""),
        )

    def _relations_field(self, name: str) -> RelationsField:
        screen = self._screen
        return RelationsField(
            label_for(name, self._declared.label_columns),
            validators=list(self._declared.validators_columns.get(name, ())),
            lookup=functools.partial(self._selectable, name),
            description=self._description(name),
            options_url=lambda: screen.url("options", column=name),
        )


def _number_field(column: Column, common: dict[str, Any]) -> Any:
    if column.kind == "integer":
        common["validators"].append(NumberRange(-LARGEST_INTEGER, LARGEST_INTEGER))
        return IntegerField(**common, render_kw={"inputmode": "numeric"})
    most = largest_number(column) - 1
    common["validators"].append(NumberRange(-most, most))
    places = getattr(column.attribute.property.columns[0].type, "scale", None)
    return DecimalField(**common, places=places, render_kw={"inputmode": "decimal"})


def _text_field(column: Column, common: dict[str, Any]) -> Any:
    kind, source = column.kind, column.attribute.property.columns[0]
    length = getattr(source.type, "length", None) or LONGEST_TEXT
    common["validators"].append(Length(max=length))
    attributes: dict[str, Any] = {"maxlength": length}
    if kind == "long_text":
        return TextAreaField(**common, filters=[_clean], render_kw={"rows": 4, **attributes})
    if source.info.get("input"):
        attributes["type"] = source.info["input"]
    if kind == "sensitive":
        attributes.setdefault("type", source.type.rules.input)
        return SensitiveField(**common, render_kw={"autocomplete": "off", **attributes})
    return StringField(**common, filters=[_clean], render_kw=attributes)


def _clean(text: str | None) -> str | None:
    # NUL cannot be stored by PostgreSQL; blanks around a value are never meant.
    return text.replace("\x00", "").strip() if text else text
