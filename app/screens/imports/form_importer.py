"""The rows of an import, held to what the form of a screen would take; needs no request."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import force_locale
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.sensitive.values import SensitiveValue
from app.access.versioned_cache import one_version
from app.errors import CarelineError, Invalid, Rejected, StaleRecord
from app.i18n import N_, Message
from app.records.changes import waiting_of
from app.records.custom_fields.store import hidden_fields
from app.records.importing.fields import (
    CREATED,
    REJECTED,
    SKIP,
    SKIPPED,
    UPDATED,
    WAITING,
    ImportRow,
    Outcome,
    Problem,
    RowChange,
)
from app.records.services import create_many
from app.records.values import is_empty
from app.screens.columns.held_values import value_held
from app.screens.columns.limits import default_of
from app.screens.forms.record_forms import RecordForms
from app.screens.imports.cell_rules import RowRejected, error_of, to_the_minute
from app.screens.imports.form_fields import FormFields, worded
from app.screens.imports.keyed_records import KeyedRecords
from app.screens.imports.lists import ListedFields
from app.screens.imports.row_values import Batch, RowValues
from app.screens.screen import Screen


@dataclasses.dataclass(frozen=True, slots=True)
class _Reading:
    """A row of a file as values of a record.

    Attributes:
        record: the record that the row is about; ``None`` for a new one.
        values: values by field.
        problems: what stands against it.
    """

    record: Any | None
    values: Mapping[str, Any]
    problems: Sequence[Problem] = ()


def _reason_of(refused: CarelineError) -> RowRejected:
    """Return why operations refuse a row, in the words of an import."""
    if isinstance(refused, StaleRecord):
        return RowRejected(Message(N_("Somebody else is changing this record just now.")))
    if isinstance(refused, Invalid):
        return RowRejected(next(iter(refused.errors.values())))
    return RowRejected(refused.message)


class FormRows:
    """Checks and writes of one import.

    Args:
        screen: the screen.
        fields: what a file can fill.
    """

    def __init__(self, screen: Screen, fields: FormFields) -> None:
        self._screen, self._declared, self._fields = screen, screen.declared, fields
        self._columns, self.lists = fields.columns, ListedFields(screen, fields)
        self._keyed = KeyedRecords(screen, fields)
        # Of a new row only these matter where the file says nothing of them.
        self._required = frozenset(
            name for name in fields.names
            if name in self._columns and self._columns[name].is_required)
        conditions = self._declared.conditions
        conditional = conditions.keys() | {one.field for one in conditions.values()}
        self._conditional = {name: default_of(self._columns.get(name)) for name in fields.names
                             if name in conditional}
        self._kind: str = getattr(screen.model, "__record_type__", "")
        self._values = RowValues(screen, fields, self.lists)

    # --- rows --------------------------------------------------------------------------------
    def check(self, session: Session, actor: Actor, rows: Sequence[ImportRow]) -> list[Problem]:
        """Return what the form and the rules of the record have against rows."""
        with one_version(session):
            batch = self._begin(session, actor, rows, asks=True)
            return [problem for row in rows for problem in self._read(batch, row).problems]

    def write(
        self, session: Session, actor: Actor, rows: Sequence[ImportRow], on_existing: str
    ) -> list[Outcome]:
        """Write rows in the caller's transaction, by the operations that the form calls.

        New records are made together, after those that are there have been changed.
        """
        outcomes: dict[int, Outcome] = {}
        new: dict[int, Mapping[str, Any]] = {}
        with one_version(session):
            batch = self._begin(session, actor, rows)
            for row in rows:
                if self._is_twin(batch, row):
                    outcomes |= self._create(batch, new)
                try:
                    self._values.add_to_lists(batch, row)
                    reading = self._reading(batch, row)
                    if reading.record is None:
                        new[row.line] = reading.values
                        batch.waiting.add(batch.marks.get(row.line))
                    else:
                        outcomes[row.line] = Outcome(
                            row.line, self._update(batch, reading, on_existing))
                except RowRejected as reason:
                    outcomes[row.line] = Outcome(row.line, REJECTED, reason.message)
            outcomes |= self._create(batch, new)
        return [outcomes[row.line] for row in rows]

    @staticmethod
    def _is_twin(batch: Batch, row: ImportRow) -> bool:
        """Return whether a row may name a record that waits to be made."""
        mark = batch.marks.get(row.line)
        return bool(batch.waiting) and (
            mark is None or not batch.waiting.isdisjoint((None, mark)))

    def compare(
        self, session: Session, actor: Actor, rows: Sequence[ImportRow]
    ) -> list[RowChange]:
        """Return what rows would change about the records that they name."""
        found: list[RowChange] = []
        with one_version(session), force_locale(actor.locale or "en"):
            batch = self._begin(session, actor, rows, asks=True)
            for row in rows:
                if batch.is_new(row):
                    continue
                reading = self._read(batch, row)
                if reading.record is not None and not reading.problems:
                    found.append(RowChange(row.line, str(reading.record), tuple(
                        self._change(actor, reading.record, row, name)
                        for name in reading.values
                    )))
        return found

    def _change(
        self, actor: Actor, record: Any, row: ImportRow, name: str
    ) -> tuple[str, str, str]:
        """Return label, value now and value of the file; what is sensitive as its mask."""
        forms = self._screen.part(RecordForms)
        held = value_held(record, name, self._columns.get(name))
        shown = held.masked if isinstance(held, SensitiveValue) else forms.shown(
            name, forms.field_data(record, name))
        after = self._fields.field(name).shown(row.values[name])
        label = worded(self._fields.label(name), actor.locale or "en")
        return label, "" if shown is None else str(shown), after

    def _create(self, batch: Batch, new: dict[int, Mapping[str, Any]]) -> dict[int, Outcome]:
        """Make the records of new rows, and forget the rows; return the outcomes by line."""
        # What the file does not tell is left to defaults, not emptied.
        made = create_many(
            batch.session, batch.actor, self._screen.model, list(new.values())) if new else ()
        outcomes = {
            line: Outcome(line, REJECTED, _reason_of(one).message)
            if isinstance(one, CarelineError) else Outcome(line, CREATED)
            for line, one in zip(new, made, strict=True)
        }
        for line in new:
            # From now on there is one.
            batch.found.pop(batch.marks.pop(line, ()), None)
        new.clear()
        batch.waiting.clear()
        return outcomes

    def _update(self, batch: Batch, reading: _Reading, on_existing: str) -> str:
        """Bring the record of a row up to date; return what became of the row."""
        if on_existing == SKIP or not reading.values:
            return SKIPPED
        record = reading.record
        try:
            # What a row has begun goes back with it; the others stay.
            with batch.session.begin_nested():
                changes = self._screen.operations.change(
                    batch.session, batch.actor, record, reading.values,
                    getattr(record, "version", None),
                )
        except (StaleRecord, Invalid, Rejected) as refused:
            raise _reason_of(refused) from refused
        return UPDATED if waiting_of(changes) is None else WAITING

    def _reading(self, batch: Batch, row: ImportRow) -> _Reading:
        """Return a row as values of a record.

        Raises:
            RowRejected: something stands against it.
        """
        reading = self._read(batch, row)
        if reading.problems:
            raise RowRejected(reading.problems[0].message)
        return reading

    def _read(self, batch: Batch, row: ImportRow) -> _Reading:
        """Return a row as values of a record, and what stands against it."""
        values, errors, open_names = self._values.of_row(batch, row)
        if errors:
            return _Reading(None, {}, [*self._problems(batch, row, errors)])
        try:
            record = self._record(batch, row, values)
            self._require_right(batch, record)
        except RowRejected as reason:
            return _Reading(None, {}, [Problem(row.line, reason.message)])
        if record is None:
            hidden = self._declared.hidden_fields({
                name: values.get(name, default) for name, default in self._conditional.items()})
            asked = [name for name in self._fields.names
                     if (name in values or name in self._required)
                     and name not in hidden and name not in open_names]
        else:
            values = self._typed_anew(record, values)
            hidden = self._declared.hidden_fields(values)
            asked = [name for name in values if name not in hidden]
        values = {name: value for name, value in values.items() if name not in hidden}
        errors = self._errors(asked, values)
        if not errors:
            values = values if record is None else self._changed(record, values)
            # Of a new record that is to be written the operations ask the rules themselves.
            if record is not None or batch.asks:
                errors = self._errors_of_rules(batch, record, values)
                errors = {name: one for name, one in errors.items() if name not in open_names}
        return _Reading(record, values, [*self._problems(batch, row, errors)])

    def _problems(
        self, batch: Batch, row: ImportRow, errors: Mapping[str, Message]
    ) -> Iterator[Problem]:
        language = batch.actor.locale or "en"
        for name, message in errors.items():
            label = worded(self._fields.label(name), language) if name else ""
            shown = self._fields.field(name).shown(row.values.get(name)) if name in (
                self._fields.names) else ""
            yield Problem(row.line, message, label, shown, name)

    # --- what stands against it --------------------------------------------------------------
    def _errors(self, asked: Sequence[str], values: Mapping[str, Any]) -> dict[str, Message]:
        """Return what the fields of the form would refuse, by name."""
        found = {}
        for name in asked:
            column, value = self._columns.get(name), values.get(name)
            message = None if column is None else error_of(column, value)
            if message is not None:
                found[name] = message
        return found

    def _errors_of_rules(
        self, batch: Batch, record: Any | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Return what the operations would refuse, by field."""
        found = self._screen.operations.problems(batch.session, batch.actor, record, values)
        return {self._field_of(name): message for name, message in found.items()}

    def _field_of(self, column: str) -> str:
        name = column.removesuffix("_id")
        return name if name != column and name in self._columns else column

    # --- the record --------------------------------------------------------------------------
    def _begin(
        self, session: Session, actor: Actor, rows: Sequence[ImportRow], *, asks: bool = False
    ) -> Batch:
        """Return a batch that knows which records its rows name."""
        batch = Batch(
            session, actor, asks, hidden_fields(session, actor, self._kind) if self._kind
            else frozenset())
        keys: dict[int, dict[str, Any]] = {}
        for row in rows:
            with contextlib.suppress(RowRejected):
                keys[row.line] = {
                    name: self._values.of_cell(batch, name, row.values[name])
                    for name in self._fields.key}
        batch.marks, batch.found = self._keyed.look_up(session, actor, keys)
        return batch

    def _record(self, batch: Batch, row: ImportRow, values: Mapping[str, Any]) -> Any | None:
        """Return the record that the key names, or ``None``.

        Raises:
            RowRejected: there is one, but out of sight.
        """
        mark = batch.marks.get(row.line)
        if mark in batch.found:
            return self._keyed.shown(batch.found[mark])
        if not values.keys() >= set(self._fields.key):
            # The key names a value that no list holds yet: there is no such record.
            return None
        return self._keyed.find(batch.session, batch.actor, values)

    def _require_right(self, batch: Batch, record: Any | None) -> None:
        """Make sure that the person may add or change the record.

        Raises:
            RowRejected: not so.
        """
        if record is None:
            if not self._may(batch, "can_add"):
                raise RowRejected(Message(N_("You may not add such records.")))
            return
        if not self._may(batch, "can_edit"):
            raise RowRejected(Message(N_("You may not change such records.")))
        refused = self._screen.operations.refuse_change(batch.session, batch.actor, record)
        if refused is not None:
            raise RowRejected(refused)

    def _may(self, batch: Batch, permission: str) -> bool:
        return permission in self._screen.base_permissions and batch.actor.can(
            permission, self._screen.class_permission_name)

    def _typed_anew(self, record: Any, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return values without those that are the mask of what the record holds."""
        held = {name: value_held(record, name, self._columns.get(name)) for name in values}
        return {
            name: value for name, value in values.items()
            if not isinstance(held[name], SensitiveValue) or held[name].masked != value
        }

    def _changed(self, record: Any, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return those values that differ from what the record holds."""
        found = {}
        for name, value in values.items():
            held = value_held(record, name, self._columns.get(name))
            if isinstance(held, dt.datetime):
                # What is the same to the minute keeps its seconds, as on the form.
                held = to_the_minute(held)
            if held != value and not (is_empty(held) and is_empty(value)):
                found[name] = value
        return found
