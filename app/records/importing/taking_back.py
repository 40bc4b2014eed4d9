"""Taking back all that an import has written: what it changed, what it created, row by row.

It goes through the operations of each kind of record, so rights, rules and audit are those of any
other change. A record that somebody has worked on since stays as it is and is named. Records that
are removed do not stay in the recycle bin: their unique values would stand against reading the
right file in, and nothing is in them that is not in the file.

Every portion is a short transaction, and all of them share one change set. An attempt that was
cancelled or killed goes on where it ended.
"""

from __future__ import annotations

import contextlib
import dataclasses
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import join_change_set, record_act
from app.access.models import AuditEntry
from app.access.scope import scope_filter
from app.database import Base, held_seconds
from app.dictionary_columns import Dictionary
from app.errors import CarelineError, Invalid
from app.i18n import N_, Message
from app.jobs.portions import Pace
from app.records.deleting import deleting_together, deletion_refusal
from app.records.deletions import delete_many
from app.records.dictionaries import remove_entry
from app.records.files import FileStore
from app.records.former_values import former_values
from app.records.importing.dependents import (
    Created,
    as_one,
    entries_of,
    owner_of_extension,
    plain_kinds,
    referred_to,
    touched_since,
)
from app.records.importing.models import WITHDRAWING, WITHDRAWN, WrittenImport
from app.records.importing.written import created_of
from app.records.mixin import Record
from app.records.operations import Operations, operations_of
from app.records.purging import StillNeeded, purge_rows
from app.records.undo import CHANGED_SINCE, take_back_entry, values_before

MOST_SHOWN = 200
# Of one transaction: fewer would mostly pay for the sixty statements of each.
LEAST_ROWS = 8
OUT_OF_SIGHT = N_("You may not see it.")
GONE = N_("It is not there any more.")
REFERRED_TO = N_("Other records refer to it.")

Transaction = Callable[[], contextlib.AbstractContextManager[Session]]


@dataclasses.dataclass(slots=True)
class TakenBack:
    """What taking an import back does, or has done.

    Attributes:
        removed: records and rows that the import created and that are gone.
        restored: records and rows that have the values of before.
        left: how many stay as they are.
        rows: the first of them, each with ``record`` (its name), ``record_type``, ``record_id``
            and ``reason``, a sentence.
    """

    removed: int = 0
    restored: int = 0
    left: int = 0
    rows: list[dict[str, Any]] = dataclasses.field(default_factory=list[dict[str, Any]])


