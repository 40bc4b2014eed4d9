"""By which rules the answers of the front desk are entered, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.abilities import call
from app.sdk.errors import Invalid
from app.sdk.models import Customer
from app.sdk.records import (
    AvailableAction,
    Done,
    RecordOperations,
    act,
    operations_of,
    update,
    waiting_of,
)
from app.sdk.services import SYSTEM, Actor, lock, utcnow
from app.sdk.workflow import Choice, Field, Form, Kind, Message, Section
from plugins.callbacks.models import Task, UnreachableLine, UnreachableList
from plugins.callbacks.unreachable.choices import (
    ANSWERS,
    LINE_VIEW,
    LIST_VIEW,
    NEW_NUMBER,
    NO_CONTACT,
    REOPENING,
)

ANSWER, SENT = "answer", "note_sent"
FROZEN = Message(N_("The list is frozen: only the answer of the front desk is entered."))
_CUSTOMERS = ("can_edit", "core.Customer")
ANSWER_FORM = Form(ANSWER, N_("Answer of the front desk"), (Section("main", "", (
    Field("answer", Kind.CHOICE, N_("Answer"), True,
          choices=tuple(Choice(value, label) for value, label in ANSWERS)),
    Field("new_contact", Kind.TEXT, N_("New number"), length=40,
          help=N_("It becomes the number of the customer, and the callback is opened again.")),
    Field("remark", Kind.LONG_TEXT, N_("Remark"), length=2000),
)),))
_SENT_FORM = Form(SENT, N_("Note that it was sent"), (Section("main", "", (
    Field("sent_to", Kind.TEXT, N_("Sent to"), True, length=200),
)),))


class _FrozenOperations(RecordOperations):
    """Operations on what was frozen: made by the product, not changed by hand, not deleted."""

    def validate(
        self, session: Session, actor: Actor, record: Any | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Let nobody add a line to a frozen list."""
        errors = super().validate(session, actor, record, values)
        return errors if actor.is_system else {**errors, "": FROZEN}

    def refuse_change(self, session: Session, actor: Actor, record: Any) -> Message | None:
        """What was frozen stays as it was."""
        return super().refuse_change(session, actor, record) or FROZEN

    def refuse_delete(self, session: Session, actor: Actor, record: Any) -> Message | None:
        """Nor is it deleted."""
        return FROZEN


class UnreachableListOperations(_FrozenOperations):
    """Operations on the lists of months."""

    def actions(
        self, session: Session, actor: Actor, record: UnreachableList
    ) -> Sequence[AvailableAction]:
        """Return the note that the list was sent; the product itself sends nothing."""
        return [AvailableAction(name=SENT, label=N_("Note that it was sent"), icon="send",
                                form=_SENT_FORM, permission=("can_freeze", LIST_VIEW),
                                primary=record.sent_at is None)]

    def carry_out(
        self, session: Session, actor: Actor, record: UnreachableList, name: str,
        values: Mapping[str, Any],
    ) -> Done:
        """Note when and to whom the list was sent."""
        self.store(session, actor, record, {"sent_at": utcnow(), "sent_to": values["sent_to"]})
        return Done()

    def count_answered(self, session: Session, actor: Actor, list_id: int) -> None:
        """Write down how many lines of a list are answered.

        Args:
            session: session with a running write.
            actor: who has entered an answer.
            list_id: key of the list.
        """
        record = session.get_one(UnreachableList, list_id)
        lock(session, record)
        number = session.scalar(select(func.count()).where(
            UnreachableLine.list_id == list_id, UnreachableLine.answered_at.is_not(None)))
        self.store(session, actor, record, {"answered": number})


class UnreachableLineOperations(_FrozenOperations):
    """Operations on the lines: the answer of the front desk is entered, and may be corrected."""

    def actions(
        self, session: Session, actor: Actor, record: UnreachableLine
    ) -> Sequence[AvailableAction]:
        """Return the entry of the answer."""
        answered = record.answered_at is not None
        return [AvailableAction(
            name=ANSWER, icon="message-reply", form=ANSWER_FORM,
            label=N_("Correct the answer") if answered else N_("Enter the answer"),
            permission=("can_answer", LINE_VIEW), primary=not answered)]

    def carry_out(
        self, session: Session, actor: Actor, record: UnreachableLine, name: str,
        values: Mapping[str, Any],
    ) -> Done:
        """Store the answer, and do what follows from it."""
        answer, number = values["answer"], (values.get("new_contact") or "").strip()
        if answer == NEW_NUMBER and not number:
            raise Invalid({"new_contact": Message(N_("Enter the new number."))})
        if answer != NEW_NUMBER and number:
            raise Invalid({"answer": Message(N_("With a new number, choose that answer."))})
        if number and not actor.can(*_CUSTOMERS):
            raise Invalid({"new_contact": Message(
                N_("Your role may not change the number of a customer."))})
        self.store(session, actor, record, {
            "answer": answer, "new_contact": number, "remark": values.get("remark") or "",
            "answered_at": utcnow(), "answerer_id": actor.user_id})
        lists = operations_of(UnreachableList)
        assert isinstance(lists, UnreachableListOperations)
        lists.count_answered(session, actor, record.list_id)
        return Done(self._follow_answer(session, actor, record))

    def _follow_answer(
        self, session: Session, actor: Actor, record: UnreachableLine
    ) -> Message:
        """Correct the number of the customer, and open the callback again where that helps."""
        waiting = None
        if record.answer == NEW_NUMBER:
            customer = session.get_one(Customer, record.customer_id)
            waiting = waiting_of(
                update(session, actor, customer, {"phone": record.new_contact}))
        if record.answer == NO_CONTACT:
            call(session, SYSTEM, "customers.do_not_contact", {
                "customer_id": record.customer_id, "purpose": "every",
                "reason": f"{record.number} {record.remark}"[:200]}, origin=record)
            return Message(N_("The answer is entered; the customer is contacted no more."))
        task = session.get_one(Task, record.task_id)
        if record.answer not in REOPENING or task.state != "unreachable" or task.is_away:
            return waiting or Message(N_("The answer is entered."))
        act(session, actor, task, "reopen", {"reopen_reason": record.number})
        if record.new_contact:
            update(session, actor, task, {"contact": record.new_contact})
        return waiting or Message(N_("The answer is entered, and the callback is open again."))
