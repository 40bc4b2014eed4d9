"""Requests on customers that one person makes and another one decides on: what they share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.customers.changes.models import REJECTED, UNDECIDED, WITHDRAWN
from app.database import utcnow
from app.errors import NotPermitted
from app.forms.definition import Field, Form, Kind, Section
from app.i18n import N_, Message
from app.records.actions import AvailableAction
from app.records.record_operations import RecordOperations

APPROVE, REJECT, WITHDRAW = "approve", "reject", "withdraw"
OWN = N_("Nobody decides on a request of their own.")
REJECT_FORM = Form(REJECT, N_("Reject"), (Section("main", "", (
    Field("answer", Kind.LONG_TEXT, N_("Reason of the rejection"), True, length=400),
)),))
WITHDRAWAL = AvailableAction(
    name=WITHDRAW, label=N_("Withdraw the request"), icon="arrow-back-up",
    confirm=N_("Is the request to be withdrawn?"), bulk=True)


def rejection(permission: tuple[str, str]) -> AvailableAction:
    """Return the action by which a request is rejected.

    Args:
        permission: what those who decide may do, and on which view.
    """
    return AvailableAction(name=REJECT, label=N_("Reject"), icon="x", form=REJECT_FORM,
                           permission=permission, bulk=True)


class SecondPersonOperations(RecordOperations):
    """Operations on requests that nobody but their steps writes, and nobody decides alone."""

    _made_by: ClassVar[str]
    """How a request comes about, as a message id."""

    def validate(
        self, session: Session, actor: Actor, record: Any | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse whatever is written past the steps of a request."""
        return {"": Message(self._made_by)}

    def refuse_delete(self, session: Session, actor: Actor, record: Any) -> Message | None:
        """What was decided is evidence."""
        if record.status in UNDECIDED:
            return None
        return Message(N_("A decided request is kept."))

    def _reject(
        self, session: Session, actor: Actor, record: Any, values: Mapping[str, Any]
    ) -> Message:
        self._decide(session, actor, record, {"status": REJECTED, "answer": values["answer"]})
        return Message(N_("The request is rejected."))

    def _withdraw(
        self, session: Session, actor: Actor, record: Any, values: Mapping[str, Any]
    ) -> Message:
        self.store(session, actor, record, {"status": WITHDRAWN, "decided_at": utcnow()})
        return Message(N_("The request is withdrawn."))

    def _decide(
        self, session: Session, actor: Actor, record: Any, values: Mapping[str, Any]
    ) -> None:
        if actor.user_id is None:
            raise NotPermitted(Message(N_("A person decides on a request.")))
        self.store(session, actor, record, {
            **values, "decider_id": actor.user_id, "decided_at": utcnow()})
