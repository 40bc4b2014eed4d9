"""Records put into the recycle bin together, by the rules of ``Operations.delete``."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.versioned_cache import one_version
from app.database import utcnow, write
from app.errors import CarelineError, Rejected
from app.records import saving
from app.records.deleting import deleting_together, deletion_refusal
from app.records.operations import Operations
from app.records.record_operations import are_deleted_together
from app.records.refusals import attempted, refusals
from app.records.values import differences


def delete_many(
    session: Session, actor: Actor, operations: Operations, records: Sequence[Any],
    reason: str = "",
) -> list[CarelineError | None]:
    """Delete some hundreds of records; a refused one takes no other with it.

    Args:
        session: session without unsaved changes, or within a write.
        actor: who acts.
        operations: of the kind of the records.
        records: each once, as the actor has seen it: of another version it is refused.
        reason: why, in the actor's words.

    Returns:
        For each of them the ``CarelineError`` with which ``delete`` refuses it, or ``None``.
    """
    asked = [(record, record.version) for record in records]
    one_by_one = functools.partial(_one_by_one, session, actor, operations, reason)
    with write(session):
        if not are_deleted_together(type(operations)):
            return one_by_one(asked)
        saving.lock_many(session, operations.model, records)
        keys = [record.id for record in records]
        with one_version(session), deleting_together(operations.model, keys):
            found = [_refusal(session, actor, operations, *one) for one in asked]
        kept = [place for place, refused in enumerate(found) if refused is None]
        try:
            with refusals(), session.begin_nested():
                _put_into_bin(session, actor, [records[place] for place in kept], reason)
        except CarelineError:
            # One of them is refused only now: record by record it is known which.
            again = one_by_one([asked[place] for place in kept])
            for place, refused in zip(kept, again, strict=True):
                found[place] = refused
    return found


def _one_by_one(
    session: Session, actor: Actor, operations: Operations, reason: str,
    asked: Sequence[tuple[Any, int]],
) -> list[CarelineError | None]:
    return [attempted(session, functools.partial(
        operations.delete, session, actor, record, version, reason=reason))
        for record, version in asked]


def _refusal(
    session: Session, actor: Actor, operations: Operations, record: Any, version: int
) -> CarelineError | None:
    try:
        saving.require_version(session, record, version)
    except CarelineError as stale:
        return stale
    refused = deletion_refusal(session, actor, operations, record)
    return None if refused is None else Rejected(refused)


def _put_into_bin(
    session: Session, actor: Actor, records: Sequence[Any], reason: str
) -> None:
    deleted = [record for record in records if record.deleted_at is None]
    for record in deleted:
        record.deleted_at = utcnow()
    saving.save_many(
        session, actor, [(record, differences(record)) for record in deleted], "delete", reason)
