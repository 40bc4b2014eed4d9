"""Operations on requests to erase customers: one person asks, another one decides."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.customers.changes.models import APPROVED, OPEN
from app.customers.changes.second_person import (
    APPROVE,
    OWN,
    REJECT,
    WITHDRAW,
    WITHDRAWAL,
    SecondPersonOperations,
    rejection,
)
from app.customers.contact_models import DoNotContact
from app.customers.merging.models import CustomerMerge
from app.customers.models import Customer
from app.customers.privacy.erasing import Erasure
from app.customers.privacy.made_copies import discard_copies
from app.customers.privacy.models import ErasureRequest
from app.customers.privacy.obstacles import erasure_refusal
from app.errors import NotPermitted, Rejected
from app.forms.definition import Field, Form, Kind, Section
from app.i18n import N_, Link, Message
from app.jobs.services import enqueue
from app.records import saving
from app.records.actions import AvailableAction, Done
from app.records.operations import operations_of

VIEW, ADDRESS = "core.ErasureRequest", "/erasure-requests"
DECIDE = "can_decide"
ERASE = "erase"
MAY_ASK = ("can_erase", "core.Customer")
REMOVE_CONTENTS = "customers.remove_contents"
_MAY_DECIDE = (DECIDE, VIEW)
ASK_FOR_ERASURE = AvailableAction(
    name=ERASE, label=N_("Ask for erasure"), icon="user-x", bulk=True,
    permission=MAY_ASK,
    form=Form(ERASE, N_("Ask for erasure"), (Section("main", "", (
        Field("reason", Kind.LONG_TEXT, N_("Reason"), True, length=400,
              help=N_("Such as the customer's own demand, with its date. A second person decides. "
                      "What is erased cannot be brought back.")),
    )),)))
_APPROVE = AvailableAction(
    name=APPROVE, label=N_("Erase the customer"), icon="user-x", permission=_MAY_DECIDE,
    primary=True, danger=True,
    confirm=N_("Erase all that is known of the person, for good? The cases stay under a "
               "pseudonym."))
_REJECT = rejection(_MAY_DECIDE)


class ErasureRequestOperations(SecondPersonOperations):
    """Operations on requests: made on the customer's page, decided by another person."""

    _made_by = N_("A request comes about on the customer's page.")

    def ask(
        self, session: Session, actor: Actor, customer: Customer, reason: str
    ) -> ErasureRequest:
        """Ask for the erasure of a customer; part of the running write.

        Args:
            session: session with a running write, in which the customer is locked.
            actor: who asks.
            customer: who is to be erased.
            reason: why, in the actor's words.

        Raises:
            NotPermitted: the product itself asks.
            Rejected: it waits for a decision already, or the customer cannot be erased now.
        """
        if actor.user_id is None:
            raise NotPermitted(Message(N_("A person asks for an erasure.")))
        waiting = waiting_request(session, customer.id)
        refused = erasure_refusal(session, customer) if waiting is None else Message(
            N_("The erasure of this customer waits for a decision already: %(number)s."),
            {"number": waiting.number})
        if refused is not None:
            raise Rejected(refused)
        return self._insert(session, actor, {
            "customer_id": customer.id, "reason": reason.strip()[:400],
            "maker_id": actor.user_id, "status": OPEN}, "")

    def actions(
        self, session: Session, actor: Actor, record: ErasureRequest
    ) -> Sequence[AvailableAction]:
        """Return what the maker, and what others, can do with an undecided request."""
        if record.status != OPEN or record.is_away:
            return ()
        if record.maker_id == actor.user_id:
            own = Message(OWN)
            return (WITHDRAWAL, dataclasses.replace(_APPROVE, blocked=own),
                    dataclasses.replace(_REJECT, blocked=own))
        refused = erasure_refusal(session, record.customer)
        return dataclasses.replace(_APPROVE, blocked=refused), _REJECT

    def bulk_actions(self, session: Session, actor: Actor) -> Sequence[AvailableAction]:
        """Return what needs no look at each: to reject and to withdraw."""
        return _REJECT, WITHDRAWAL

    def carry_out(
        self, session: Session, actor: Actor, record: ErasureRequest, name: str,
        values: Mapping[str, Any],
    ) -> Done:
        """Take a step."""
        steps = {APPROVE: self._approve, REJECT: self._reject, WITHDRAW: self._withdraw}
        return Done(steps[name](session, actor, record, values))

    def _approve(
        self, session: Session, actor: Actor, record: ErasureRequest, values: Mapping[str, Any]
    ) -> Message:
        customer = saving.lock(session, session.get_one(Customer, record.customer_id))
        # Since the request was made a hold may have come, or a complaint.
        refused = erasure_refusal(session, customer)
        if refused is not None:
            raise Rejected(refused)
        self._decide(session, actor, record, {"status": APPROVED})
        # Whoever is told by number alone is not to be contacted either.
        operations_of(DoNotContact).create(
            session, actor, {"customer_id": customer.id, "reason": record.number})
        session.flush()
        erase(session, actor, customer, record.number)
        return Message(N_("The customer is erased."))


def erase(session: Session, actor: Actor, customer: Customer, reason: str) -> None:
    """Erase a customer with all files and copies; part of the running write.

    Args:
        session: session with a running write, without unsaved changes.
        actor: who decided on it.
        customer: who is erased.
        reason: number of what it was decided by, for the audit trail.
    """
    erasure = Erasure(session, customer)
    contents, copies = erasure.files(), discard_copies(session, erasure.people)
    erasure.carry_out(actor, reason)
    if contents or copies:
        # The files go after the rows: a file without a row harms less than a row without one.
        enqueue(session, actor, REMOVE_CONTENTS, {"keys": contents, "copies": copies},
                title=N_("Remove the files of an erased customer"))


def ask_for_erasure(
    session: Session, actor: Actor, customer: Customer, values: Mapping[str, Any]
) -> Message:
    """Ask for an erasure by the action of a customer; see ``ErasureRequestOperations.ask``."""
    operations = operations_of(ErasureRequest)
    assert isinstance(operations, ErasureRequestOperations)
    request = operations.ask(session, actor, customer, values["reason"])
    return Message(N_("The erasure waits for the decision of a second person."),
                   link=Link(f"{ADDRESS}/show/{request.id}", request.number))


def waiting_request(session: Session, customer_id: int) -> ErasureRequest | None:
    """Return the undecided request to erase a customer, or ``None``."""
    return session.scalar(select(ErasureRequest).where(
        ErasureRequest.customer_id == customer_id, ErasureRequest.status == OPEN,
        ErasureRequest.deleted_at.is_(None)))


def erasable_among(session: Session, keys: Sequence[int]) -> frozenset[int]:
    """Return those of some customers who are neither erased nor gone into another one.

    Args:
        session: any session.
        keys: keys of customers.
    """
    merged = select(CustomerMerge.id).where(
        CustomerMerge.merged_id == Customer.id, CustomerMerge.undone_at.is_(None))
    return frozenset(session.scalars(select(Customer.id).where(
        Customer.id.in_(keys), Customer.erased_at.is_(None), ~merged.exists())))
