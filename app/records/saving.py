"""The low level of writing a record: assign, lock, save with everything that goes with a change.

Only operations import this: they ask the rules first.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import change_set, record_act
from app.access.models import AuditEntry
from app.database import utcnow
from app.errors import ProtectedField, Rejected, StaleRecord
from app.host.host import current_host
from app.jobs.outbox import emit_many
from app.records.assignment import assignment_refusal, is_assigning
from app.records.changes import CREATE, Changes
from app.records.custom_fields.columns import cleaned_columns
from app.records.custom_fields.definitions import PREFIX
from app.records.custom_fields.store import checked_values
from app.records.former_values import note_former_values
from app.records.inserting import insert_records
from app.records.mixin import Record
from app.records.search import index as search_index

AnyRecord = TypeVar("AnyRecord", bound=Record)
Saved: TypeAlias = tuple[Record, Changes]
"""A record that is written, and what of it changes: ``{field: [before, after]}``."""

# What no form, import or API call may set: identity, bookkeeping and the workflow's own fields.
PROTECTED = frozenset(
    {"id", "number", "version", "created_at", "created_by_id", "updated_at", "updated_by_id",
     "deleted_at", "state", "is_open", "workflow_id", "due_at"}
)
# Under this name a session holds the act that is being taken back.
_UNDOES = "undoes"


@contextlib.contextmanager
def undoing(session: Session, entry: AuditEntry) -> Generator[None]:
    """Let the events of what is saved within tell which act it takes back.

    Args:
        session: session with a running write.
        entry: of the act in the audit trail.
    """
    session.info[_UNDOES] = {"change_set": entry.change_set, "at": entry.at.isoformat()}
    try:
        yield
    finally:
        del session.info[_UNDOES]


def require_assignable(
    session: Session, actor: Actor, record: Record, changes: Changes, action: str
) -> None:
    """Make sure that no plugin denies that somebody gets a record.

    Args:
        session: session with a running write.
        actor: who acts.
        record: the record as it would be.
        changes: ``{field: [before, after]}``.
        action: as for ``save``.

    Raises:
        Rejected: a plugin denies it.
    """
    if is_assigning(action):
        refused = assignment_refusal(session, actor, record, changes)
        if refused is not None:
            raise Rejected(refused)


def save(
    session: Session,
    actor: Actor,
    record: Record,
    action: str,
    changes: Changes,
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

    Raises:
        Rejected: a plugin denies that somebody gets the record.
    """
    require_assignable(session, actor, record, changes, action)
    save_many(session, actor, [(record, changes)], action, reason, facts)


def save_many(
    session: Session,
    actor: Actor,
    saved: Sequence[Saved],
    action: str,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Flush records of one kind and write everything that goes with their changes.

    Nobody is asked whether they may be assigned; see ``require_assignable``.

    Args:
        session: session with a running write.
        actor: who acts.
        saved: some hundreds of changed records, each with its changes.
        action: as for ``save``.
        reason: why, in the actor's words.
        facts: what the audit trail notes beside the changed fields of each.
    """
    _stamp(actor, saved)
    session.flush()
    _note(session, actor, saved, action, reason, facts)


def insert_many(session: Session, actor: Actor, made: Sequence[Saved], reason: str = "") -> None:
    """Insert new records of one kind and write everything that goes with it, as ``save_many``.

    Args:
        session: session with a running write.
        actor: who acts.
        made: some hundreds of new records with key and number, each with its values as changes.
        reason: why, in the actor's words.
    """
    _stamp(actor, made)
    insert_records(session, [record for record, _ in made])
    _note(session, actor, made, CREATE, reason)


def _stamp(actor: Actor, saved: Sequence[Saved]) -> None:
    now = utcnow()
    for record, _ in saved:
        record.updated_at, record.updated_by_id = now, actor.user_id


def _note(
    session: Session, actor: Actor, saved: Sequence[Saved], action: str, reason: str,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Write what goes with records that have been written: history, search, events."""
    for record, changes in saved:
        record_act(
            session, actor, action, record_type=record.__record_type__, record_id=record.id,
            number=record.number, changes={**changes, **(facts or {})}, reason=reason,
        )
    note_former_values(session, saved)
    search_index.index(session, [record for record, _ in saved])
    host = current_host()
    payloads: list[dict[str, Any]] = [{
        "record_type": record.__record_type__, "record_id": record.id,
        "number": record.number, "action": action, "fields": sorted(changes),
        "actor_id": actor.user_id, "change_set": change_set(session),
        "undoes": session.info.get(_UNDOES),
    } for record, changes in saved]
    emit_many(session, "on_record_saved", [
        (payload, host.subscribers("on_record_saved", payload)) for payload in payloads])


def assign(session: Session, record: Record, values: Mapping[str, Any]) -> None:
    """Set columns and custom fields of a record; what ``values`` do not hold is not touched.

    Args:
        session: session with a running write.
        record: the record.
        values: values by column, and custom fields by key (``x_`` and name).

    Raises:
        ProtectedField: ``values`` hold a field that only the product writes.
        BadValue: a value does not fit its custom field, or a column like one.
    """
    protected = PROTECTED.intersection(values)
    if protected:
        raise ProtectedField(*protected)
    custom = checked_values(session, record.__record_type__, values, record.extra or {})
    for name, value in {**values, **cleaned_columns(type(record), values)}.items():
        if name.startswith(PREFIX):
            continue
        if name == "extra":
            extra: Mapping[str, Any] = value or {}
            custom = {**extra, **custom}
            continue
        if getattr(record, name) != value:
            setattr(record, name, value)
    # Only what was submitted is touched, also within the custom fields.
    kept = {name: value for name, value in {**(record.extra or {}), **custom}.items()
            if value is not None}
    if custom and kept != (record.extra or {}):
        record.extra = kept


def lock(
    session: Session, record: AnyRecord, expected_version: int | None = None
) -> AnyRecord:
    """Read a record anew for writing and check the version that the caller has seen.

    Args:
        session: session with a running write.
        record: the record.
        expected_version: version seen, or ``None`` to skip the check.

    Raises:
        StaleRecord: the record has another version by now.
    """
    session.refresh(record, with_for_update=_locks_rows(session))
    require_version(session, record, expected_version)
    return record


def lock_many(session: Session, model: type[Any], records: Sequence[Record]) -> None:
    """Read records of one kind anew for writing, in one statement.

    Args:
        session: session with a running write.
        model: class of the records.
        records: some hundreds of records.
    """
    # Not by attribute: that would read each record whose values have expired by itself.
    keys = [inspect(one).identity[0] for one in records]
    statement = (
        select(model).where(model.id.in_(keys)).order_by(model.id)
        .execution_options(populate_existing=True))
    if _locks_rows(session):
        # In the order of their keys: two who lock the same ones never wait for each other.
        statement = statement.with_for_update(of=model)
    session.scalars(statement).all()


def require_version(
    session: Session, record: Record, expected_version: int | None,
    values: Mapping[str, Any] | None = None,
) -> None:
    """Make sure that a record, read anew, has the version that the caller has seen.

    Args:
        session: session with a running write.
        record: the record.
        expected_version: version seen, or ``None`` to skip the check.
        values: what the caller would write.

    Raises:
        StaleRecord: the record has another version by now.
    """
    if expected_version is not None and record.version != expected_version:
        stale = StaleRecord(session.get(type(record), record.id), expected_version)
        stale.values = values or stale.values
        raise stale


def _locks_rows(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
