"""Creating, changing and deleting records: one transaction with history, audit, search, events."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import change_set, record_act
from app.access.scope import scope_filter
from app.database import utcnow, write
from app.deadlines.clock_rows import earliest_due
from app.deadlines.start_correction import move_start
from app.host.host import current_host
from app.jobs.outbox import emit
from app.records.custom_fields.definitions import PREFIX
from app.records.custom_fields.store import checked_values
from app.records.former_values import note_former_values
from app.records.mixin import Record
from app.records.numbers import next_numbers
from app.records.search import index as search_index


@dataclasses.dataclass
class StaleRecord(Exception):
    """Someone else changed the record since it was read.

    Attributes:
        record: the record as it is now.
        expected: version that the caller had read.
        values: what the caller wanted to write.
    """

    record: Any
    expected: int
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.record.number}: version {self.expected} is not the present one"


class ProtectedField(ValueError):
    """A value was given for a field that only the product itself writes."""


# What no form, import or API call may set: identity, bookkeeping and the workflow's own fields.
PROTECTED = frozenset(
    {"id", "number", "version", "created_at", "created_by_id", "updated_at", "updated_by_id",
     "deleted_at", "state", "is_open", "workflow_id", "due_at"}
)


def differences(record: Record) -> dict[str, list[Any]]:
    """Return ``{field: [before, after]}`` of a record's unsaved column changes."""
    state = inspect(record)
    changes: dict[str, list[Any]] = {}
    for attribute in state.mapper.column_attrs:
        name = attribute.key
        if name in record.__untracked_fields__:
            continue
        history = state.attrs[name].load_history()
        if not history.has_changes():
            continue
        before = history.deleted[0] if history.deleted else None
        after = history.added[0] if history.added else None
        if before == after:
            continue
        if name == "extra":
            # Each custom field is a change of its own.
            changes |= _custom_differences(before or {}, after or {})
        else:
            changes[name] = [before, after]
    return changes


def _custom_differences(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, list[Any]]:
    return {
        PREFIX + name: [before.get(name), after.get(name)]
        for name in sorted({*before, *after}) if before.get(name) != after.get(name)
    }


