"""The rows of an import, held to what the form of a screen would take; needs no request."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.sensitive.kinds import MASK_GIVEN, looks_masked
from app.access.sensitive.values import SensitiveValue
from app.access.versioned_cache import one_version
from app.errors import Invalid, Rejected, StaleRecord
from app.i18n import N_, Message
from app.records.changes import waiting_of
from app.records.custom_fields.store import NOT_YOURS, hidden_fields
from app.records.importing.fields import (
    CREATED,
    REJECTED,
    SKIP,
    SKIPPED,
    UPDATED,
    WAITING,
    Addition,
    ImportRow,
    Outcome,
    Problem,
    RowChange,
    Unlisted,
)
from app.records.mixin import is_present
from app.records.values import is_empty
from app.screens.columns.held_values import value_held
from app.screens.columns.limits import default_of
from app.screens.forms.record_forms import RecordForms
from app.screens.imports.cell_rules import TEXTS, error_of, to_the_minute
from app.screens.imports.form_fields import FormFields, worded
from app.screens.imports.lists import ListedFields
from app.screens.screen import Screen

_UNKNOWN = N_("There is nothing of this name that you could choose.")
_SEVERAL = re.compile(r"[;；、\n]")
# Records of one key that are looked at for one that the person may see.
_MOST_OF_A_KEY = 20


class _RowRejected(Exception):
    """A cell or a row is not taken; ``message`` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


@dataclasses.dataclass(slots=True)
class _Batch:
    """Who reads rows in, and what has been looked up for them.

    Attributes:
        session: session of the import.
        actor: who imports.
        asks: whether values that no list holds are asked about elsewhere, and no fault here.
        named: keys by column and text: rows name the same colleagues and departments again.
    """

    session: Session
    actor: Actor
    asks: bool = False
    named: dict[tuple[str, str], list[int]] = dataclasses.field(default_factory=dict)

    def hidden(self, model: type[Any]) -> frozenset[str]:
        """Return the custom fields of a kind of record that the actor does not see."""
        kind = getattr(model, "__record_type__", "")
        return hidden_fields(self.session, self.actor, kind) if kind else frozenset()


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


