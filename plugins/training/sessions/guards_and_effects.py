"""What must hold before a session ends, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session as DbSession

from app.sdk import N_
from app.sdk.people import local_today
from app.sdk.records import operations_of
from app.sdk.services import Actor, notice_kinds, tell, utcnow
from app.sdk.workflow import Message
from plugins.training.certificates.services import consider
from plugins.training.choices import ABSENT, ATTENDED, ENROLLED
from plugins.training.sessions.models import Enrolment, Session
from plugins.training.sessions.operations import learners


def has_begun(_session: DbSession, _actor: Actor, record: Session) -> Message | None:
    """Guard: what lies ahead was not held."""
    return Message(N_("The session has not begun yet.")) if record.starts_at > utcnow() else None


def has_attendance(session: DbSession, _actor: Actor, record: Session) -> Message | None:
    """Guard: somebody has written down who came."""
    if any(one.status == ATTENDED for one in learners(session, record.id)):
        return None
    return Message(N_("Write down first who came."))


def finish(
    session: DbSession, actor: Actor, record: Session, values: Mapping[str, Any]
) -> None:
    """Effect: who did not come is absent, who came may have earned a certificate."""
    operations = operations_of(Enrolment)
    for one in learners(session, record.id):
        if one.status == ENROLLED:
            operations.store(session, actor, one, {"status": ABSENT})
        elif one.status == ATTENDED and one.owner_id is not None:
            consider(session, one.owner_id, record.course, local_today())


def tell_called_off(
    session: DbSession, actor: Actor, record: Session, values: Mapping[str, Any]
) -> None:
    """Effect: everybody who is enrolled or waits hears of it."""
    tell(session, [one.owner_id for one in learners(session, record.id)], notice_kinds.MOVED,
         N_("%(title)s is called off: %(reason)s"),
         values={"title": record.title, "reason": values["reason"]}, record=record,
         by=actor.user_id)


GUARDS = {"has_begun": has_begun, "has_attendance": has_attendance}
EFFECTS = {"finish": finish, "tell_called_off": tell_called_off}
