"""By which rules referral rewards are applied for, checked and granted."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.models import Customer
from app.sdk.records import WorkflowOperations, of_customer
from app.sdk.services import SYSTEM, Actor, notice_kinds, settings_of, utcnow
from app.sdk.workflow import Message
from plugins.appraisals.referrals.models import Referral
from plugins.appraisals.rules.referrals import PRAISE, next_step, reached
from plugins.appraisals.shared import tell_people

# Kinds of record whose amount counts, with its column; a kind that is not there adds nothing.
_KINDS = (("customers.loan", "principal"), ("customers.investment", "amount"))
_NOT_COUNTING = ("cancelled", "withdrawn")


class ReferralOperations(WorkflowOperations):
    """Operations on rewards: each step once for a customer, never more than what is there."""

    required = ("customer_id",)
    step_columns = frozenset({
        "step", "claim", "applied_total", "checked_total", "amount", "decided_by_id",
        "decided_at", "reason", "table_id", "owner_id"})
    action_icons = {"grant": "circle-check", "refuse": "circle-x", "withdraw": "arrow-back-up"}

    def validate(
        self, session: Session, actor: Actor, record: Referral | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse an application for which the customer has reached no further step."""
        errors = super().validate(session, actor, record, values)
        if record is not None:
            if values.get("customer_id", record.customer_id) != record.customer_id:
                errors["customer_id"] = Message(N_("The customer of an application stays."))
        elif session.get(Customer, values.get("customer_id") or 0) is None:
            errors["customer_id"] = Message(N_("This has to be filled in."))
        elif not errors and due_step(session, values["customer_id"]) is None:
            errors["customer_id"] = Message(N_(
                "This customer has reached no step for which no reward was applied yet."))
        return errors

    def refuse_change(self, session: Session, actor: Actor, record: Referral) -> Message | None:
        """Only the applicant changes the remark, until it is decided."""
        if actor.user_id != record.owner_id and not actor.is_system:
            return Message(N_("This is not for you to do."))
        return super().refuse_change(session, actor, record)

    def refuse_delete(self, session: Session, actor: Actor, record: Referral) -> Message | None:
        """What was granted stays; an application is withdrawn."""
        return Message(N_("An application is withdrawn and not deleted."))

    def _insert(
        self, session: Session, actor: Actor, values: Mapping[str, Any], reason: str
    ) -> Any:
        customer_id = values["customer_id"]
        step = due_step(session, customer_id)
        return super()._insert(session, actor, {
            **values, "owner_id": actor.user_id, "step": step,
            # Two who apply at the same moment: the second one is refused by the database.
            "claim": f"{customer_id}:{step}", "applied_total": total_of(session, customer_id),
            "amount": _amount(session, step or PRAISE)}, reason)


def total_of(session: Session, customer_id: int) -> Decimal:
    """Return what a customer has borrowed and invested, whoever asks.

    Args:
        session: any session.
        customer_id: primary key of the customer.
    """
    return sum((
        Decimal(getattr(one, column, None) or 0)
        for kind, column in _KINDS for one in of_customer(session, SYSTEM, kind, customer_id)
        if getattr(one, "status", "") not in _NOT_COUNTING), Decimal(0))


def due_step(session: Session, customer_id: int) -> int | None:
    """Return the next step of a customer for which nobody has applied, or ``None``."""
    taken = session.scalars(select(Referral.step).where(
        Referral.customer_id == customer_id, Referral.claim.is_not(None))).all()
    return next_step(total_of(session, customer_id), *_sizes(session), taken)


def _sizes(session: Session) -> tuple[Decimal, Decimal]:
    held = settings_of(session, "appraisals")
    unit = Decimal(str(held["referral_unit"]))
    return (Decimal(str(held["praise_from"])) * unit, Decimal(str(held["referral_step"])) * unit)


def _amount(session: Session, step: int) -> Decimal:
    held = settings_of(session, "appraisals")["referral_amount"]
    return Decimal(0) if step == PRAISE else Decimal(str(held))


def is_reached(session: Session, actor: Actor, record: Referral) -> Message | None:
    """Guard: the customer still has what the step asks for."""
    if record.step < reached(total_of(session, record.customer_id), *_sizes(session)):
        return None
    return Message(N_("The customer's loans and investments no longer reach this step."))


def grant(session: Session, actor: Actor, record: Referral, values: Mapping[str, Any]) -> None:
    """Effect: what was found when it was checked; the amount enters the next bonus table."""
    record.checked_total = total_of(session, record.customer_id)
    _decided(session, actor, record, N_("Your referral reward is granted."))


def refuse(session: Session, actor: Actor, record: Referral, values: Mapping[str, Any]) -> None:
    """Effect: the reason; the step can be applied for again."""
    record.reason, record.claim = values["reason"], None
    _decided(session, actor, record, N_("Your referral reward is refused."))


def withdraw(session: Session, actor: Actor, record: Referral, values: Mapping[str, Any]) -> None:
    """Effect: the step can be applied for again."""
    record.claim = None


def _decided(session: Session, actor: Actor, record: Referral, text: str) -> None:
    record.decided_by_id, record.decided_at = actor.user_id, utcnow()
    tell_people(session, [record.owner_id], notice_kinds.MOVED, text, record=record,
                by=actor.user_id)


GUARDS = {"is_reached": is_reached}
EFFECTS = {"grant": grant, "refuse": refuse, "withdraw": withdraw}
