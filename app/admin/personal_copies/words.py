"""What tables, their columns and their values are called in the language of a copy."""

# Not strict: rows of any table have no types.
# pyright: basic

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from sqlalchemy import Column, Table
from sqlalchemy.orm.interfaces import MANYTOONE

from app.access.sensitive.values import SensitiveValue
from app.admin.audit_words import shown
from app.admin.table_titles import table_title
from app.customers.privacy.held import model_of
from app.host.contributions import RecordType
from app.records.custom_fields.columns import column_fields
from app.records.custom_fields.definitions import CustomField
from app.records.custom_fields.store import custom_fields_of
from app.screens.columns.columns import describe, label_for
from app.screens.columns.custom_fields import clear_text, localised, shown_value
from app.screens.columns.model_choices import model_choices
from app.screens.registry import registry
from app.sdk import N_
from app.sdk.screens import translated, write_date, write_datetime
from app.sdk.services import db

# Tables that hang on records of every kind have no screen that names their columns.
LABELS: Mapping[str, Mapping[str, str]] = {
    "records_comment": {"at": N_("When"), "author_name": N_("By"), "text": N_("Text")},
    "records_file": {"at": N_("When"), "author_name": N_("By"), "name": N_("Name"),
                     "note": N_("Note")},
    "records_timeline": {"at": N_("When"), "actor_name": N_("By"), "number": N_("Number"),
                         "text": N_("What took place")},
    "workflow_log": {"at": N_("When"), "actor_name": N_("By"), "transition": N_("Step"),
                     "outcome": N_("Outcome"), "comment": N_("Comment")},
    "deadlines_clock": {"due_at": N_("Due"), "started_at": N_("Began"),
                        "stopped_at": N_("Ended")},
}
# What the product itself needs to know of a row.
_INNER = frozenset({"id", "version", "extra", "workflow_id", "created_by_id", "updated_by_id",
                    "updated_at", "is_open"})


class TableWords:
    """The words for one table.

    Args:
        table: the table.
        kind: the kind of record that it holds, if it holds records.
        hidden: keys of custom fields that are left out.
    """

    def __init__(
        self, table: Table, kind: RecordType | None, hidden: frozenset[str] = frozenset()
    ) -> None:
        self.table, self.kind, self.hidden = table, kind, hidden
        self._known_choices: dict[str, Mapping[str, str]] = {}
        self.model = model_of(table)
        screens = registry().screens_of(self.model) if self.model is not None else []
        self._screen = screens[0] if screens else None
        record_type = kind.model.__record_type__ if kind is not None else ""
        self.fields: dict[str, CustomField] = {
            field.key: field for field in custom_fields_of(db.session, record_type)
            if field.key not in hidden} if record_type else {}
        self._relations = {
            column.name: relation.key
            for relation in (self.model.__mapper__.relationships if self.model else ())
            if relation.direction is MANYTOONE for column in relation.local_columns}

    @property
    def title(self) -> str:
        """What the rows are called; the name of the table where nothing says more."""
        given = self._screen.list_title if self._screen is not None else ""
        return translated(table_title(self.table.name) or given) or self.table.name

    @property
    def is_named(self) -> bool:
        """Whether people know such rows from a screen."""
        return self.title != self.table.name

    @property
    def shown_columns(self) -> list[str]:
        """The columns that a reader is told of, in order; custom fields come after them."""
        if self.table.name in LABELS:
            return list(LABELS[self.table.name])
        return [column.name for column in self.table.columns if column.name not in _INNER]

    def label(self, name: str) -> str:
        """Return what a column or a custom field is called."""
        if name in self.fields:
            return str(localised(self.fields[name].label, self.fields[name].label_zh))
        known = LABELS.get(self.table.name, {})
        if name in known:
            return gettext(known[name])
        relation = self._relations.get(name, name)
        given = self._screen.declared.label_columns if self._screen is not None else {}
        if name in given or relation in given:
            return translated(given.get(relation) or given[name])
        column = self.table.columns.get(name)
        return str(label_for(relation, None, column.info if column is not None else {}))

    def text(self, name: str, value: Any) -> str:
        """Return a value as a reader is shown it; empty for none.

        Args:
            name: column, or key of a custom field.
            value: a value of a row, or of the audit trail.
        """
        if value is None or value == "" or value == [] or value == {}:
            return ""
        if isinstance(value, SensitiveValue):
            return clear_text(self.fields.get(name), plain_value(value))
        field = self.fields.get(name) or self._field_of_column(name)
        if field is not None:
            return shown_value(field, value)
        choices = self._choices(name)
        return choices[value] if isinstance(value, str) and value in choices else _text(
            self._typed(name, value))

    def _field_of_column(self, name: str) -> CustomField | None:
        """Return what a column of several choices, a file or a record holds."""
        if self.model is None or name not in column_fields(self.model):
            return None
        return describe(self.model, name).field

    def _typed(self, name: str, value: Any) -> Any:
        """Return a moment or a day of the audit trail, which holds texts, as what it is."""
        column: Column[Any] | None = self.table.columns.get(name)
        kind = column.type.python_type if column is not None and isinstance(value, str) else str
        if kind not in (dt.date, dt.datetime):
            return value
        try:
            return kind.fromisoformat(value)
        except ValueError:
            return value

    def _choices(self, name: str) -> Mapping[str, str]:
        if name not in self._known_choices:
            found = () if self.model is None else (
                self._screen.choices_of(name) if self._screen is not None
                else model_choices(self.model, name))
            self._known_choices[name] = {one.value: translated(one.label) for one in found}
        return self._known_choices[name]


def plain_value(value: Any) -> Any:
    """Return a value as JSON holds it: a sensitive one clear, or its mask without its key."""
    if isinstance(value, SensitiveValue):
        return value.reveal() if value.is_readable else value.masked
    return value


def _text(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return write_datetime(value)
    if isinstance(value, dt.date):
        return write_date(value)
    return str(shown(value))