def save(
    session: Session,
    actor: Actor,
    record: Record,
    action: str,
    changes: dict[str, list[Any]],
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Flush a record and write everything that goes with a change.

    Args:
        session: session with a running write.
        actor: who acts.
        record: the changed record.
        action: create, change, delete, restore, transition, import.
        changes: ``{field: [before, after]}``.
        reason: why, in the actor's words.
        facts: what the audit trail notes beside the changed fields.
    """
    record.updated_at = utcnow()
    record.updated_by_id = actor.user_id
    session.flush()
    record_act(
        session, actor, action, record_type=record.__record_type__, record_id=record.id,
        number=record.number, changes={**changes, **(facts or {})}, reason=reason,
    )
    note_former_values(session, record, changes)
    search_index.index(session, record)
    subscribers = current_host().subscribers("on_record_saved")
    if subscribers:
        emit(session, "on_record_saved", {
            "record_type": record.__record_type__, "record_id": record.id,
            "number": record.number, "action": action, "fields": sorted(changes),
            "actor_id": actor.user_id, "change_set": change_set(session),
        }, subscribers)


def _assign(session: Session, record: Record, values: Mapping[str, Any]) -> None:
    protected = PROTECTED.intersection(values)
    if protected:
        raise ProtectedField(", ".join(sorted(protected)))
    custom = checked_values(session, record.__record_type__, values)
    for name, value in values.items():
        if name.startswith(PREFIX):
            continue
        if name == "extra":
            custom = {**(value or {}), **custom}
            continue
        if getattr(record, name) != value:
            setattr(record, name, value)
    # Only what was submitted is touched, also within the custom fields.
    kept = {name: value for name, value in {**(record.extra or {}), **custom}.items()
            if value is not None}
    if custom and kept != (record.extra or {}):
        record.extra = kept


def create(
    session: Session, actor: Actor, model: type[Any], values: Mapping[str, Any], reason: str = ""
) -> Any:
    """Create a record with a number of its own.

    Where ``values`` do not say otherwise, the record belongs to the actor's department and team;
    it has no owner unless given.

    Args:
        session: session without unsaved changes, or within a write.
        actor: who acts.
        model: class with the ``Record`` mixin.
        values: columns to set, and custom fields by key (``x_`` and name).
        reason: why, in the actor's words.

    Raises:
        ProtectedField: ``values`` hold a field that only the product writes.
        BadValue: a custom field's value does not fit.
    """
    with write(session):
        record = model()
        record.extra = {}
        record.department_id = actor.department_id
        record.team_id = actor.team_id
        _assign(session, record, values)
        record.number = next_numbers(session, model)[0]
        record.created_by_id = actor.user_id
        record.created_at = utcnow()
        session.add(record)
        changes = {
            name: pair for name, pair in differences(record).items()
            if pair[1] not in (None, "", {}) and name != "number"
        }
        save(session, actor, record, "create", changes, reason)
    return record


def lock(session: Session, record: Record, expected_version: int | None = None) -> Record:
    """Read a record anew for writing and check the version that the caller has seen.

    Args:
        session: session with a running write.
        record: the record.
        expected_version: version seen, or ``None`` to skip the check.

    Raises:
        StaleRecord: the record has another version by now.
    """
    model = type(record)
    session.refresh(record, with_for_update=session.get_bind().dialect.name == "postgresql")
    if expected_version is not None and record.version != expected_version:
        raise StaleRecord(session.get(model, record.id), expected_version)
    return record


def update(
    session: Session,
    actor: Actor,
    record: Record,
    values: Mapping[str, Any],
    expected_version: int | None = None,
    reason: str = "",
) -> dict[str, list[Any]]:
    """Change a record; what ``values`` do not hold is not touched.

    Returns:
        ``{field: [before, after]}`` of what changed.

    Raises:
        StaleRecord: someone changed the record since ``expected_version``.
        ProtectedField: ``values`` hold a field that only the product writes.
        ClockRefused: the time of receipt is later than what has been done since.
    """
    with write(session):
        try:
            lock(session, record, expected_version)
        except StaleRecord as stale:
            stale.values = values
            raise
        _assign(session, record, values)
        changes = differences(record)
        if changes:
            _move_clocks(session, actor, record, changes)
            save(session, actor, record, "change", changes, reason)
    return changes


def _move_clocks(
    session: Session, actor: Actor, record: Any, changes: Mapping[str, list[Any]]
) -> None:
    """Let the clocks that began with the receipt follow its correction, and say so."""
    before, after = changes.get(record.__receipt_field__, (None, None))
    if before is None or after is None:
        return
    kind, due = record.__record_type__, getattr(record, "due_at", None)
    if moved := move_start(session, kind, record.id, before, after, utcnow()):
        record.due_at = session.scalar(earliest_due(kind, record.id))
        record_act(
            session, actor, "deadlines_moved", record_type=kind, record_id=record.id,
            number=record.number,
            changes={"due_at": [due, record.due_at], "clock": ", ".join(moved)},
        )


def delete(
    session: Session, actor: Actor, record: Record, expected_version: int | None = None,
    reason: str = "",
) -> None:
    """Put a record into the recycle bin; it keeps its number and can be restored."""
    with write(session):
        lock(session, record, expected_version)
        if record.deleted_at is None:
            record.deleted_at = utcnow()
            save(session, actor, record, "delete", differences(record), reason)


def restore(session: Session, actor: Actor, record: Record) -> None:
    """Take a record out of the recycle bin."""
    with write(session):
        lock(session, record, None)
        if record.deleted_at is not None:
            record.deleted_at = None
            save(session, actor, record, "restore", differences(record))


def find(session: Session, actor: Actor, model: type[Any], record_id: int) -> Any | None:
    """Return a record that the actor may see, or ``None`` (never telling whether it exists)."""
    return session.scalar(
        select(model).where(
            model.id == record_id, model.deleted_at.is_(None), scope_filter(actor, model)
        )
    )


def update_many(
    session: Session, actor: Actor, model: type[Any], ids: Iterable[int],
    values: Mapping[str, Any], reason: str = "",
) -> list[tuple[int, str]]:
    """Change several records as one transaction with one change set.

    Returns:
        ``(id, outcome)`` for each: ``changed``, ``unchanged`` or ``not_found``.
    """
    outcomes: list[tuple[int, str]] = []
    with write(session):
        for record_id in ids:
            record = find(session, actor, model, record_id)
            if record is None:
                outcomes.append((record_id, "not_found"))
                continue
            changed = update(session, actor, record, values, reason=reason)
            outcomes.append((record_id, "changed" if changed else "unchanged"))
    return outcomes
