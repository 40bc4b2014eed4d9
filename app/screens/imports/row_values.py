"""The cells of a file as values of a record: what they name is looked up, new values are added."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.sensitive.kinds import MASK_GIVEN, looks_masked
from app.errors import Invalid
from app.i18n import N_, Message
from app.records.custom_fields.store import NOT_YOURS
from app.records.importing.fields import Addition, ImportRow, Unlisted
from app.screens.forms.record_forms import RecordForms
from app.screens.imports.cell_rules import TEXTS, RowRejected, to_the_minute
from app.screens.imports.form_fields import FormFields
from app.screens.imports.keyed_records import Mark
from app.screens.imports.lists import ListedFields
from app.screens.screen import Screen

_UNKNOWN = N_("There is nothing of this name that you could choose.")
_SEVERAL = re.compile(r"[;；、\n]")


@dataclasses.dataclass(slots=True)
class Batch:
    """Who reads rows in, and what has been looked up for them.

    Attributes:
        session: session of the import.
        actor: who imports.
        asks: whether values that no list holds are asked about elsewhere, and no fault here.
        hidden: the custom fields that the actor does not see.
        named: keys by column and text: rows name the same colleagues and departments again.
        marks: key of each row by its line, where all were looked up at once.
        found: what these keys name.
        waiting: keys of the rows whose records wait to be made.
    """

    session: Session
    actor: Actor
    asks: bool
    hidden: frozenset[str]
    named: dict[tuple[str, str], list[int]] = dataclasses.field(default_factory=dict)
    marks: dict[int, Mark] = dataclasses.field(default_factory=dict)
    found: dict[Mark, Any] = dataclasses.field(default_factory=dict)
    waiting: set[Mark | None] = dataclasses.field(default_factory=set)

    def is_new(self, row: ImportRow) -> bool:
        """Return whether a row was looked up with the others and names no record."""
        mark = self.marks.get(row.line)
        return mark in self.found and self.found[mark] is None


class RowValues:
    """Reads the rows of one import as values.

    Args:
        screen: the screen.
        fields: what a file can fill.
        lists: those of them that take a value of a list.
    """

    def __init__(self, screen: Screen, fields: FormFields, lists: ListedFields) -> None:
        self._screen, self._fields, self._lists = screen, fields, lists
        self._columns = fields.columns
        self._conditions = screen.part(RecordForms).option_conditions

    def of_row(
        self, batch: Batch, row: ImportRow
    ) -> tuple[dict[str, Any], dict[str, Message], set[str]]:
        """Return the values of a row, its faults, and the fields whose value is yet to be known.

        Args:
            batch: the rows that are read in.
            row: one of them.
        """
        values: dict[str, Any] = {}
        errors: dict[str, Message] = {}
        open_names: set[str] = set()
        for name in self._fields.names:
            if name not in row.values:
                continue
            if name in batch.hidden:
                errors[name] = Message(NOT_YOURS)
                continue
            try:
                values[name] = self.of_cell(batch, name, row.values[name])
            except RowRejected as reason:
                if batch.asks and name in self._lists and reason.message.msgid == _UNKNOWN:
                    open_names.add(name)
                else:
                    errors[name] = reason.message
        return values, errors, open_names

    def add_to_lists(self, batch: Batch, row: ImportRow) -> None:
        """Add to the lists what was decided to be added; not undone with the row.

        Args:
            batch: the rows that are read in.
            row: one of them.

        Raises:
            RowRejected: the person may not, or it does not fit.
        """
        for name, value in row.values.items():
            if not isinstance(value, Addition) or batch.named.get((name, str(value))):
                continue
            if self._found(batch, name, str(value)):
                continue
            if not self._lists.may_add(batch.actor, name):
                raise RowRejected(Message(N_("You may not add values to this list.")))
            try:
                key = self._lists.add(batch.session, batch.actor, name, str(value))
            except Invalid as invalid:
                raise RowRejected(next(iter(invalid.errors.values()))) from invalid
            batch.named[name, str(value)] = [key]

    def of_cell(self, batch: Batch, name: str, value: Any) -> Any:
        """Return what the record is to hold for a cell.

        Args:
            batch: the rows that are read in.
            name: of the field.
            value: as the file holds it, in the type of the field.

        Raises:
            RowRejected: it names nothing that could be chosen.
        """
        column = self._columns.get(name)
        if column is None or column.is_many:
            parts = [part.strip() for part in _SEVERAL.split(str(value or "")) if part.strip()]
            if column is None:
                keys = [self._key_of_text(batch, name, part) for part in parts]
                return list(dict.fromkeys(keys))
            words = self._fields.words(name)
            if not words.keys() >= set(parts):
                raise RowRejected(Message(_UNKNOWN))
            return [words[part] for part in parts]
        if isinstance(value, Unlisted) and column.kind == "choice":
            raise RowRejected(Message(_UNKNOWN))
        if value is None:
            is_answered = column.kind == "boolean" and not column.nullable
            return "" if column.kind in TEXTS else False if is_answered else None
        if column.kind == "relation":
            return self._key_of_text(batch, name, str(value))
        if column.kind == "datetime" and not isinstance(value, Unlisted):
            return to_the_minute(value)
        if column.kind == "sensitive" and name in self._fields.key and looks_masked(value):
            # Nothing is found by what a mask shows.
            raise RowRejected(Message(MASK_GIVEN))
        return value

    def _found(self, batch: Batch, name: str, text: str) -> list[int]:
        if (name, text) not in batch.named:
            interface = self._screen.datamodel.get_related_interface(name)
            batch.named[name, text] = interface.named(
                batch.session, batch.actor, text, self._conditions(name))
        return batch.named[name, text]

    def _key_of_text(self, batch: Batch, name: str, text: str) -> int:
        found = self._found(batch, name, text)
        if not found:
            raise RowRejected(Message(_UNKNOWN))
        if len(found) > 1:
            raise RowRejected(Message(N_("Several have this name; give the number.")))
        return found[0]