class _Refused(Exception):
    """A row stays as it is; ``message`` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class TakingBack:
    """One import on its way back.

    Args:
        session: outside of any writing block.
        actor: who takes it back.
        written: the import.
        sentence: turns a message into the person's language.
        transaction: writing block to use; ``None`` looks only and writes nothing.
        store: where contents of files lie.
        progress: called with steps done and steps in all; may raise to stop.
    """

    def __init__(
        self, session: Session, actor: Actor, written: WrittenImport, *,
        sentence: Callable[[Message], str], store: FileStore,
        transaction: Transaction | None = None,
        progress: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> None:
        self._session, self._actor, self._written = session, actor, written
        self._sentence, self._store, self._transaction = sentence, store, transaction
        self._progress = progress
        self._created = Created(created_of(session, written.id))
        self._records = {mapper.class_.__record_type__: mapper.class_
                         for mapper in Base.registry.mappers if issubclass(mapper.class_, Record)}
        self._plain = plain_kinds()
        self._pace = Pace(
            least=LEAST_ROWS, held=None if transaction is None else lambda: held_seconds(session))
        self._done, self._total = 0, 0
        self._given_back: set[tuple[str, int | None]] = set()
        self.result = TakenBack()

    def run(self) -> TakenBack:
        """Take everything back, or look what that would do.

        Values first: what the import created may still be referred to by what it changed.
        """
        self._begin()
        changes = entries_of(
            self._session, self._written, ("change", "delete", "transition"), self._created)
        rows = entries_of(self._session, self._written, ("create",), self._created)
        records = [(kind, self._created.keys_of(self._session, self._records[kind]))
                   for kind in self._created.kinds if kind in self._records]
        self._total = len(changes) + len(rows) + sum(len(keys) for _, keys in records)
        self._session.rollback()
        self._each(changes, self._restore)
        for kind, keys in records:
            model = self._records[kind]
            self._each(keys, lambda keys, model=model: self._remove(model, keys))
        self._each(rows, self._remove_rows)
        self._end()
        return self.result

    # --- beginning and end -------------------------------------------------------------------
    def _begin(self) -> None:
        if self._transaction is None:
            return
        with self._transaction():
            written = self._written
            written.state = WITHDRAWING
            written.back_change_set = written.back_change_set or str(uuid.uuid4())
        # What an earlier attempt has done counts as well.
        for kind, key, action in self._session.execute(
            select(AuditEntry.record_type, AuditEntry.record_id, AuditEntry.action)
            .where(AuditEntry.change_set == self._written.back_change_set)
        ):
            if action in ("purge", "remove"):
                self.result.removed += 1
            elif action != "delete":
                self._given_back.add((kind, key))

    def _end(self) -> None:
        if self._transaction is None:
            return
        with self._writing() as session:
            self._written.state = WITHDRAWN
            record_act(session, self._actor, "import_taken_back", changes={
                "file": self._written.file_name, "records": self.result.removed,
                "restored": self.result.restored, "left": self.result.left})

    @contextlib.contextmanager
    def _writing(self) -> Any:
        if self._transaction is None:
            yield self._session
            return
        with self._transaction() as session:
            join_change_set(session, self._written.back_change_set)
            yield session

    def _each(self, keys: Sequence[Any], work: Callable[[list[Any]], list[str]]) -> None:
        for portion in self._pace.portions(keys):
            with self._writing():
                contents = work(portion)
            for content in contents:
                self._store.remove(content)
            if self._transaction is None:
                self._session.rollback()
            self._done += len(portion)
            self._progress(self._done, self._total)

    def _leave(self, kind: str, key: int | None, name: str, reason: Message) -> None:
        self.result.left += 1
        if len(self.result.rows) < MOST_SHOWN:
            self.result.rows.append({
                "record": name, "record_type": kind, "record_id": key,
                "reason": self._sentence(reason),
            })

    # --- values ------------------------------------------------------------------------------
    def _restore(self, groups: list[list[int]]) -> list[str]:
        """Give records and rows that were there before the values of then."""
        entries = self._entries([key for group in groups for key in group])
        for group in groups:
            found = [entries[key] for key in group if key in entries]
            if not found:
                continue
            entry = found[0]
            if (entry.record_type, entry.record_id) in self._given_back:
                self.result.restored += 1
                continue
            try:
                self._restore_one(found)
                self.result.restored += 1
            except _Refused as refused:
                self._leave(entry.record_type, entry.record_id,
                            self._name_of(entry), refused.message)
        return []

    def _restore_one(self, entries: Sequence[AuditEntry]) -> None:
        """Take back what was done with a row, or look whether it could be.

        Raises:
            _Refused: the row stays as it is.
        """
        entry = entries[0]
        model, row = self._row_of(entry)
        operations = operations_of(model)
        former = former_values(
            self._session, entry.record_type, {entry.change_set}, [entry.record_id or 0])
        if all(one.action == "change" for one in entries):
            entries = [as_one(entries)]
        for one in entries:
            if self._transaction is None:
                self._look(operations, row, one, former)
                continue
            reason = take_back_entry(self._session, self._actor, operations, row, one, former)
            if reason is not None:
                raise _Refused(reason)

    def _look(self, operations: Operations, row: Any, entry: AuditEntry, former: Any) -> None:
        if entry.action != "change":
            return
        try:
            values = values_before(operations, row, entry.changes, former)
        except CarelineError as error:
            raise _Refused(error.message) from error
        errors = operations.problems(self._session, self._actor, row, values)
        if errors:
            raise _Refused(next(iter(errors.values())))

    def _entries(self, keys: Sequence[int]) -> dict[int, AuditEntry]:
        return {one.id: one for one in self._session.scalars(
            select(AuditEntry).where(AuditEntry.id.in_(keys)))}

    def _name_of(self, entry: AuditEntry) -> str:
        try:
            return str(self._row_of(entry)[1])
        except _Refused:
            return entry.number or str(entry.record_id)

    def _row_of(self, entry: AuditEntry) -> tuple[type[Any], Any]:
        """Return class and row of an audit entry.

        Raises:
            _Refused: it is gone, or out of sight.
        """
        model = self._records.get(entry.record_type) or self._plain.get(entry.record_type)
        if model is None or entry.record_id is None:
            raise _Refused(Message(GONE))
        row = self._session.get(model, entry.record_id)
        if row is None:
            raise _Refused(Message(GONE))
        if not self._is_visible(model, entry.record_id):
            raise _Refused(Message(OUT_OF_SIGHT))
        return model, row

    def _is_visible(self, model: type[Any], key: int) -> bool:
        own = next(iter(model.__table__.primary_key.columns))
        if not issubclass(model, Record):
            return True
        return self._session.scalar(
            select(own).where(own == key, scope_filter(self._actor, model))) is not None

    # --- records that were created ---------------------------------------------------------------
    def _remove(self, model: type[Any], keys: list[int]) -> list[str]:
        """Remove records that nobody has worked on; return the contents of their files."""
        operations = operations_of(model)
        good: list[Any] = []
        for record, reason in self._judged(model, keys):
            if reason is None:
                good.append(record)
            else:
                self._leave_record(record, reason)
        if self._transaction is None:
            self.result.removed += len(good)
            return []
        return self._delete(operations, good)

    def _judged(
        self, model: type[Any], keys: list[int]
    ) -> list[tuple[Any, Message | None]]:
        """Return records with what stands against their removal."""
        session, kind = self._session, model.__record_type__
        visible = set(session.scalars(
            select(model.id).where(model.id.in_(keys), scope_filter(self._actor, model))))
        touched = touched_since(session, self._written, kind, keys)
        needed = referred_to(session, model, keys, self._created)
        operations = operations_of(model)
        found: list[tuple[Any, Message | None]] = []
        with deleting_together(model, keys):
            for record in session.scalars(
                    select(model).where(model.id.in_(keys)).order_by(model.id)):
                reason = (
                    Message(OUT_OF_SIGHT) if record.id not in visible
                    else Message(CHANGED_SINCE) if record.id in touched
                    else Message(REFERRED_TO) if record.id in needed
                    # Where they are deleted it is asked then.
                    else None if self._transaction is not None
                    else deletion_refusal(session, self._actor, operations, record)
                )
                found.append((record, reason))
        return found

    def _delete(self, operations: Operations, records: list[Any]) -> list[str]:
        """Delete records for good: all at once, or one by one where one of them is still needed."""
        try:
            with self._session.begin_nested():
                outcomes = delete_many(self._session, self._actor, operations, records)
                gone = [record for record, refused in zip(records, outcomes, strict=True)
                        if refused is None]
                contents = purge_rows(self._session, self._actor, gone)
        except CarelineError as error:
            if len(records) == 1:
                self._leave_record(records[0], _reason(error))
                return []
            return [content for one in records for content in self._delete(operations, [one])]
        for record, refused in zip(records, outcomes, strict=True):
            if refused is not None:
                self._leave_record(record, _reason(refused))
        self.result.removed += len(gone)
        return contents

    def _leave_record(self, record: Any, reason: Message) -> None:
        hidden = reason.msgid == OUT_OF_SIGHT
        name = record.number if hidden else str(record)
        self._leave(record.__record_type__, record.id, name, reason)

    # --- other rows that were created ------------------------------------------------------------
    def _remove_rows(self, groups: list[list[int]]) -> list[str]:
        """Remove values of lists and other rows that are no records."""
        owners: dict[type[Any], str] = {}
        for entry in self._entries([group[0] for group in groups]).values():
            model = self._plain.get(entry.record_type)
            if model is None or entry.record_id is None:
                continue
            if model not in owners:
                owners[model] = owner_of_extension(self._session, model)
            if (owners[model], entry.record_id) in self._created:
                # It has gone, or stays, with the record that it belongs to.
                continue
            row = self._session.get(model, entry.record_id)
            if row is None:
                continue
            name = entry.number or str(row)
            try:
                self._remove_row(model, row, entry)
                self.result.removed += 1
            except _Refused as refused:
                self._leave(entry.record_type, entry.record_id, name, refused.message)
        return []

    def _remove_row(self, model: type[Any], row: Any, entry: AuditEntry) -> None:
        operations, session = operations_of(model), self._session
        if touched_since(session, self._written, entry.record_type, [entry.record_id or 0]):
            raise _Refused(Message(CHANGED_SINCE))
        refused = deletion_refusal(session, self._actor, operations, row)
        if refused is not None:
            raise _Refused(refused)
        if self._transaction is None:
            return
        try:
            with session.begin_nested():
                if issubclass(model, Dictionary):
                    remove_entry(session, self._actor, model, row.id)
                else:
                    operations.delete(session, self._actor, row)
        except CarelineError as error:
            raise _Refused(_reason(error)) from error


def _reason(error: CarelineError) -> Message:
    if isinstance(error, StillNeeded):
        return Message(REFERRED_TO)
    if isinstance(error, Invalid):
        return next(iter(error.errors.values()), error.message)
    return error.message
