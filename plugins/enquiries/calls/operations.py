"""By which rules calls of the telephone system are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.records import RecordOperations, made_together
from app.sdk.services import Actor, utcnow
from app.sdk.workflow import Message
from plugins.enquiries.calls.models import Call

MOST_RINGS = 200


@made_together
class CallOperations(RecordOperations):
    """Operations on calls: they come from a file, and stay as they were counted."""

    required = ("called_at",)

    def validate(
        self, session: Session, actor: Actor, record: Call | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse what no telephone can have counted."""
        errors = super().validate(session, actor, record, values)
        rings = values.get("rings")
        if rings is not None and not 0 <= rings <= MOST_RINGS:
            errors["rings"] = Message(N_("Enter %(low)s to %(high)s."),
                                      {"low": "0", "high": str(MOST_RINGS)})
        if values.get("called_at") is not None and values["called_at"] > utcnow():
            errors["called_at"] = Message(N_("The call lies in the future."))
        return errors
