"""Operations on records: numbers, history, search, events, recycle bin, fields that stay filled."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.sensitive import phones
from app.access.sensitive.columns import sensitive_columns
from app.access.versioned_cache import one_version
from app.database import utcnow, write
from app.errors import CarelineError, Invalid, Rejected
from app.i18n import N_, Message
from app.jobs.hidden_rows import is_hidden
from app.people.services import branch_of
from app.records import saving
from app.records.assignment import assignment_refusal, people_columns
from app.records.changes import CREATE, Changes
from app.records.custom_fields.references import astray
from app.records.custom_fields.store import refused_fields
from app.records.mixin import OfBranch, Record
from app.records.numbers import next_numbers, reserve_ids
from app.records.operations import Asked, Operations, serve_by_default
from app.records.places import lacks_place, may_lack_place
from app.records.referring import referred_rows
from app.records.refusals import attempted, refusals
from app.records.values import (
    column_values,
    differences,
    held_value,
    is_empty,
)

_NUMBER_ALONE = N_("Give one number alone: with words beside it nobody is recognised by it.")
# Kinds of sensitive column by which people are recognised.
_NUMBERS = frozenset({"phone", "contact"})

# What of operations decides on a new record.
_RULES_OF_NEW = frozenset({"create", "prepare", "validate", "follow", "_worked_out", "_insert"})
# What of them decides on a change.
_RULES_OF_CHANGES = frozenset(
    {"change", "refuse_change", "validate", "store", "_implied", "follow"})
# What of them decides on a deletion.
_RULES_OF_DELETIONS = frozenset({"delete", "refuse_delete", "_remove"})
# Under these names a class says that its rules are asked of many records before one is written.
_MADE, _CHANGED = "_is_made_together", "_is_changed_together"
_DELETED = "_is_deleted_together"
Kind = TypeVar("Kind", bound=type[Operations])


def made_together(kind: Kind) -> Kind:
    """Say that the rules of a new record look at no other record of its kind; a decorator.

    An import then asks them of some hundreds of records first and writes all at once, where it
    otherwise makes one after the other. A class that overrides one of the rules has to say it anew.

    Args:
        kind: class of operations on records.
    """
    setattr(kind, _MADE, True)
    return kind


def changed_together(kind: Kind) -> Kind:
    """Say that the rules of a change look at no other record of its kind; a decorator.

    Changes of some hundreds of records are then asked of all of them first and written at once. A
    class that overrides one of the rules has to say it anew.

    Args:
        kind: class of operations on records.
    """
    setattr(kind, _CHANGED, True)
    return kind


def deleted_together(kind: Kind) -> Kind:
    """Say that the rules of a deletion look at no other record of its kind; a decorator.

    As of ``changed_together``.

    Args:
        kind: class of operations on records.
    """
    setattr(kind, _DELETED, True)
    return kind


def are_made_together(kind: type[Operations]) -> bool:
    """Return whether all rules of a class on new records were said to look at no other record."""
    return _says(kind, _MADE, _RULES_OF_NEW)


def are_changed_together(kind: type[Operations]) -> bool:
    """Return whether all rules of a class on changes were said to look at no other record."""
    return _says(kind, _CHANGED, _RULES_OF_CHANGES)


def are_deleted_together(kind: type[Operations]) -> bool:
    """Return whether all rules of a class on deletions were said to look at no other record."""
    return _says(kind, _DELETED, _RULES_OF_DELETIONS)


def _says(kind: type[Operations], name: str, rules: frozenset[str]) -> bool:
    for one in kind.__mro__:
        if name in vars(one):
            return True
        if rules.intersection(vars(one)):
            return False
    return False


@made_together
@changed_together
@deleted_together
class RecordOperations(Operations):
    """Operations on records: numbers, history, search, events, recycle bin."""

    protected = saving.PROTECTED

    step_columns: ClassVar[frozenset[str]] = frozenset()
    """Columns that only an action of the record writes, on no way in by a form or a file."""

    required: ClassVar[tuple[str, ...]] = ()
    """Columns that must not be emptied once they are filled; see ``may_be_empty``."""

    def may_be_empty(self, record: Any) -> bool:
        """Return whether the ``required`` columns of a record may still be empty."""
        return False

    def refuse_change(self, session: Session, actor: Actor, record: Any) -> Message | None:
        """What lies in the recycle bin stays as it is until it is restored."""
        if record.is_away:
            return Message(N_("It lies in the recycle bin: restore it first."))
        return None

    def validate(
        self, session: Session, actor: Actor, record: Any | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse to empty what must be filled, what only a step writes, words behind a number."""
        errors = {
            name: Message(N_("This is written by the steps of the record only."))
            for name in sorted(self.step_columns.intersection(values))
        }
        errors |= {
            name: Message(_NUMBER_ALONE)
            for name, column in sensitive_columns(self.model).items()
            if column.kind in _NUMBERS and isinstance(values.get(name), str)
            and phones.is_more_than_a_number(values[name])
        }
        if record is not None and not self.may_be_empty(record):
            errors |= {
                name: Message(N_("This must stay filled from here on."))
                for name in self.required if name in values and is_empty(values[name])
            }
        return errors

    def problems(
        self, session: Session, actor: Actor, record: Any | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Add why a plugin would deny that somebody gets the record; see ``Operations``."""
        errors = super().problems(session, actor, record, values) | self._refused(
            session, actor, record, column_values(self.model, values))
        if record is None or errors:
            return errors
        changing = self.changing(record, column_values(self.model, values))
        refused = assignment_refusal(session, actor, record, {
            name: [held_value(record, name), value] for name, value in changing.items()
            if name in people_columns(self.model)
        })
        return {} if refused is None else {"": refused}

    def _refused(
        self, session: Session, actor: Actor, record: Any | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Return the fields that the actor may not fill in, or that lead to nothing."""
        changing = values if record is None else self.changing(record, values)
        return astray(session, actor, self.model, record, changing) | refused_fields(
            session, actor, self.model.__record_type__, changing)

    def _require_valid(
        self, session: Session, actor: Actor, record: Any | None, values: Mapping[str, Any]
    ) -> None:
        if errors := self._refused(session, actor, record, values):
            raise Invalid(errors)
        super()._require_valid(session, actor, record, values)

    def restore(self, session: Session, actor: Actor, record: Any) -> None:
        """Take a record out of the recycle bin."""
        with refusals(record), write(session):
            self._lock(session, record, None, {})
            if record.deleted_at is not None and not is_hidden(record.deleted_at):
                record.deleted_at = None
                saving.save(session, actor, record, "restore", differences(record))

    def store(
        self, session: Session, actor: Actor, record: Any, values: Mapping[str, Any],
        *, reason: str = "",
    ) -> Changes:
        """Write columns of a record with history, search and events; see ``Operations.store``."""
        changes = self._assigned(session, actor, record, values, reason)
        if changes:
            saving.save(session, actor, record, "change", changes, reason)
            self.follow(session, actor, record, changes)
        return changes

    def _implied(
        self, session: Session, actor: Actor, record: Any, values: Mapping[str, Any], reason: str
    ) -> Mapping[str, Any]:
        """Return values that ``store`` writes, with what follows from them in the same record.

        Args:
            session: session with a running write.
            actor: who acts.
            record: the record as it is now.
            values: values by column.
            reason: why, in the actor's words.
        """
        return values

    def _store_many(
        self, session: Session, actor: Actor, asked: Sequence[tuple[Any, Mapping[str, Any]]],
        *, reason: str = "",
    ) -> list[Any]:
        """Write columns of some hundreds of records as ``store`` does of each.

        Args:
            session: session with a running write, without unsaved changes.
            actor: who acts.
            asked: each record once, with values by column.
            reason: why, in the actor's words.

        Returns:
            For each of them what changed, or the ``CarelineError`` with which it is refused.
        """
        if are_changed_together(type(self)):
            with contextlib.suppress(CarelineError), refusals(), session.begin_nested():
                return self._stored_together(session, actor, asked, reason)
        # Or one of them is refused: record by record it is known which.
        return [attempted(session, functools.partial(
            self.store, session, actor, record, values, reason=reason))
            for record, values in asked]

    def _stored_together(
        self, session: Session, actor: Actor, asked: Sequence[tuple[Any, Mapping[str, Any]]],
        reason: str,
    ) -> list[Changes]:
        found = [self._assigned(session, actor, record, values, reason)
                 for record, values in asked]
        saved = [(record, changes) for (record, _), changes in zip(asked, found, strict=True)
                 if changes]
        for record, changes in saved:
            saving.require_assignable(session, actor, record, changes, "change")
        saving.save_many(session, actor, saved, "change", reason)
        for record, changes in saved:
            self.follow(session, actor, record, changes)
        return found

    def _assigned(
        self, session: Session, actor: Actor, record: Any, values: Mapping[str, Any], reason: str
    ) -> Changes:
        saving.assign(session, record, self._implied(session, actor, record, values, reason))
        return differences(record)

    def _change_many(
        self, session: Session, actor: Actor, asked: Sequence[Asked], reason: str
    ) -> list[Any]:
        records = {id(record) for record, _, _ in asked}
        if len(records) < len(asked) or not are_changed_together(type(self)):
            return super()._change_many(session, actor, asked, reason)
        saving.lock_many(session, self.model, [record for record, _, _ in asked])
        found: dict[int, Any] = {}
        ready: dict[int, tuple[Any, Mapping[str, Any]]] = {}
        with one_version(session):
            for place, (record, values, version) in enumerate(asked):
                try:
                    saving.require_version(session, record, version, values)
                    ready[place] = record, self._allowed(session, actor, record, values)
                except CarelineError as refused:
                    found[place] = refused
            stored = self._store_many(session, actor, list(ready.values()), reason=reason)
        found |= dict(zip(ready, stored, strict=True))
        return [found[place] for place in range(len(asked))]

    # --- new records -------------------------------------------------------------------------
    def _worked_out(self, session: Session, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return values of columns that follow from the valid ones of a new record."""
        return {}

    def _create_many(
        self, session: Session, actor: Actor, rows: Sequence[Mapping[str, Any]], reason: str
    ) -> list[Any]:
        if not are_made_together(type(self)):
            return super()._create_many(session, actor, rows, reason)
        found: dict[int, Any] = {}
        new: dict[int, saving.Saved] = {}
        # Held here, so that none is read for each row that refers to it.
        referred = referred_rows(
            session, self.model, [column_values(self.model, values) for values in rows])
        with one_version(session):
            for place, values in enumerate(rows):
                try:
                    new[place] = self._ready(session, actor, values)
                except CarelineError as refused:
                    found[place] = refused
            try:
                with refusals(), session.begin_nested():
                    self._insert_many(session, actor, list(new.values()), reason)
                found |= {place: record for place, (record, _) in new.items()}
            except CarelineError:
                # One of them is refused only now: record by record it is known which.
                again = super()._create_many(
                    session, actor, [rows[place] for place in new], reason)
                found |= dict(zip(new, again, strict=True))
        del referred
        return [found[place] for place in range(len(rows))]

    def _ready(
        self, session: Session, actor: Actor, values: Mapping[str, Any]
    ) -> saving.Saved:
        """Return a new record that only lacks its number, with its changes."""
        made = self._made(session, actor, self._valid(session, actor, values))
        saving.require_assignable(session, actor, *made, CREATE)
        return made

    def _insert_many(
        self, session: Session, actor: Actor, made: Sequence[saving.Saved], reason: str
    ) -> None:
        if not made:
            return
        count = len(made)
        numbers = next_numbers(session, self.model, count)
        keys = reserve_ids(session, self.model, count)
        for (record, _), number, key in zip(made, numbers, keys, strict=True):
            record.number, record.id = number, key
        saving.insert_many(session, actor, made, reason)
        for record, changes in made:
            self.follow(session, actor, record, changes)

    def _made(
        self, session: Session, actor: Actor, values: Mapping[str, Any]
    ) -> saving.Saved:
        """Return a record with valid values, not in the session yet, and its changes."""
        record = self.model()
        record.extra = {}
        # Where nothing else is said, a record belongs to the actor's department and team.
        record.department_id = actor.department_id
        record.team_id = actor.team_id
        saving.assign(session, record, {**values, **self._worked_out(session, values)})
        if issubclass(self.model, OfBranch) and record.branch_id is None:
            record.branch_id = branch_of(session, record.owner_id or actor.user_id)
        if actor.is_system and lacks_place(record) and not may_lack_place(self.model):
            raise Rejected(Message(N_(
                "Nobody would see this record: name the department, the team or the person that "
                "it belongs to."
            )))
        record.created_by_id = actor.user_id
        record.created_at = utcnow()
        return record, {name: pair for name, pair in differences(record).items()
                        if pair[1] not in (None, "", {})}

    def _insert(
        self, session: Session, actor: Actor, values: Mapping[str, Any], reason: str
    ) -> Any:
        record, changes = self._made(session, actor, values)
        record.number = next_numbers(session, self.model)[0]
        session.add(record)
        saving.save(session, actor, record, CREATE, changes, reason)
        self.follow(session, actor, record, changes)
        return record

    def _remove(self, session: Session, actor: Actor, record: Any, reason: str) -> None:
        if record.deleted_at is None:
            record.deleted_at = utcnow()
            saving.save(session, actor, record, "delete", differences(record), reason)

    def _lock(
        self, session: Session, record: Any, version: int | None, values: Mapping[str, Any]
    ) -> None:
        saving.lock(session, record)
        saving.require_version(session, record, version, values)


serve_by_default(Record, RecordOperations)
