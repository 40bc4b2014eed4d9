"""Values of the audit trail as people write them: labels, choices, relations, dates."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from sqlalchemy import union_all

from app.access.scope import sees_all
from app.records.custom_fields.definitions import PREFIX
from app.screens.columns.cells import choice_of
from app.screens.columns.columns import Column
from app.screens.columns.custom_fields import shown_value
from app.screens.contracts import FieldChange
from app.web.formats import write_date, write_datetime
from app.web.request import actor
from app.web.texts import column_label, translated


class ValueReader:
    """Turns values of the audit trail into shown text.

    Args:
        screen: the screen, for labels, choices and relations.
    """

    def __init__(self, screen: Any) -> None:
        self._screen = screen
        self._by_attribute: dict[str, Column] = {
            column.attribute.key if column.field is None else column.name: column
            for column in screen.columns.values()
            if column.custom is None and hasattr(column.attribute, "key")
        }
        self._by_attribute |= screen.custom.columns()
        self._names: dict[str, dict[int, str]] = {}

    def learn(self, entries: Sequence[Any]) -> None:
        """Read the labels of all related rows that the entries name, in one statement."""
        wanted: dict[str, set[int]] = defaultdict(set)
        for entry in entries:
            for name, pair in (entry.changes or {}).items():
                column = self._by_attribute.get(name)
                if column is None or column.target is None or not is_pair(pair):
                    continue
                wanted[column.name].update(value for value in pair if isinstance(value, int))
        self._names = related_labels(self._screen, wanted)

    def knows(self, name: str) -> bool:
        """Return whether a name of an entry is a column of the record."""
        return name in self._by_attribute

    def changes(self, changes: Mapping[str, Any] | None) -> tuple[FieldChange, ...]:
        """Return field changes with labels and shown values."""
        found = []
        for name, pair in (changes or {}).items():
            column = self._by_attribute.get(name)
            if not is_pair(pair) or (column is None and name.startswith(PREFIX)):
                # A custom field that the reader does not see.
                continue
            label = column.label if column is not None else column_label(name)
            found.append(
                FieldChange(label=label, before=self._shown(column, pair[0]),
                            after=self._shown(column, pair[1]))
            )
        return tuple(found)

    def _shown(self, column: Column | None, value: Any) -> str:
        if value is None or value == "":
            return ""
        if column is None:
            return str(value)
        if column.field is not None and column.kind != "date":
            return shown_value(column.field, value)
        if column.kind == "boolean":
            return gettext("Yes") if value else gettext("No")
        if column.target is not None:
            return self._names.get(column.name, {}).get(value) or _unnamed(column.target, value)
        if column.kind == "choice":
            return translated(choice_of(self._screen.choices_of(column.name), value).label)
        try:
            if column.kind == "datetime":
                return write_datetime(dt.datetime.fromisoformat(value))
            if column.kind == "date":
                return write_date(dt.date.fromisoformat(value))
        except (TypeError, ValueError):
            return str(value)
        return str(value)


def _unnamed(target: type[Any], value: Any) -> str:
    """Return what stands for a row without a name: it is gone, or the reader may not see it."""
    is_hidden = hasattr(target, "__record_type__") and not sees_all(actor(), target)
    return gettext("a record that you may not see") if is_hidden else f"#{value}"


def is_pair(pair: Any) -> bool:
    """Return whether a change of an entry holds a value before and one after."""
    return isinstance(pair, list) and len(pair) == 2


def related_labels(screen: Any, wanted: Mapping[str, set[int]]) -> dict[str, dict[int, str]]:
    """Return labels of rows of several kinds by column and key, in one statement.

    Args:
        screen: the screen.
        wanted: keys by name of a relation's column.
    """
    parts = [
        screen.datamodel.get_related_interface(name).label_select(keys, name)
        for name, keys in wanted.items() if keys
    ]
    names: dict[str, dict[int, str]] = {name: {} for name in wanted}
    if parts:
        for name, key, label in screen.datamodel.session.execute(union_all(*parts)):
            names[name][key] = str(label)
    return names
