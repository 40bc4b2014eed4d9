"""By which rules messages for colleagues are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk.models import Staff
from app.sdk.services import Actor, utcnow
from plugins.enquiries.access import MESSAGE
from plugins.enquiries.messages.models import Message
from plugins.enquiries.shared import FromCallerOperations, store, subject_of


class MessageOperations(FromCallerOperations):
    """Operations on messages: they belong to the colleague, and to the colleague's team."""

    required = ("content",)
    reassign_permission = ("can_reassign", MESSAGE)
    step_columns = frozenset({"result", "done_at"})
    action_icons = {"call_back": "phone-outgoing"}

    def prepare(
        self, session: Session, actor: Actor, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Fill in the caller, a subject, and the place of the colleague."""
        given = super().prepare(session, actor, values)
        given["subject"] = subject_of(given.get("content") or "")
        place = session.execute(select(Staff.department_id, Staff.team_id).where(
            Staff.user_id == given.get("owner_id"))).first()
        if place is not None:
            given |= {"department_id": place.department_id, "team_id": place.team_id}
        return given


def note_done(
    session: Session, actor: Actor, message: Message, values: Mapping[str, Any]
) -> None:
    """Remember when the colleague has called back."""
    message.done_at = utcnow()


EFFECTS = {"store": store, "note_done": note_done}
