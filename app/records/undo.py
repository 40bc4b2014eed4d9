"""Taking back what one person did in one go: a bulk change, a bulk deletion."""

from __future__ import annotations

import dataclasses
import datetime as dt
import decimal
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from app.access.actor import Actor
from app.access.audit import plain
from app.access.models import AuditEntry
from app.access.scope import scope_filter
from app.database import utcnow, write
from app.records import services as records
from app.records.custom_fields.definitions import PREFIX
from app.records.former_values import Former, former_values

# Later on the way back is the history of each record, with a look at what came since.
UNDO_WITHIN = dt.timedelta(hours=24)

Apply = Callable[[Any, Mapping[str, Any], int | None], bool]


@dataclasses.dataclass(frozen=True, slots=True)
class Undone:
    """What came of it.

    Attributes:
        count: records that are as they were before.
        kept: names of records that somebody changed since; they stay as they are.
    """

    count: int
    kept: tuple[str, ...]


def acts_in(session: Session, actor: Actor, model: type[Any], change_set: str) -> set[str]:
    """Return the kinds of act in a change set of the actor's that may still be taken back."""
    return {entry.action for entry in _entries(session, actor, model, change_set)}


def undo(
    session: Session, actor: Actor, model: type[Any], change_set: str, apply: Apply | None = None
) -> Undone:
    """Take back every change and deletion of a change set as one transaction.

    A record of which a changed field has another value by now is kept as it is, and named.

    Args:
        session: session without unsaved changes.
        actor: who takes it back; only what they did themselves, and within ``UNDO_WITHIN``.
        model: class with the ``Record`` mixin.
        change_set: id of the change set in the audit trail.
        apply: changes a record, called with record, values by column or key, and version; returns
            whether it went. The service of records by default.
    """
    count, kept = 0, []
    with write(session):
        entries = _entries(session, actor, model, change_set)
        former = former_values(session, model.__record_type__, {change_set})
        records_by_id = {
            record.id: record for record in session.scalars(select(model).where(
                model.id.in_({entry.record_id for entry in entries}), scope_filter(actor, model)
            ))
        }
        for entry in entries:
            record = records_by_id.get(entry.record_id)
            if record is None:
                kept.append(entry.number)
            elif entry.action == "delete":
                if record.deleted_at is not None:
                    records.restore(session, actor, record)
                    count += 1
            elif _put_back(session, actor, record, entry.changes or {}, former, apply):
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
            AuditEntry.action.in_(("change", "delete")),
            AuditEntry.at >= utcnow() - UNDO_WITHIN,
            # What a step of a workflow changed on its way is taken back by no one but the engine.
            ~exists().where(step.change_set == change_set, step.action == "transition"),
        )
        .order_by(AuditEntry.id)
    ))


def _put_back(
    session: Session, actor: Actor, record: Any, changes: Mapping[str, Any], former: Former,
    apply: Apply | None,
) -> bool:
    if record.deleted_at is not None or records.PROTECTED.intersection(changes):
        return False
    # The audit trail holds masks; what they stand for lies beside it.
    hidden = {name: former[record.id, name] for name in changes if (record.id, name) in former}
    if any(_held(record, name) != after for name, (_, after) in hidden.items()):
        return False
    plainly = {name: pair for name, pair in changes.items() if name not in hidden}
    if any(plain(_held(record, name)) != after for name, (_, after) in plainly.items()):
        return False
    columns = record.__mapper__.columns
    values = {
        name: before if name.startswith(PREFIX) else _typed(columns[name], before)
        for name, (before, _) in plainly.items()
    } | {name: before for name, (before, _) in hidden.items()}
    if apply is not None:
        return apply(record, values, record.version)
    records.update(session, actor, record, values, record.version)
    return True


def _held(record: Any, name: str) -> Any:
    """Return what a record holds in a column or, by its key, in a custom field."""
    if name.startswith(PREFIX):
        return (record.extra or {}).get(name.removeprefix(PREFIX))
    return getattr(record, name)


def _typed(column: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    kind = column.type.python_type
    if kind is dt.datetime:
        return dt.datetime.fromisoformat(value)
    if kind is dt.date:
        return dt.date.fromisoformat(value)
    return decimal.Decimal(value) if kind is decimal.Decimal else value
