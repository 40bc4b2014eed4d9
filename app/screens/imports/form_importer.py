"""The rows of an import as a form takes them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.access.actor import Actor
from app.database import db
from app.errors import Invalid, Rejected, StaleRecord
from app.forms.definition import Kind
from app.i18n import N_, Message
from app.records.importing.fields import (
    CREATED,
    REJECTED,
    SKIP,
    SKIPPED,
    UPDATED,
    ImportField,
    ImportRow,
    Outcome,
    Problem,
)
from app.records.mixin import is_present
from app.screens.columns.columns import Column, label_for
from app.screens.imports.run_as import on_behalf_of
from app.web.formats import zone
from app.web.request import actor
from app.web.texts import translated

_KINDS = {
    "text": Kind.TEXT, "long_text": Kind.LONG_TEXT, "integer": Kind.INTEGER, "choice": Kind.CHOICE,
    "decimal": Kind.DECIMAL, "date": Kind.DATE, "datetime": Kind.DATETIME, "boolean": Kind.BOOLEAN,
    "sensitive": Kind.TEXT,
}
_UNKNOWN = N_("There is nothing of this name that you could choose.")
_SEVERAL = re.compile(r"[;；、\n]")
_LANGUAGES = ("en", "zh")
# Records of one key that are looked at for one that the person may see.
_MOST_OF_A_KEY = 20


class _NotTaken(Exception):
    """A cell or a row is not taken; ``message`` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def worded(label: Any, language: str) -> str:
    """Return a label in a language, ``en`` or ``zh``."""
    with force_locale(language):
        return str(translated(label))


