"""Denials in the audit trail: who asked for what they may not do or see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import record_act
from app.access.models import AuditEntry
from app.database import utcnow

# What is asked for again within this time is not noted anew: a script that repeats itself must not
# fill the trail.
QUIET = dt.timedelta(minutes=1)


def note_denial(
    session: Session, actor: Actor, changes: Mapping[str, Any], *,
    record_type: str = "", record_id: int | None = None, mark: str = "",
) -> None:
    """Note that somebody was refused, unless the same was noted within the last minute.

    Args:
        session: inside of a writing block.
        actor: who asked.
        changes: what was asked, for the entry.
        record_type: kind of a record that was asked for, or its table.
        record_id: key of that record.
        mark: tells pages apart where no record is known.
    """
    noted = session.scalar(
        select(AuditEntry.id).where(
            AuditEntry.actor_id == actor.user_id, AuditEntry.action == "denied",
            AuditEntry.record_type == record_type,
            AuditEntry.record_id.is_(None) if record_id is None
            else AuditEntry.record_id == record_id,
            AuditEntry.number == mark, AuditEntry.at > utcnow() - QUIET,
        ).limit(1)
    )
    if noted is None:
        record_act(session, actor, "denied", record_type=record_type, record_id=record_id,
                   number=mark, changes=dict(changes))
