"""Values of a file that no list holds: asked about, taken for others, added, or left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import SYSTEM, Actor
from app.host.host import current_host
from app.records.dictionaries import add_value
from app.records.importing.fields import ImportRow, Unlisted
from app.screens.columns.dictionaries import is_dictionary
from app.screens.imports.form_fields import FormFields
from app.screens.screen import Screen


class ListedFields:
    """The fields of a form that take one value of a list: a choice, or a dictionary.

    Args:
        screen: the screen.
        fields: what a file can fill.
    """

    def __init__(self, screen: Screen, fields: FormFields) -> None:
        self._screen, self._fields = screen, fields
        self._dictionaries: dict[str, type[Any]] = {}
        self._choices: set[str] = set()
        for name in fields.names:
            column = fields.columns.get(name)
            if column is None or column.is_many:
                continue
            if column.kind == "choice":
                self._choices.add(name)
            elif column.kind == "relation" and is_dictionary(column.target):
                self._dictionaries[name] = column.related

    def __contains__(self, name: object) -> bool:
        return name in self._choices or name in self._dictionaries

    def unknown(self, session: Session, rows: Sequence[ImportRow]) -> dict[str, dict[str, int]]:
        """Return the values that are in no list, by field, with the number of rows of each.

        Args:
            session: any session.
            rows: checked rows.
        """
        found: dict[str, dict[str, int]] = {}
        for name in (*sorted(self._choices), *sorted(self._dictionaries)):
            counts = Counter(str(row.values[name]) for row in rows if row.values.get(name))
            if name in self._choices:
                listed = {str(row.values[name]) for row in rows
                          if not isinstance(row.values.get(name), Unlisted | None)}
            else:
                listed = {text for text in counts if self._is_listed(session, name, text)}
            new = {text: number for text, number in counts.items() if text not in listed}
            if new:
                found[name] = new
        return found

    def _is_listed(self, session: Session, name: str, text: str) -> bool:
        interface = self._screen.datamodel.get_related_interface(name)
        return bool(interface.named(session, SYSTEM, text))

    def targets(self, session: Session, name: str) -> list[tuple[str, str]]:
        """Return what a value can be taken for, in the order of the list: value and label.

        Args:
            session: any session.
            name: of the field.
        """
        model = self._dictionaries.get(name)
        if model is None:
            return [(value, label) for value, label in self._fields.field(name).choices]
        rows = session.execute(
            select(model.code, model.name).where(model.retired.is_(False))
            .order_by(model.position, model.id))
        return [(code, label) for code, label in rows]

    def may_add(self, actor: Actor, name: str) -> bool:
        """Return whether a person may add values to the list of a field."""
        model = self._dictionaries.get(name)
        return any(actor.can("can_edit", one.view)
                   for one in current_host().dictionaries() if one.model is model)

    def add(self, session: Session, actor: Actor, name: str, text: str) -> int:
        """Add a value to the dictionary of a field; part of the running write; return its key.

        Raises:
            BadEntry: it does not fit.
        """
        return add_value(session, actor, self._dictionaries[name], text)