class FormRows:
    """Fields, checks and writes of one import.

    Args:
        view: the record view.
    """

    def __init__(self, view: Any) -> None:
        self.view = view
        self.names = [
            name for name in view.add_columns
            if getattr(view.columns.get(name), "kind", "") != "json"
        ]
        self.key = self._key()
        # Rows of one batch name the same colleagues and departments again and again.
        self._named: dict[tuple[str, str], list[int]] = {}

    def _key(self) -> list[str]:
        """Return the fields by which a row of a file is known again.

        Declared by the view; else a column whose values are unique; else what names the record;
        else its first field.
        """
        if self.view.import_key:
            return list(self.view.import_key)
        mapped = self.view.datamodel.obj.__mapper__.columns
        unique = [name for name in self.names if name in mapped and mapped[name].unique]
        title = getattr(self.view.datamodel.obj, "__title_field__", "")
        return (unique or [name for name in self.names if name == title] or self.names)[:1]

    # --- fields ------------------------------------------------------------------------------
    def field(self, name: str) -> ImportField:
        """Return what a column of the file may fill."""
        column, label = self.view.columns.get(name), self.label(name)
        common = {
            "name": name, "label": worded(label, "en"), "required": name in self.key,
            "aliases": (worded(label, "zh"),),
        }
        if column is None or column.is_many or column.kind == "relation":
            return ImportField(**common, length=2000)
        if column.kind == "choice":
            return ImportField(
                **common, kind=Kind.CHOICE, words=self._words(name),
                choices=tuple(
                    (str(one.value), worded(one.label, "en")) for one in self.view.choices_of(name)
                ),
            )
        return ImportField(**common, kind=_KINDS[column.kind], **self._measure(column))

    @staticmethod
    def _measure(column: Column) -> dict[str, Any]:
        if column.custom is not None:
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
        column = self.view.columns.get(name)
        return column.label if column is not None else label_for(name, self.view.label_columns)

    def _words(self, name: str) -> dict[str, str]:
        """Return what files write for the values of a choice, and the values."""
        choices = self.view.choices_of(name)
        return {str(one.value): str(one.value) for one in choices} | {
            worded(one.label, language): str(one.value)
            for one in choices for language in _LANGUAGES
        }

    # --- rows --------------------------------------------------------------------------------
    def check(self, session: Session, actor: Actor, rows: Sequence[ImportRow]) -> list[Problem]:
        """Return what the form has against rows."""
        self._named.clear()
        with on_behalf_of(session, actor):
            return [problem for row in rows for problem in self._form(row)[2]]

    def write(
        self, session: Session, actor: Actor, rows: Sequence[ImportRow], on_existing: str
    ) -> list[Outcome]:
        """Write rows in the caller's transaction, each by the service that the form calls."""
        outcomes = []
        self._named.clear()
        with on_behalf_of(session, actor):
            for row in rows:
                try:
                    # What a row has begun goes back with it; the others stay.
                    with session.begin_nested():
                        outcomes.append(Outcome(row.line, self._write(row, on_existing)))
                except _NotTaken as reason:
                    outcomes.append(Outcome(row.line, REJECTED, reason.message))
        return outcomes

    def _write(self, row: ImportRow, on_existing: str) -> str:
        form, record, problems = self._form(row)
        if problems:
            raise _NotTaken(problems[0].message)
        operations, person = self.view.operations, actor()
        try:
            if record is None:
                # What the file does not tell is left to defaults, not emptied.
                operations.create(
                    db.session, person, form.submitted(self.view.add_columns, row.values)
                )
                return CREATED
            values = form.submitted(self.view.edit_columns, row.values)
            before = self.view.record_data(record)
            changed = {name: value for name, value in values.items() if before.get(name) != value}
            if on_existing == SKIP or not changed:
                return SKIPPED
            operations.change(
                db.session, person, record, changed, getattr(record, "version", None)
            )
            return UPDATED
        except StaleRecord as stale:
            reason = Message(N_("Somebody else is changing this record just now."))
            raise _NotTaken(reason) from stale
        except Invalid as invalid:
            raise _NotTaken(next(iter(invalid.errors.values()))) from invalid
        except Rejected as refused:
            raise _NotTaken(refused.message) from refused

    def _form(self, row: ImportRow) -> tuple[Any, Any | None, list[Problem]]:
        """Return the filled form, the record that the row is about, and what is wrong."""
        view, maker = self.view, self.view.form_maker
        problems: list[Problem] = []
        sent = self._sent(row, problems)
        if problems:
            return None, None, problems
        record, hidden = self._record(row, sent)
        if hidden:
            return None, None, [Problem(row.line, Message(
                N_("There is such a record already, which you may not see.")))]
        plain = {"meta": {"csrf": False}}
        if record is None:
            if not view.can("can_add"):
                reason = Message(N_("You may not add such records."))
                return None, None, [Problem(row.line, reason)]
            for name in self.names:
                sent.setdefault(name, "")
            form = maker.with_custom(view.add_form)(formdata=sent, **plain)
        else:
            reason = "" if view.can("can_edit") else N_("You may not change such records.")
            reason = reason or view.change_refusal(record)
            if reason:
                return None, record, [Problem(row.line, Message(str(reason)))]
            form = maker.with_custom(view.edit_form)(
                formdata=sent, data=view.record_data(record), **plain)
            form.drop_unsent(set(sent))
        view.drop_hidden(form)
        if form.validate():
            self._ask_rules(form, record, row)
        return form, record, [*self._said(row, form)]

    def _ask_rules(self, form: Any, record: Any | None, row: ImportRow) -> None:
        """Put at the fields of a form what the operations would refuse."""
        names = self.view.add_columns if record is None else self.view.edit_columns
        values = form.submitted(names, row.values)
        errors = self.view.operations.problems(db.session, actor(), record, values)
        if errors:
            self.view.explain(form, Invalid(errors), record)

    def _said(self, row: ImportRow, form: Any) -> Iterator[Problem]:
        for name, errors in form.errors.items():
            label = str(form[name].label.text) if name and name in form else ""
            shown = "" if name is None else self._shown(name, row.values.get(name))
            for said in (Message("%(text)s", {"text": str(error)}) for error in errors):
                yield Problem(row.line, said, label, shown, name or "")

    def _shown(self, name: str, value: Any) -> str:
        return self.field(name).shown(value)

    def _sent(self, row: ImportRow, problems: list[Problem]) -> MultiDict[str, str]:
        """Return the row as the form would have been sent."""
        sent: MultiDict[str, str] = MultiDict()
        for name in self.names:
            if name not in row.values:
                continue
            value = row.values[name]
            try:
                for text in self._texts(name, value):
                    sent.add(name, text)
            except _NotTaken as reason:
                label = str(translated(self.label(name)))
                problems.append(
                    Problem(row.line, reason.message, label, self._shown(name, value), name))
        return sent

    def _texts(self, name: str, value: Any) -> Iterable[str]:
        column = self.view.columns.get(name)
        several = column is None or column.is_many
        if value is None:
            return [""]
        if several:
            parts = [part.strip() for part in _SEVERAL.split(str(value)) if part.strip()]
            if column is None:
                return ["", *(self._key_of_text(name, part) for part in parts)]
            words = self._words(name)
            if not words.keys() >= set(parts):
                raise _NotTaken(Message(_UNKNOWN))
            return ["", *(words[part] for part in parts)]
        if column.kind == "relation":
            return [self._key_of_text(name, str(value))]
        if isinstance(value, bool):
            return ["y" if value else ""]
        if isinstance(value, dt.datetime):
            return [value.astimezone(zone()).strftime("%Y-%m-%dT%H:%M")]
        if isinstance(value, dt.date):
            return [value.isoformat()]
        return [str(value)]

    def _key_of_text(self, name: str, text: str) -> str:
        if (name, text) not in self._named:
            interface = self.view.datamodel.get_related_interface(name)
            self._named[name, text] = interface.named(text, self.view.option_conditions(name))
        found = self._named[name, text]
        if not found:
            raise _NotTaken(Message(_UNKNOWN))
        if len(found) > 1:
            raise _NotTaken(Message(N_("Several have this name; give the number.")))
        return str(found[0])

    def _record(
        self, row: ImportRow, sent: MultiDict[str, str]
    ) -> tuple[Any | None, bool]:
        """Return the record that the key names, and whether it exists out of sight."""
        model, interface = self.view.datamodel.obj, self.view.datamodel
        conditions = [
            self.view.columns[name].attribute == self._stored(row, sent, name)
            for name in self.key
        ]
        if "deleted_at" in model.__mapper__.columns:
            conditions.append(is_present(model))
        keys = db.session.scalars(select(interface.key).where(*conditions)
                                  .order_by(interface.key).limit(_MOST_OF_A_KEY)).all()
        seen = [record for record in map(interface.get, keys) if record is not None]
        return (seen[0], False) if seen else (None, bool(keys))

    def _stored(self, row: ImportRow, sent: MultiDict[str, str], name: str) -> Any:
        """Return the value of a field of the key as the service keeps it."""
        if self.view.columns[name].kind == "relation":
            return int(sent[name])
        value = row.values[name]
        if isinstance(value, dt.datetime):
            return value.replace(second=0, microsecond=0)  # the form keeps minutes
        return value
