"""By which rules internal requests are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.sdk.services import Actor
from plugins.enquiries.access import REQUEST
from plugins.enquiries.department_reply import DepartmentReplyOperations


class RequestOperations(DepartmentReplyOperations):
    """Operations on internal requests."""

    of_caller = False
    owner_permission = ("can_edit", REQUEST)

    def prepare(
        self, session: Session, actor: Actor, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Whoever writes it down asks, unless somebody else is named."""
        given = super().prepare(session, actor, values)
        given.setdefault("asker_id", actor.user_id)
        return given