class FormRows:
    """Checks and writes of one import.

    Args:
        screen: the screen.
        fields: what a file can fill.
    """

    def __init__(self, screen: Screen, fields: FormFields) -> None:
        self._screen, self._declared, self._fields = screen, screen.declared, fields
        self._columns, self.lists = fields.columns, ListedFields(screen, fields)
        self._conditions = screen.part(RecordForms).option_conditions

    # --- rows --------------------------------------------------------------------------------
    def check(self, session: Session, actor: Actor, rows: Sequence[ImportRow]) -> list[Problem]:
        """Return what the form and the rules of the record have against rows."""
        batch = _Batch(session, actor, asks=True)
        with one_version(session):
            return [problem for row in rows for problem in self._read(batch, row).problems]

    def write(
        self, session: Session, actor: Actor, rows: Sequence[ImportRow], on_existing: str
    ) -> list[Outcome]:
        """Write rows in the caller's transaction, each by the operations that the form calls."""
        outcomes, batch = [], _Batch(session, actor)
        with one_version(session):
            for row in rows:
                try:
                    self._add_to_lists(batch, row)
                    # What a row has begun goes back with it; the others stay.
                    with session.begin_nested():
                        outcomes.append(Outcome(row.line, self._write(batch, row, on_existing)))
                except _RowRejected as reason:
                    outcomes.append(Outcome(row.line, REJECTED, reason.message))
        return outcomes

    def compare(
        self, session: Session, actor: Actor, rows: Sequence[ImportRow]
    ) -> list[RowChange]:
        """Return what rows would change about the records that they name."""
        found, batch = [], _Batch(session, actor, asks=True)
        with one_version(session), force_locale(actor.locale or "en"):
            for row in rows:
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

    def _write(self, batch: _Batch, row: ImportRow, on_existing: str) -> str:
        reading = self._read(batch, row)
        if reading.problems:
            raise _RowRejected(reading.problems[0].message)
        operations, record = self._screen.operations, reading.record
        try:
            if record is None:
                # What the file does not tell is left to defaults, not emptied.
                operations.create(batch.session, batch.actor, reading.values)
                return CREATED
            if on_existing == SKIP or not reading.values:
                return SKIPPED
            changes = operations.change(
                batch.session, batch.actor, record, reading.values,
                getattr(record, "version", None),
            )
            return UPDATED if waiting_of(changes) is None else WAITING
        except StaleRecord as stale:
            reason = Message(N_("Somebody else is changing this record just now."))
            raise _RowRejected(reason) from stale
        except Invalid as invalid:
            raise _RowRejected(next(iter(invalid.errors.values()))) from invalid
        except Rejected as refused:
            raise _RowRejected(refused.message) from refused

    def _read(self, batch: _Batch, row: ImportRow) -> _Reading:
        """Return a row as values of a record, and what stands against it."""
        values, errors, open_names = self._values(batch, row)
        if errors:
            return _Reading(None, {}, [*self._problems(batch, row, errors)])
        try:
            record = self._record(batch, values)
            self._require_right(batch, record)
        except _RowRejected as reason:
            return _Reading(None, {}, [Problem(row.line, reason.message)])
        if record is None:
            names = self._fields.names
            hidden = self._declared.hidden_fields({
                name: values.get(name, default_of(self._columns.get(name))) for name in names})
            asked = [name for name in names if name not in hidden | open_names]
        else:
            values = self._typed_anew(record, values)
            hidden = self._declared.hidden_fields(values)
            asked = [name for name in values if name not in hidden]
        values = {name: value for name, value in values.items() if name not in hidden}
        errors = self._errors(asked, values)
        if not errors:
            values = values if record is None else self._changed(record, values)
            errors = self._errors_of_rules(batch, record, values)
            errors = {name: one for name, one in errors.items() if name not in open_names}
        return _Reading(record, values, [*self._problems(batch, row, errors)])

    def _problems(
        self, batch: _Batch, row: ImportRow, errors: Mapping[str, Message]
    ) -> Iterator[Problem]:
        language = batch.actor.locale or "en"
        for name, message in errors.items():
            label = worded(self._fields.label(name), language) if name else ""
            shown = self._fields.field(name).shown(row.values.get(name)) if name in (
                self._fields.names) else ""
            yield Problem(row.line, message, label, shown, name)

    # --- values ------------------------------------------------------------------------------
    def _values(
        self, batch: _Batch, row: ImportRow
    ) -> tuple[dict[str, Any], dict[str, Message], set[str]]:
        """Return the values of a row, its faults, and the fields whose value is yet to be known."""
        values: dict[str, Any] = {}
        errors: dict[str, Message] = {}
        open_names: set[str] = set()
        for name in self._fields.names:
            if name not in row.values:
                continue
            if name in batch.hidden(self._screen.model):
                errors[name] = Message(NOT_YOURS)
                continue
            try:
                values[name] = self._value(batch, name, row.values[name])
            except _RowRejected as reason:
                if batch.asks and name in self.lists and reason.message.msgid == _UNKNOWN:
                    open_names.add(name)
                else:
                    errors[name] = reason.message
        return values, errors, open_names

    def _add_to_lists(self, batch: _Batch, row: ImportRow) -> None:
        """Add to the lists what was decided to be added; not undone with the row.

        Raises:
            _RowRejected: the person may not, or it does not fit.
        """
        for name, value in row.values.items():
            if not isinstance(value, Addition) or batch.named.get((name, str(value))):
                continue
            if self._found(batch, name, str(value)):
                continue
            if not self.lists.may_add(batch.actor, name):
                raise _RowRejected(Message(N_("You may not add values to this list.")))
            try:
                key = self.lists.add(batch.session, batch.actor, name, str(value))
            except Invalid as invalid:
                raise _RowRejected(next(iter(invalid.errors.values()))) from invalid
            batch.named[name, str(value)] = [key]

    def _value(self, batch: _Batch, name: str, value: Any) -> Any:
        """Return what the record is to hold for a cell.

        Raises:
            _RowRejected: it names nothing that could be chosen.
        """
        column = self._columns.get(name)
        if column is None or column.is_many:
            parts = [part.strip() for part in _SEVERAL.split(str(value or "")) if part.strip()]
            if column is None:
                keys = [self._key_of_text(batch, name, part) for part in parts]
                return list(dict.fromkeys(keys))
            words = self._fields.words(name)
            if not words.keys() >= set(parts):
                raise _RowRejected(Message(_UNKNOWN))
            return [words[part] for part in parts]
        if isinstance(value, Unlisted) and column.kind == "choice":
            raise _RowRejected(Message(_UNKNOWN))
        if value is None:
            is_answered = column.kind == "boolean" and not column.nullable
            return "" if column.kind in TEXTS else False if is_answered else None
        if column.kind == "relation":
            return self._key_of_text(batch, name, str(value))
        if column.kind == "datetime" and not isinstance(value, Unlisted):
            return to_the_minute(value)
        if column.kind == "sensitive" and name in self._fields.key and looks_masked(value):
            # Nothing is found by what a mask shows.
            raise _RowRejected(Message(MASK_GIVEN))
        return value

    def _found(self, batch: _Batch, name: str, text: str) -> list[int]:
        if (name, text) not in batch.named:
            interface = self._screen.datamodel.get_related_interface(name)
            batch.named[name, text] = interface.named(
                batch.session, batch.actor, text, self._conditions(name))
        return batch.named[name, text]

    def _key_of_text(self, batch: _Batch, name: str, text: str) -> int:
        found = self._found(batch, name, text)
        if not found:
            raise _RowRejected(Message(_UNKNOWN))
        if len(found) > 1:
            raise _RowRejected(Message(N_("Several have this name; give the number.")))
        return found[0]

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
        self, batch: _Batch, record: Any | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Return what the operations would refuse, by field."""
        found = self._screen.operations.problems(batch.session, batch.actor, record, values)
        return {self._field_of(name): message for name, message in found.items()}

    def _field_of(self, column: str) -> str:
        name = column.removesuffix("_id")
        return name if name != column and name in self._columns else column

    # --- the record --------------------------------------------------------------------------
    def _record(self, batch: _Batch, values: Mapping[str, Any]) -> Any | None:
        """Return the record that the key names, or ``None``.

        Raises:
            _RowRejected: there is one, but out of sight.
        """
        model, interface = self._screen.model, self._screen.datamodel
        conditions = [
            self._columns[name].attribute == values[name] for name in self._fields.key
        ]
        if "deleted_at" in model.__mapper__.columns:
            conditions.append(is_present(model))
        keys = batch.session.scalars(
            select(interface.key).where(*conditions).order_by(interface.key).limit(_MOST_OF_A_KEY)
        ).all()
        if not keys:
            return None
        record = batch.session.scalars(
            select(model).where(interface.key.in_(keys), interface.visible_to(batch.actor))
            .order_by(interface.key).limit(1)
        ).first()
        if record is None:
            raise _RowRejected(Message(
                N_("There is such a record already, which you may not see.")))
        return record

    def _require_right(self, batch: _Batch, record: Any | None) -> None:
        """Make sure that the person may add or change the record.

        Raises:
            _RowRejected: not so.
        """
        if record is None:
            if not self._may(batch, "can_add"):
                raise _RowRejected(Message(N_("You may not add such records.")))
            return
        if not self._may(batch, "can_edit"):
            raise _RowRejected(Message(N_("You may not change such records.")))
        refused = self._screen.operations.refuse_change(batch.session, batch.actor, record)
        if refused is not None:
            raise _RowRejected(refused)

    def _may(self, batch: _Batch, permission: str) -> bool:
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
