"""What can be done with rows of a table, and by which rules: the one way in for everything.

A kind of record has one class of operations without Flask. Pages, cells, bulk work, undo, imports,
the REST API, jobs and other plugins call it and nothing else, so a rule that stands here holds on
every way in. The default serves a plain row; ``record_operations`` serves records, and
``app.workflow.operations`` those that a workflow drives.

Every act is one transaction; within a caller's ``write`` block it joins the caller's.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, TypeAlias

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import record_act
from app.database import write
from app.errors import Invalid, NotPermitted, ProtectedField, Rejected, StaleRecord
from app.i18n import N_, Message
from app.records.actions import AvailableAction, Done, cleaned_values
from app.records.changes import Changes
from app.records.deleting import deletion_refusal
from app.records.referring import reference_refusals
from app.records.refusals import attempted, refusals
from app.records.serving import operations_of, serve_by_default
from app.records.values import assign_row, column_values, held_value

__all__ = ["Asked", "Operations", "operations_of", "serve_by_default"]

Asked: TypeAlias = tuple[Any, Mapping[str, Any], int | None]
"""A row, values that it is to get, and the version that the actor has seen of it."""


class Operations:
    """Operations on the rows of one table; see the module.

    Override the rules; the acts call them. Rules get the actor and decide nothing by themselves
    about rights of screens: those belong to each screen.

    Args:
        model: mapped class.
    """

    protected: ClassVar[frozenset[str]] = frozenset({"id"})
    """Columns that no form, import or API call may set."""

    audit_type: ClassVar[str] = ""
    """Name of the kind in the audit trail; by default the record type, or the table's name."""

    def __init__(self, model: type[Any]) -> None:
        self.model = model

    @property
    def kind(self) -> str:
        """Name of the kind in the audit trail."""
        return self.audit_type or getattr(
            self.model, "__record_type__", self.model.__tablename__
        )

    # --- rules -------------------------------------------------------------------------------
    def prepare(
        self, session: Session, actor: Actor, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return the values of a new row with what was left open filled in.

        Args:
            session: session with a running write.
            actor: who creates it.
            values: what was given, by column.
        """
        return dict(values)

    def refuse_change(self, session: Session, actor: Actor, record: Any) -> Message | None:
        """Return why the row stays as it is for this actor, or ``None``."""
        return None

    def refuse_delete(self, session: Session, actor: Actor, record: Any) -> Message | None:
        """Return why the row cannot be deleted now, or ``None``."""
        return None

    def validate(
        self, session: Session, actor: Actor, record: Any | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Return what stands against values, one message for each column; an empty name for all.

        Args:
            session: any session.
            actor: who writes.
            record: the row as it is now; ``None`` for a new one.
            values: of a new row all values; otherwise those that would change, by column.
        """
        return {}

    def follow(
        self, session: Session, actor: Actor, record: Any, changes: Changes
    ) -> None:
        """Let what depends on changed columns follow, in the same transaction.

        Args:
            session: session with a running write; the row has been flushed.
            actor: who changed it.
            record: the row as it is now.
            changes: what changed.
        """

    # --- what a form or an import asks beforehand -----------------------------------------------
    def problems(
        self, session: Session, actor: Actor, record: Any | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Return what ``create`` or ``change`` would refuse, without writing anything.

        Args:
            session: any session.
            actor: who would write.
            record: the row as it is now; ``None`` for a new one.
            values: values by name of column or relation.
        """
        values = column_values(self.model, values)
        if record is None:
            return (reference_refusals(session, actor, self.model, values)
                    | self.validate(session, actor, None, values))
        refused = self.refuse_change(session, actor, record)
        if refused is not None:
            return {"": refused}
        values = self.changing(record, values)
        return (reference_refusals(session, actor, self.model, values)
                | self.validate(session, actor, record, values))

    def changing(self, record: Any, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return those of several values that differ from what a row holds, by column."""
        held = {name: held_value(record, name) for name in values if name != "extra"}
        return {
            name: value for name, value in values.items()
            if name == "extra" or held[name] != value
        }

    # --- acts --------------------------------------------------------------------------------
    def create(
        self, session: Session, actor: Actor, values: Mapping[str, Any], *, reason: str = ""
    ) -> Any:
        """Create a row.

        Args:
            session: session without unsaved changes, or within a write.
            actor: who acts.
            values: values by name of column or relation.
            reason: why, in the actor's words.

        Raises:
            Invalid: values are missing or wrong, or only the product may write them.
            Rejected: a rule stands against it.
            Conflict: a unique value is taken.
        """
        with refusals(), write(session):
            return self._insert(session, actor, self._valid(session, actor, values), reason)

    def change(
        self, session: Session, actor: Actor, record: Any, values: Mapping[str, Any],
        version: int | None = None, *, reason: str = "",
    ) -> Changes:
        """Change a row; what ``values`` do not hold is not touched.

        Args:
            session: session without unsaved changes, or within a write.
            actor: who acts.
            record: the row.
            values: values by name of column or relation.
            version: version that the actor has seen; ``None`` skips the check.
            reason: why, in the actor's words.

        Returns:
            What changed; ``waiting_of`` tells what of it waits for somebody's decision.

        Raises:
            StaleRecord: someone else changed the row since that version.
            Invalid: values are missing or wrong, or only the product may write them.
            Rejected: a rule stands against it.
            Conflict: a unique value is taken.
        """
        with refusals(record), write(session):
            self._lock(session, record, version, values)
            given = self._allowed(session, actor, record, values)
            return self.store(session, actor, record, given, reason=reason) if given else {}

    def delete(
        self, session: Session, actor: Actor, record: Any, version: int | None = None,
        *, reason: str = "",
    ) -> None:
        """Delete a row; a record goes to the recycle bin.

        Raises:
            StaleRecord: someone else changed the row since that version.
            Rejected: a rule stands against it.
            Conflict: something depends on the row.
        """
        with refusals(record), write(session):
            self._lock(session, record, version, {})
            refused = deletion_refusal(session, actor, self, record)
            if refused is not None:
                raise Rejected(refused)
            self._remove(session, actor, record, reason)

    def restore(self, session: Session, actor: Actor, record: Any) -> None:
        """Take a record out of the recycle bin.

        Raises:
            Rejected: rows of this table are not kept in a recycle bin.
        """
        raise Rejected(Message(N_("What is deleted here cannot be restored.")))

    # --- actions -----------------------------------------------------------------------------
    def actions(self, session: Session, actor: Actor, record: Any) -> Sequence[AvailableAction]:
        """Return what can be done with a row, with reasons for what cannot be done now."""
        return ()

    def bulk_actions(self, session: Session, actor: Actor) -> Sequence[AvailableAction]:
        """Return what can be done with many rows at once."""
        return ()

    def carry_out(
        self, session: Session, actor: Actor, record: Any, name: str, values: Mapping[str, Any]
    ) -> Done:
        """Do an action that ``actions`` names and that is allowed; called in the transaction.

        Args:
            session: session with a running write; the row has been read anew.
            actor: who acts.
            record: the row.
            name: name of the action.
            values: cleaned values of the action's form.
        """
        raise NotImplementedError(f"{type(self).__name__} offers {name!r} but does not do it")

    def act(
        self, session: Session, actor: Actor, record: Any, name: str,
        values: Mapping[str, Any] | None = None, version: int | None = None,
    ) -> Done:
        """Do an action by its rules.

        Args:
            session: session without unsaved changes, or within a write.
            actor: who acts.
            record: the row.
            name: name of the action.
            values: what its form asks for.
            version: version that the actor has seen; ``None`` skips the check.

        Raises:
            StaleRecord: someone else changed the row since that version.
            Rejected: it cannot be done now.
            NotPermitted: the actor lacks the right.
            Invalid: a value is missing or wrong.
        """
        with refusals(record), write(session):
            self._lock(session, record, version, values or {})
            action = next(
                (one for one in self.actions(session, actor, record) if one.name == name), None
            )
            if action is None:
                raise Rejected(Message(N_("This is not possible in the present state.")))
            if action.permission is not None and not actor.can(*action.permission):
                raise NotPermitted(Message(N_("Your role may not do this.")))
            if action.blocked is not None:
                raise Rejected(action.blocked)
            return self.carry_out(
                session, actor, record, name, cleaned_values(action, values or {}))

    def undo_action(self, session: Session, actor: Actor, record: Any, entry: Any) -> None:
        """Take back an action of which an audit entry tells.

        Raises:
            Rejected: it is not taken back, as by default.
        """
        raise Rejected(Message(N_("A step of this kind is not taken back.")))

    # --- rules that the core asks alone ------------------------------------------------------
    _closes_rows: ClassVar[bool] = False
    """Whether ``_refuse_reference`` ever refuses; others are not read before something refers."""

    def _refuse_reference(self, session: Session, actor: Actor, record: Any) -> Message | None:
        """Return why nothing new may refer to the row, or begin from it, or ``None``."""
        return None

    def _forget(self, session: Session, actor: Actor, record: Any) -> None:
        """Take the traces of a row of the recycle bin along that is purged; in that write."""

    # --- writing -----------------------------------------------------------------------------
    def store(
        self, session: Session, actor: Actor, record: Any, values: Mapping[str, Any],
        *, reason: str = "",
    ) -> Changes:
        """Write columns of a row with its audit entry; for the operations' own acts only.

        No rule is asked: an act that calls this has decided.

        Args:
            session: session with a running write.
            actor: who acts.
            record: the row.
            values: values by column.
            reason: why, in the actor's words.
        """
        changes = assign_row(session, record, values)
        if changes:
            session.flush()
            self._note(session, actor, record, "change", changes, reason)
            self.follow(session, actor, record, changes)
        return changes

    def _create_many(
        self, session: Session, actor: Actor, rows: Sequence[Mapping[str, Any]], reason: str
    ) -> list[Any]:
        return [attempted(session, functools.partial(
            self.create, session, actor, values, reason=reason)) for values in rows]

    def _change_many(
        self, session: Session, actor: Actor, asked: Sequence[Asked], reason: str
    ) -> list[Any]:
        return [attempted(session, functools.partial(
            self.change, session, actor, record, values, version, reason=reason))
            for record, values, version in asked]

    def _insert(
        self, session: Session, actor: Actor, values: Mapping[str, Any], reason: str
    ) -> Any:
        row = self.model()
        changes = assign_row(session, row, values)
        session.add(row)
        session.flush()
        self._note(session, actor, row, "create", changes, reason)
        self.follow(session, actor, row, changes)
        return row

    def _remove(self, session: Session, actor: Actor, record: Any, reason: str) -> None:
        self._note(session, actor, record, "delete", {}, reason)
        session.delete(record)
        session.flush()

    def _note(
        self, session: Session, actor: Actor, row: Any, action: str, changes: Changes, reason: str
    ) -> None:
        record_act(
            session, actor, action, record_type=self.kind, record_id=inspect(row).identity[0],
            number=str(row)[:40], changes=changes, reason=reason,
        )

    def _lock(
        self, session: Session, record: Any, version: int | None, values: Mapping[str, Any]
    ) -> None:
        session.refresh(record)
        if version is not None and getattr(record, "version", version) != version:
            raise StaleRecord(record, version, values)

    def _valid(
        self, session: Session, actor: Actor, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return the values of a new row by column, filled in and found to be right."""
        given = column_values(self.model, values)
        self._require_open(given)
        given = self.prepare(session, actor, given)
        self._require_valid(session, actor, None, given)
        return given

    def _allowed(
        self, session: Session, actor: Actor, record: Any, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return the values by column that a row does not hold yet, and that the rules allow."""
        given = column_values(self.model, values)
        self._require_open(given)
        given = self.changing(record, given)
        if given:
            refused = self.refuse_change(session, actor, record)
            if refused is not None:
                raise Rejected(refused)
            self._require_valid(session, actor, record, given)
        return given

    def _require_open(self, values: Mapping[str, Any]) -> None:
        closed = self.protected.intersection(values)
        if closed:
            raise ProtectedField(*closed)

    def _require_valid(
        self, session: Session, actor: Actor, record: Any | None, values: Mapping[str, Any]
    ) -> None:
        errors = (reference_refusals(session, actor, self.model, values)
                  | self.validate(session, actor, record, values))
        if errors:
            raise Invalid(errors)


serve_by_default(object, Operations)
