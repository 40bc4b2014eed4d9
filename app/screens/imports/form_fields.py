"""What a file can fill of the rows of a screen: its fields, and the key of a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import force_locale

from app.forms.definition import Kind
from app.i18n import EnteredText
from app.records.custom_fields.definitions import FILE, CustomField
from app.records.importing.fields import ImportField
from app.records.values import relation_of
from app.screens.columns.columns import Column, label_for
from app.screens.columns.custom_fields import (
    choices_of_field,
    column_of,
    declared_columns,
    declared_names,
)
from app.screens.contracts import Choice
from app.screens.screen import Screen
from app.web.texts import translated

_KINDS = {
    "text": Kind.TEXT, "long_text": Kind.LONG_TEXT, "integer": Kind.INTEGER, "choice": Kind.CHOICE,
    "decimal": Kind.DECIMAL, "date": Kind.DATE, "datetime": Kind.DATETIME, "boolean": Kind.BOOLEAN,
    "sensitive": Kind.TEXT,
}
_LANGUAGES = ("en", "zh")


def worded(label: Any, language: str) -> str:
    """Return a label in a language, ``en`` or ``zh``."""
    with force_locale(language):
        return str(translated(label))


class FormFields:
    """The fields of the form for a new row, as columns of a file.

    Args:
        screen: the screen.
        custom: custom fields of its records.

    Attributes:
        columns: the columns of the screen by name, those of ``custom`` among them.
        names: the fields that a file can fill, in order.
        key: those by which a row of a file is known again.
    """

    def __init__(self, screen: Screen, custom: Sequence[CustomField] = ()) -> None:
        self._screen, self._declared = screen, screen.declared
        own = {field.key: column_of(screen.model, field) for field in custom
               if not field.retired and field.kind != FILE}
        self.columns: dict[str, Column] = {**declared_columns(screen.columns), **own}
        self.names = [
            name for name in (*declared_names(self._declared.add_columns), *own)
            if self._is_read(name)
        ]
        self.key = self._key()

    def _is_read(self, name: str) -> bool:
        column = self.columns.get(name)
        if column is None:
            # A field of the form's own is no column: a file cannot fill it.
            return relation_of(self._screen.model, name) is not None
        return column.kind != "json" and not column.is_file

    def _key(self) -> list[str]:
        """Return the fields by which a row of a file is known again.

        Declared by the author; else a column whose values are unique; else what names the record;
        else its first field.
        """
        if self._declared.import_key:
            return list(self._declared.import_key)
        mapped = self._screen.model.__mapper__.columns
        unique = [name for name in self.names if name in mapped and mapped[name].unique]
        title = getattr(self._screen.model, "__title_field__", "")
        return (unique or [name for name in self.names if name == title] or self.names)[:1]

    # --- fields ------------------------------------------------------------------------------
    def field(self, name: str) -> ImportField:
        """Return what a column of the file may fill."""
        column, label = self.columns.get(name), self.label(name)
        custom = None if column is None else column.custom
        common = {
            "name": name, "label": worded(label, "en") if custom is None else EnteredText(
                custom.label, custom.label_zh), "required": name in self.key,
            "aliases": (worded(label, "zh"),),
        }
        if column is None or column.is_many or column.kind == "relation":
            return ImportField(**common, length=2000)
        if column.kind == "choice":
            return ImportField(
                **common, kind=Kind.CHOICE, words=self.words(name), asks=True,
                choices=tuple(
                    (str(one.value), worded(one.label, "en")) for one in self._choices(name)
                ),
            )
        return ImportField(**common, kind=_KINDS[column.kind], **self._measure(column))

    @staticmethod
    def _measure(column: Column) -> dict[str, Any]:
        if column.field is not None:
            if column.kind == "sensitive":
                return {"length": column.sensitive.length, "mask": column.sensitive.mask}
            return {"places": 6} if column.kind == "decimal" else {}
        source = column.attribute.property.columns[0].type
        if column.kind == "decimal":
            return {"places": getattr(source, "scale", None) or 2}
        if column.kind == "sensitive":
            return {"length": source.length, "mask": source.mask}
        if column.kind in ("text", "long_text"):
            return {"length": getattr(source, "length", None)}
        return {}

    def label(self, name: str) -> Any:
        """Return the label of a field."""
        column = self.columns.get(name)
        return column.label if column is not None else label_for(name, self._declared.label_columns)

    def _choices(self, name: str) -> Sequence[Choice]:
        custom = self.columns[name].custom
        return choices_of_field(custom) if custom is not None else self._screen.choices_of(name)

    def words(self, name: str) -> dict[str, str]:
        """Return what files write for the values of a choice, and the values."""
        choices = self._choices(name)
        return {str(one.value): str(one.value) for one in choices} | {
            worded(one.label, language): str(one.value)
            for one in choices for language in _LANGUAGES
        }
