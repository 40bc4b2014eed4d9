"""Extensions of a record's deadlines, with the rights of the person and the audit trail."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import record_act
from app.database import utcnow, write
from app.deadlines import extensions
from app.deadlines.models import ClockRow, ExtensionRow
from app.workflow.actor_relations import relations_of
from app.workflow.delegation import in_place_of, noted


def request(
    session: Session, actor: Actor, record: Any, clock_id: int, by: int, reason: str
) -> ExtensionRow:
    """Ask for more time for one of a record's clocks.

    Args:
        session: any session.
        actor: who asks; may see the record.
        record: the record.
        clock_id: one of its clocks.
        by: amount to add, in the measure of the clock's rule.
        reason: why, in words.

    Raises:
        LookupError: the record has no such clock.
        ClockRefused: the rule does not allow it, or a request is waiting already.
    """
    with write(session):
        _require_own(session, record, clock_id)
        asked = extensions.request_extension(
            session, actor.user_id, clock_id, by, reason, utcnow()
        )
        _record(session, actor, record, f"extension_{asked.state}", asked, reason)
    return asked


def decide(
    session: Session, actor: Actor, record: Any, request_id: int, approve: bool, answer: str = ""
) -> ExtensionRow:
    """Approve or refuse a request; see ``app.deadlines.extensions`` for what is refused.

    The right comes from the person's roles and from relations to the record, such as
    ``department_leader``.

    Raises:
        LookupError: the record has no such request.
        ClockRefused: decided already, by the person who asked, or without the right.
    """
    with write(session):
        asked = session.get(ExtensionRow, request_id)
        if asked is None:
            raise LookupError(f"extension {request_id}")
        _require_own(session, record, asked.clock_id)
        do = extensions.approve_extension if approve else extensions.refuse_extension
        names = actor.roles | relations_of(actor, record)
        away = in_place_of(session, actor, record, {asked.approver} - actor.roles)
        decided = do(session, actor.user_id, request_id, names, utcnow(), answer)
        _record(session, actor, record, f"extension_{decided.state}", decided, answer, away)
    # The deadline of the record was written beside the loaded object.
    session.refresh(record, ["due_at"])
    return decided


def _require_own(session: Session, record: Any, clock_id: int) -> None:
    clock = session.get(ClockRow, clock_id)
    if clock is None or (clock.record_type, clock.record_id) != (
        record.__record_type__, record.id,
    ):
        raise LookupError(f"clock {clock_id}")


def _record(
    session: Session, actor: Actor, record: Any, action: str, asked: ExtensionRow, reason: str,
    away: str = "",
) -> None:
    record_act(
        session, actor, action, record_type=record.__record_type__, record_id=record.id,
        number=record.number, reason=reason,
        changes={"clock": asked.clock_id, "by": asked.by, **noted(away)},
    )
