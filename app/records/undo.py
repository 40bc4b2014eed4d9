"""Taking back what one person did in one go: changes, deletions and steps of a change set."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import exists, inspect, select
from sqlalchemy.orm import Session, aliased

from app.access.actor import Actor
from app.access.audit import plain
from app.access.models import AuditEntry
from app.access.scope import scope_filter
from app.access.sensitive.columns import sensitive_columns
from app.database import utcnow, write
from app.errors import CarelineError, Invalid, Rejected
from app.i18n import N_, Message
from app.records import saving
from app.records.changes import waiting_of
from app.records.custom_fields.definitions import PREFIX
from app.records.former_values import Former, former_values
from app.records.operations import Operations, operations_of
from app.records.values import held_value, typed_value

# Later on the way back is the history of each record, with a look at what came since.
UNDO_WITHIN = dt.timedelta(hours=24)
CHANGED_SINCE = N_("Somebody has changed it since.")
NOT_KNOWN = N_("What it was before is not on record.")


@dataclasses.dataclass(frozen=True, slots=True)
class Undone:
    """What came of it.

    Attributes:
        count: records that are as they were before.
        kept: names of records that stay as they are: somebody changed them since, or what was
            done with them is never taken back.
    """

    count: int
    kept: tuple[str, ...]


def acts_in(session: Session, actor: Actor, model: type[Any], change_set: str) -> set[str]:
    """Return the kinds of act in a change set of the actor's that may still be taken back."""
    return {entry.action for entry in _entries(session, actor, model, change_set)}


def undo(session: Session, actor: Actor, model: type[Any], change_set: str) -> Undone:
    """Take back every change, deletion and step of a change set as one transaction.

    It goes through the operations of the record, so what a rule forbids stays as it is, and so does
    a record of which a changed field has another value by now; such records are named.

    Args:
        session: session without unsaved changes.
        actor: who takes it back; only what they did themselves, and within ``UNDO_WITHIN``.
        model: class with the ``Record`` mixin.
        change_set: id of the change set in the audit trail.
    """
    count = 0
    kept: list[str] = []
    operations = operations_of(model)
    with write(session):
        entries = _entries(session, actor, model, change_set)
        former = former_values(session, model.__record_type__, {change_set})
        records = {
            record.id: record for record in session.scalars(select(model).where(
                model.id.in_({entry.record_id for entry in entries}), scope_filter(actor, model)
            ))
        }
        for entry in entries:
            record = records.get(entry.record_id)
            if record is None:
                kept.append(entry.number)
            elif _take_back(session, actor, operations, record, entry, former):
                count += 1
            else:
                kept.append(str(record))
    return Undone(count, tuple(kept))


def _entries(
    session: Session, actor: Actor, model: type[Any], change_set: str
) -> list[AuditEntry]:
    step = aliased(AuditEntry)
    return list(session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.change_set == change_set, AuditEntry.actor_id == actor.user_id,
            AuditEntry.record_type == model.__record_type__,
            AuditEntry.action.in_(("change", "delete", "transition")),
            AuditEntry.at >= utcnow() - UNDO_WITHIN,
            # What a step changed on its way is taken back with the step.
            (AuditEntry.action == "transition") | ~exists().where(
                step.change_set == change_set, step.action == "transition",
                step.record_id == AuditEntry.record_id,
                step.record_type == AuditEntry.record_type,
            ),
        )
        .order_by(AuditEntry.id)
    ))


def _take_back(
    session: Session, actor: Actor, operations: Operations, record: Any, entry: AuditEntry,
    former: Former,
) -> bool:
    with saving.undoing(session, entry):
        return take_back_entry(session, actor, operations, record, entry, former) is None


def take_back_entry(
    session: Session, actor: Actor, operations: Operations, record: Any, entry: AuditEntry,
    former: Former,
) -> Message | None:
    """Take back a change, deletion or step by the rules of the record; part of the running write.

    Args:
        session: session with a running write.
        actor: who takes it back.
        operations: of the kind of record.
        record: the record.
        entry: of the audit trail.
        former: values of sensitive columns before and after.

    Returns:
        Why the record stays as it is, or ``None``.
    """
    try:
        with session.begin_nested():
            if entry.action == "delete":
                operations.restore(session, actor, record)
            elif entry.action == "transition":
                operations.undo_action(session, actor, record, entry)
            else:
                values = values_before(operations, record, entry.changes, former)
                changes = operations.change(
                    session, actor, record, values, getattr(record, "version", None))
                return waiting_of(changes)
    except Invalid as invalid:
        return next(iter(invalid.errors.values()), invalid.message)
    except CarelineError as error:
        return error.message
    return None


def values_before(
    operations: Operations, record: Any, changes: Mapping[str, Any] | None, former: Former
) -> dict[str, Any]:
    """Return the values that a row held before a change of the audit trail, by column.

    Args:
        operations: of the kind of row.
        record: the row as it is now.
        changes: of the audit entry; ``None`` where they were erased by law.
        former: values of sensitive columns before and after.

    Raises:
        Rejected: it is in the recycle bin, somebody changed it since, or the trail does not hold
            what it was.
    """
    if changes is None or operations.protected.intersection(changes):
        raise Rejected(Message(NOT_KNOWN))
    if getattr(record, "is_away", False):
        raise Rejected(Message(N_("It lies in the recycle bin: restore it first.")))
    key = inspect(record).identity[0]
    # The audit trail holds masks; what they stand for lies beside it.
    hidden = {name: former[key, name] for name in changes if (key, name) in former}
    plainly = {name: pair for name, pair in changes.items() if name not in hidden}
    columns, kind = record.__mapper__.columns, cast("type[Any]", type(record))
    unknown = {name for name in plainly if not name.startswith(PREFIX) and (
        name not in columns or name in sensitive_columns(kind))}
    if unknown:
        raise Rejected(Message(NOT_KNOWN))
    if any(held_value(record, name) != after for name, (_, after) in hidden.items()) or any(
        plain(held_value(record, name)) != after for name, (_, after) in plainly.items()
    ):
        raise Rejected(Message(CHANGED_SINCE))
    return {
        name: before if name.startswith(PREFIX) else typed_value(columns[name], before)
        for name, (before, _) in plainly.items()
    } | {name: before for name, (before, _) in hidden.items()}
