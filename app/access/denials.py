"""Denials in the audit trail: who asked for what they may not do or see."""

from __future__ import annotations

import datetime as dt
import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import record_act, set_address
from app.access.models import AuditEntry
from app.database import utcnow, write

# The same page asked for again within this time is not noted anew: a script that repeats itself
# must not fill the trail.
QUIET = dt.timedelta(minutes=1)
LONGEST_PATH = 200


def noted_lately(session: Session, actor: Actor, record_type: str, record_id: int) -> bool:
    """Return whether somebody's denial of this row was noted within the last minute.

    Args:
        session: any session.
        actor: who asked.
        record_type: kind of record, or the table of what is none.
        record_id: its key.
    """
    return session.scalar(
        select(AuditEntry.id).where(
            AuditEntry.actor_id == actor.user_id, AuditEntry.action == "denied",
            AuditEntry.record_type == record_type, AuditEntry.record_id == record_id,
            AuditEntry.at > utcnow() - QUIET,
        ).limit(1)
    ) is not None


def note_denial(
    session: Session, actor: Actor, method: str, path: str, status: int, address: str
) -> bool:
    """Note that somebody was refused, unless it was noted within the last minute.

    Args:
        session: any session; what it holds unsaved is thrown away.
        actor: who asked.
        method: HTTP method.
        path: path that was asked for, without its query.
        status: 403 (not allowed) or 404 (no such record, or not one of theirs).
        address: network address of the caller.

    Returns:
        Whether an entry was written.
    """
    mark = hashlib.sha256(f"{method} {path}".encode()).hexdigest()[:40]
    session.rollback()
    with write(session):
        again = session.scalar(
            select(AuditEntry.id).where(
                AuditEntry.actor_id == actor.user_id, AuditEntry.action == "denied",
                AuditEntry.number == mark, AuditEntry.at > utcnow() - QUIET,
            ).limit(1)
        )
        if again is not None:
            return False
        set_address(session, address)
        record_act(
            session, actor, "denied", number=mark,
            changes={"asked": method, "address": path[:LONGEST_PATH], "status": status},
        )
    return True
