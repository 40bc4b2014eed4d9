"""The rows of a copy, each with what it holds and how a reader is shown it."""

# Not strict: rows of any table have no types.
# pyright: basic

from __future__ import annotations

import dataclasses
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from flask_babel import gettext
from sqlalchemy import Column, Table, inspect, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.scope import is_confidential
from app.admin.personal_copies.words import LABELS, TableWords, plain_value
from app.customers.models import Customer
from app.customers.privacy.former import former_facts
from app.customers.privacy.held import Held, kinds_by_table, model_of, pairs_of, rows_of
from app.forms.build import translate
from app.host.host import current_host
from app.i18n import Message
from app.records.custom_fields.definitions import PREFIX
from app.records.custom_fields.store import hidden_fields
from app.records.models import CustomerEntry, File
from app.screens.columns.columns import label_of
from app.sdk.screens import translated
from app.workflow.models import LogRow

_PORTION = 200
_CUSTOMERS: Table = Customer.__table__


@dataclasses.dataclass(frozen=True, slots=True)
class CopiedRow:
    """A row of a copy.

    Attributes:
        title: number of a record; empty for other rows.
        values: what it holds by column, custom fields by their keys; sensitive values clear.
        names: what keys and codes among the values stand for, by column.
        facts: label and text of everything that a reader is shown.
        file: name within the copy of an attachment; empty for other rows.
    """

    title: str
    values: Mapping[str, Any]
    names: Mapping[str, str]
    facts: list[tuple[str, str]]
    file: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class CopiedTable:
    """The rows of one table in a copy.

    Attributes:
        words: what it is called.
        number: how many rows there are.
        rows: reads them; each call begins anew.
    """

    words: TableWords
    number: int
    rows: Callable[[], Iterator[CopiedRow]]


