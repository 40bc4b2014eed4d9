"""Operations on the list of customers without a planned contact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.records import RecordOperations
from app.sdk.services import Actor
from app.sdk.workflow import Message
from plugins.callbacks.models import Silence

OF_ITSELF = Message(N_("This list is made by itself: plan a contact, and the customer leaves it."))


class SilenceOperations(RecordOperations):
    """Operations on silences: the nightly round writes them, nobody else does."""

    def validate(
        self, session: Session, actor: Actor, record: Silence | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Let nobody add an entry."""
        errors = super().validate(session, actor, record, values)
        return errors if actor.is_system else {**errors, "": OF_ITSELF}

    def refuse_change(self, session: Session, actor: Actor, record: Any) -> Message | None:
        """Nor change one."""
        return super().refuse_change(session, actor, record) or OF_ITSELF

    def refuse_delete(self, session: Session, actor: Actor, record: Any) -> Message | None:
        """Nor delete one."""
        return OF_ITSELF
