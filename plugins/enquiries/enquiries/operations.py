"""What can be done with enquiries, and by which rules, on every way in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.models import Customer
from app.sdk.records import AvailableAction, Done, is_empty, operations_of
from app.sdk.services import Actor, utcnow, write
from app.sdk.workflow import Message
from plugins.enquiries.access import ENQUIRY
from plugins.enquiries.choices import PASSED_ON, PITCH, TRANSFER
from plugins.enquiries.enquiries import passing
from plugins.enquiries.enquiries.models import Enquiry
from plugins.enquiries.enquiries.workflow import NEW
from plugins.enquiries.shared import FromCallerOperations, subject_of

# Clocks of two machines differ a little.
_LEEWAY = dt.timedelta(minutes=5)
_ANSWER = ("answer", "satisfaction", "dissatisfaction_reason")


class EnquiryOperations(FromCallerOperations):
    """Operations on enquiries."""

    required = ("question",)
    reassign_permission = ("can_reassign", ENQUIRY)
    owner_permission = ("can_edit", ENQUIRY)
    step_columns = frozenset({
        "answered_at", "answered_at_once", "responsible_department_id", "handler_id",
        "department_question", "department_due_at", "department_answer",
        "waiting_since", "ending", "closed_at", "became", "sales_id", "sales_because",
    })
    action_icons = {
        "answer": "message-check", "close": "circle-check", "hand_over": "building",
        "reply": "message-reply", "send_back": "arrow-back-up", "wait": "hourglass",
        "resume": "player-play", "close_silent": "message-off", "settle": "circle-x",
        "rate": "star", "take": "hand-grab", "reopen": "rotate",
    }

    # --- rules -------------------------------------------------------------------------------
    def prepare(
        self, session: Session, actor: Actor, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Fill in what the form left open: receipt, caller, plate of the only car, subject."""
        given = super().prepare(session, actor, values)
        given.setdefault("received_at", utcnow())
        given["subject"] = subject_of(given.get("question") or "")
        customer = session.get(Customer, given.get("customer_id") or 0)
        if customer is not None and not given.get("plate") and " " not in customer.plates:
            given["plate"] = customer.plates[:20]
        return given

    def validate(
        self, session: Session, actor: Actor, record: Enquiry | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Ask for what a kind of call needs; an answer is changed by the steps only."""
        errors = super().validate(session, actor, record, values)
        received_at = values.get("received_at")
        if received_at is not None and received_at > utcnow() + _LEEWAY:
            errors["received_at"] = Message(N_("The time of receipt lies in the future."))
        if record is not None:
            errors |= {name: Message(N_("This is written by the steps of the record only."))
                       for name in _ANSWER if name in values}
        elif is_empty(values.get("question")):
            errors["question"] = Message(N_("Write down what the call is about."))
        kind = values.get("kind") or (record.kind if record is not None else "")
        if kind == TRANSFER and record is None and not values.get("transferred_to_id"):
            errors["transferred_to_id"] = Message(N_("Say to whom the call was transferred."))
        if values.get("satisfaction") and is_empty(values.get("answer")):
            errors["satisfaction"] = Message(N_("Write down the answer as well."))
        return errors

    def follow(
        self, session: Session, actor: Actor, record: Enquiry, changes: Mapping[str, list[Any]]
    ) -> None:
        """Keep the subject with the question."""
        super().follow(session, actor, record, dict(changes))
        if "question" in changes and record.subject != subject_of(record.question):
            self.store(session, actor, record, {"subject": subject_of(record.question)})

    # --- beginning ---------------------------------------------------------------------------
    def _insert(
        self, session: Session, actor: Actor, values: Mapping[str, Any], reason: str
    ) -> Enquiry:
        """Register; what was answered on the spot ends at once, anything else gets its promise."""
        given = dict(values)
        answer = {name: given.pop(name) for name in _ANSWER if given.get(name)}
        enquiry = super()._insert(session, actor, given, reason)
        if answer:
            self._answer(session, actor, enquiry, answer)
        elif enquiry.kind in (TRANSFER, PITCH):
            self._take(session, actor, enquiry, "settle", {})
        elif enquiry.promised_at is None and enquiry.due_at is not None:
            # The promise by rule: when the clock of the reply ends.
            self.store(session, actor, enquiry, {"promised_at": enquiry.due_at})
        return enquiry

    def _answer(
        self, session: Session, actor: Actor, enquiry: Enquiry, answer: Mapping[str, Any]
    ) -> None:
        # A file may be read in by whoever may not answer: it is kept, and waits for who may.
        held = {"answer": answer.get("answer", ""), "remarks": enquiry.remarks}
        if not self._take(session, actor, enquiry, "answer", held):
            self.store(session, actor, enquiry, {"answer": held["answer"]})
            return
        self.store(session, actor, enquiry, {"answered_at_once": True})
        if answer.get("satisfaction"):
            self._take(session, actor, enquiry, "close", {
                "outcome": answer["satisfaction"],
                "dissatisfaction_reason": answer.get("dissatisfaction_reason", "")})

    def _take(
        self, session: Session, actor: Actor, enquiry: Enquiry, name: str,
        values: Mapping[str, Any],
    ) -> bool:
        """Take a step where the actor may; return whether it was taken."""
        session.flush()
        if not any(one.name == name and one.blocked is None
                   for one in self.actions(session, actor, enquiry)):
            return False
        self.act(session, actor, enquiry, name, values, enquiry.version)
        return True

    # --- what it becomes ---------------------------------------------------------------------
    def actions(
        self, session: Session, actor: Actor, record: Enquiry
    ) -> Sequence[AvailableAction]:
        """Add what the enquiry can become to the steps of the workflow."""
        actions = list(super().actions(session, actor, record))
        if record.is_away or record.became or not actor.can("can_edit", ENQUIRY):
            return actions
        return [*actions, *passing.actions(actor, record)]

    def carry_out(
        self, session: Session, actor: Actor, record: Enquiry, name: str,
        values: Mapping[str, Any],
    ) -> Done:
        """Make what the enquiry becomes, with all that was written, and close the enquiry."""
        if name not in passing.NAMES:
            return super().carry_out(session, actor, record, name, values)
        with write(session):
            made = passing.make(session, actor, record, name, values)
            self.store(session, actor, record, {"became": made.number, "ending": PASSED_ON})
            if record.is_open:
                self._take(session, actor, record, "settle", {})
        return Done(Message(N_("%(number)s has been opened."), {"number": made.number}))

    def pass_on(self, session: Session, actor: Actor, record: Enquiry) -> bool:
        """Make of a new enquiry what its kind says, where that is possible.

        Args:
            session: session without unsaved changes, or within a write.
            actor: who takes the call.
            record: the enquiry.

        Returns:
            Whether it became something; what cannot, is followed as an enquiry.
        """
        name, values = passing.of_kind(record)
        if record.state != NEW or not any(
                one.name == name for one in self.actions(session, actor, record)):
            return False
        self.act(session, actor, record, name, values, record.version)
        return True

    def assign_to_sales(
        self, session: Session, actor: Actor, record: Enquiry, user_id: int, because: Message
    ) -> bool:
        """Give a caller to a salesperson, unless somebody has the caller by now.

        Args:
            session: session with a running write.
            actor: who shares out.
            record: the enquiry of the caller.
            user_id: the salesperson.
            because: why that person.
        """
        self._lock(session, record, None, {})
        if record.sales_id is not None or not record.for_sales or record.is_away:
            return False
        self.store(session, actor, record, {
            "sales_id": user_id,
            "sales_because": {"text": because.msgid, "values": dict(because.params)}})
        return True


def enquiry_operations() -> EnquiryOperations:
    """Return the operations on enquiries."""
    found = operations_of(Enquiry)
    assert isinstance(found, EnquiryOperations), "registered with the kind of record"
    return found