class CopiedRecords:
    """What a copy holds, read again for each of its files, a portion at a time.

    Args:
        session: any session.
        actor: who makes the copy.
        held: which rows there are.
        files: names within the copy by key of an attachment.
    """

    def __init__(
        self, session: Session, actor: Actor, held: Held, files: Mapping[int, str]
    ) -> None:
        self._session, self._actor, self._held, self._files = session, actor, held, files
        self._kinds = kinds_by_table()
        self._words: dict[Table, TableWords] = {}
        self._names: dict[Table, dict[Any, str]] = defaultdict(dict)
        self._by_name = {kind.model.__record_type__: table for table, kind in self._kinds.items()}

    def tables(self) -> list[CopiedTable]:
        """Return the tables, those that people know from screens first."""
        found = [
            CopiedTable(self.words(table), len(keys), lambda table=table: self._rows(table))
            for table, keys in self._held.keys.items()]
        return sorted(found, key=lambda one: (
            one.words.table is not _CUSTOMERS, one.words.kind is None, not one.words.is_named,
            one.words.title))

    def words(self, table: Table) -> TableWords:
        """Return the words for a table."""
        if table not in self._words:
            kind = self._kinds.get(table)
            hidden = hidden_fields(
                self._session, self._actor, kind.model.__record_type__) if kind else frozenset()
            self._words[table] = TableWords(table, kind, hidden)
        return self._words[table]

    def former(self) -> Iterator[CopiedRow]:
        """Yield what records held before they were changed."""
        for table, kind in self._kinds.items():
            ids = sorted(key for (key,) in self._held.keys.get(table, ()))
            words = self.words(table)
            facts = former_facts(self._session, self._actor, kind.model.__record_type__, ids)
            while portion := list(itertools.islice(facts, _PORTION)):
                self._learn(table, [{"id": fact.record_id, fact.name: fact.value}
                                    for fact in portion])
                for fact in portion:
                    number = self._names[table].get(fact.record_id, "")
                    named = self._name_of(table, fact.name, fact.value)
                    text = named or words.text(fact.name, fact.value)
                    yield CopiedRow(
                        number,
                        {"record_type": fact.record_type, "record_id": fact.record_id,
                         "name": fact.name, "value": plain_value(fact.value),
                         "until": fact.until},
                        {"value": named} if named else {},
                        [(words.label(fact.name), text)] if text else [])

    @property
    def hidden_fields(self) -> int:
        """How many custom fields are left out, since the role of the actor does not see them."""
        return sum(len(self.words(table).hidden) for table in self._held.keys)

    def left_out(self) -> list[tuple[str, str, int]]:
        """Return table, title and number of the rows that are not in the copy."""
        return [(table.name, self.words(table).title, number)
                for table, number in self._held.left_out.items()]

    # --- rows --------------------------------------------------------------------------------
    def _rows(self, table: Table) -> Iterator[CopiedRow]:
        rows = (self._flat(table, row)
                for row in rows_of(self._session, table, sorted(self._held.keys[table])))
        while portion := list(itertools.islice(rows, _PORTION)):
            self._learn(table, portion)
            for row in portion:
                yield self._row(table, row)

    def _flat(self, table: Table, row: dict[str, Any]) -> dict[str, Any]:
        """Return a row with its custom fields beside the columns, but for those that are hidden."""
        hidden = self.words(table).hidden
        custom = {PREFIX + name: value for name, value in (row.pop("extra", None) or {}).items()}
        return row | {key: value for key, value in custom.items() if key not in hidden}

    def _row(self, table: Table, row: dict[str, Any]) -> CopiedRow:
        names = {name: text for name, value in row.items()
                 if (text := self._name_of(table, name, value))}
        for kind, column in pairs_of(table):
            owner = self._by_name.get(row[kind.name])
            if owner is not None and self._is_held(owner, row[column.name]):
                number = self._names[owner].get(row[column.name], "")
                names[column.name] = f"{gettext(self._kinds[owner].label)} {number}"
            elif table in self._kinds:
                # What it came of is not to be told; nobody finds it by the key alone.
                row[column.name] = None
        values = {name: value for name, value in row.items()
                  if self._may_tell(table, name, value)}
        return CopiedRow(
            str(row.get("number") or "") if table in self._kinds else "",
            {name: plain_value(value) for name, value in values.items()}, names,
            self._facts(table, values, names),
            self._files.get(row["id"], "") if table is File.__table__ else "")

    def _facts(
        self, table: Table, values: Mapping[str, Any], names: Mapping[str, str]
    ) -> list[tuple[str, str]]:
        words = self.words(table)
        shown = [*words.shown_columns, *(key for key in words.fields if key in values)]
        facts = [(words.label(name), text) for name in shown
                 if (text := names.get(name) or self._text(words, name, values))]
        if table.name in LABELS and "record_id" in names:
            facts.insert(0, (gettext("About"), names["record_id"]))
        return facts

    def _text(self, words: TableWords, name: str, values: Mapping[str, Any]) -> str:
        column: Column[Any] | None = words.table.columns.get(name)
        if column is not None and (column.foreign_keys or column.primary_key):
            # A key means nothing to a reader.
            return ""
        if words.table is CustomerEntry.__table__ and name == "text":
            return translate(Message(values["text"], values["values"]))
        if words.table is LogRow.__table__ and name == "transition":
            return self._step(values["record_type"], values[name])
        return words.text(name, values.get(name))

    def _step(self, record_type: str, transition: str) -> str:
        table = self._by_name.get(record_type)
        binding = current_host().workflow_of(self._kinds[table].model) if (
            table is not None) else None
        labels = {} if binding is None else {
            one.name: one.label for one in binding.workflow.transitions}
        return translated(labels.get(transition, transition))

    # --- names -------------------------------------------------------------------------------
    def _is_held(self, table: Table, key: Any) -> bool:
        return (key,) in self._held.keys.get(table, ())

    def _name_of(self, table: Table, name: str, value: Any) -> str:
        target = self._target_of(table, name)
        if target is None or value is None or target is _CUSTOMERS:
            return ""
        return self._names[target].get(value, "")

    def _learn(self, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
        """Read the names of all rows that some rows refer to, in a statement for each table."""
        wanted: dict[Table, set[Any]] = defaultdict(set)
        for row in rows:
            for name, value in row.items():
                target = self._target_of(table, name)
                if target is not None and isinstance(value, int) and self._may_name(target, value):
                    wanted[target].add(value)
            for kind, column in pairs_of(table):
                owner = self._by_name.get(row.get(kind.name, ""))
                if owner is not None and self._is_held(owner, row[column.name]):
                    wanted[owner].add(row[column.name])
            if table in self._kinds:
                wanted[table].add(row["id"])
        for target, keys in wanted.items():
            self._read_names(target, keys.difference(self._names[target]))

    def _may_tell(self, table: Table, name: str, value: Any) -> bool:
        """Return whether a value is no key of what belongs to somebody else."""
        target = self._target_of(table, name)
        return target is None or value is None or self._may_name(target, value)

    def _may_name(self, target: Table, key: int) -> bool:
        """Return whether a row is named: not one of another customer, or of a confidential kind."""
        kind = self._kinds.get(target)
        if kind is None or self._is_held(target, key):
            return True
        return target is not _CUSTOMERS and not is_confidential(kind.model) and not any(
            one.column.table is _CUSTOMERS for one in target.foreign_keys)

    def _read_names(self, target: Table, keys: set[Any]) -> None:
        model = model_of(target)
        if model is None or not keys:
            return
        names_customer = target in self._held.keys and target in self._kinds
        label = model.number if names_customer else label_of(model)
        [key] = inspect(model).primary_key
        for found, text in self._session.execute(
                select(key, label.label("label")).where(key.in_(keys))):
            self._names[target][found] = str(text or "")

    def _target_of(self, table: Table, name: str) -> Table | None:
        """Return the table that a column, or a custom field, leads to."""
        column, field = table.columns.get(name), self.words(table).fields.get(name)
        if field is not None:
            return self._by_name.get(field.target) if field.target else None
        return next((key.column.table for key in column.foreign_keys), None) if (
            column is not None) else None
