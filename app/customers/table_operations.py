"""Operations on the plain tables of customers: consents, contacts, verifications, holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.customers.contact_models import (
    EVERY_CHANNEL,
    EVERY_PURPOSE,
    Consent,
    Contact,
    DoNotContact,
)
from app.customers.models import Customer, ServiceTier
from app.customers.privacy.holds import LIFT_HOLD, lift_hold
from app.customers.privacy.models import LegalHold
from app.customers.tiers import ServiceTierOperations
from app.customers.verification_models import Verification
from app.i18n import N_, Message
from app.records import saving
from app.records.actions import AvailableAction, Done
from app.records.operations import Operations


class ConsentOperations(Operations):
    """Operations on consents: a consent is withdrawn, not deleted."""

    def validate(
        self, session: Session, actor: Actor, record: Consent | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse a withdrawal before the consent, and a consent of nobody."""
        names = ("customer_id", "from_on", "withdrawn_on")
        wanted = {name: values.get(name, getattr(record, name, None)) for name in names}
        problems = {**_required(wanted, "customer_id", "from_on"), **_unknown(values)}
        first, last = wanted["from_on"], wanted["withdrawn_on"]
        if first and last and last < first:
            problems["withdrawn_on"] = Message(
                N_("A consent cannot be withdrawn before it was given."))
        return problems

    def refuse_delete(self, session: Session, actor: Actor, record: Any) -> Message | None:
        """A consent is evidence: it is withdrawn."""
        return Message(N_("A consent is not deleted: enter the day of its withdrawal."))


class DoNotContactOperations(Operations):
    """Operations on do-not-contact."""

    def validate(
        self, session: Session, actor: Actor, record: DoNotContact | None,
        values: Mapping[str, Any],
    ) -> dict[str, Message]:
        """Refuse one without customer or reason, or for a purpose that nobody asks about."""
        names = ("customer_id", "reason")
        wanted = {name: values.get(name, getattr(record, name, None)) for name in names}
        return {**_required(wanted, *names), **_unknown(values)}


class WrittenByProduct(Operations):
    """Operations on a table that only the product writes: every way in is refused."""

    refusal: ClassVar[str]
    """Why, as a message id."""

    def validate(
        self, session: Session, actor: Actor, record: Any | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse a new row."""
        return {"": Message(self.refusal)}

    def refuse_change(self, session: Session, actor: Actor, record: Any) -> Message | None:
        """What was written stays."""
        return Message(self.refusal)

    def refuse_delete(self, session: Session, actor: Actor, record: Any) -> Message | None:
        """What was written stays."""
        return Message(self.refusal)


class ContactOperations(WrittenByProduct):
    """The log of contacts: ``note_contact`` writes it, and nobody changes it."""

    refusal = N_("The log of contacts is written by the product only.")


class VerificationOperations(WrittenByProduct):
    """Verifications: the actions of the customer write them, and nobody changes them."""

    refusal = N_("Information is verified and rejected on the page of the customer.")


class LegalHoldOperations(WrittenByProduct):
    """Legal holds: an action of the customer places them; they are lifted there, or by the hold."""

    refusal = N_("A legal hold is placed on the page of the customer, and is lifted, not changed.")

    def actions(
        self, session: Session, actor: Actor, record: LegalHold
    ) -> Sequence[AvailableAction]:
        """Return that a running hold can be lifted."""
        return (LIFT_HOLD,) if record.lifted_at is None else ()

    def bulk_actions(self, session: Session, actor: Actor) -> Sequence[AvailableAction]:
        """Return that several holds can be lifted, as when one case at court is closed."""
        return (LIFT_HOLD,)

    def carry_out(
        self, session: Session, actor: Actor, record: LegalHold, name: str,
        values: Mapping[str, Any],
    ) -> Done:
        """Lift the hold."""
        customer = saving.lock(session, session.get_one(Customer, record.customer_id))
        lift_hold(session, actor, customer, values)
        return Done()


def _required(values: Mapping[str, Any], *names: str) -> dict[str, Message]:
    return {name: Message(N_("This field is required.")) for name in names
            if values.get(name) in (None, "")}


def _unknown(values: Mapping[str, Any]) -> dict[str, Message]:
    offered = {"channel": dict(EVERY_CHANNEL), "purpose": dict(EVERY_PURPOSE)}
    return {name: Message(N_("Choose one of the values offered."))
            for name, known in offered.items() if values.get(name, "") not in known}


BY_MODEL = {
    Consent: ConsentOperations, DoNotContact: DoNotContactOperations, Contact: ContactOperations,
    Verification: VerificationOperations, ServiceTier: ServiceTierOperations,
    LegalHold: LegalHoldOperations,
}
