"""By which rules visits and notes are written, on every way in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.records import Operations, WorkflowOperations
from app.sdk.services import Actor
from app.sdk.workflow import Message


class VisitOperations(WorkflowOperations):
    """Operations on visits."""

    required = ("visitor",)
    step_columns = frozenset({"result"})


class NoteOperations(Operations):
    """Operations on notes, which are no kind of record."""

    def refuse_delete(self, session: Session, actor: Actor, record: Any) -> Message | None:
        """What was noted stays."""
        return Message(N_("A note is never deleted."))

    def validate(
        self, session: Session, actor: Actor, record: Any | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """A note says something."""
        if "text" in values and not values["text"]:
            return {"text": Message(N_("Write something."))}
        return {}
