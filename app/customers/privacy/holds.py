"""Legal holds: while a customer is on hold, nothing of what is known of them goes."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import record_act
from app.customers.models import Customer
from app.customers.privacy.models import LegalHold
from app.database import utcnow
from app.errors import Rejected
from app.forms.definition import Field, Form, Kind, Section
from app.i18n import N_, Message
from app.records.actions import AvailableAction
from app.records.deleting import read_of

PLACE, LIFT = "place_hold", "lift_hold"
MAY_HOLD = ("can_hold", "core.Customer")
ON_HOLD = N_("%(number)s is on legal hold (%(reference)s): nothing of it is deleted.")
_PLACE_FORM = Form(PLACE, N_("Place a legal hold"), (Section("main", "", (
    Field("reason", Kind.LONG_TEXT, N_("Reason"), True, length=400),
    Field("reference", Kind.TEXT, N_("Reference"), True, length=80,
          help=N_("Number of the case at the court, the regulator or the lawyer.")),
)),))
_LIFT_FORM = Form(LIFT, N_("Lift the legal hold"), (Section("main", "", (
    Field("lift_reason", Kind.LONG_TEXT, N_("Reason"), True, length=400),
)),))
_PLACE = AvailableAction(
    name=PLACE, label=N_("Place a legal hold"), icon="gavel", form=_PLACE_FORM,
    permission=MAY_HOLD)
LIFT_HOLD = AvailableAction(
    name=LIFT, label=N_("Lift the legal hold"), icon="gavel", form=_LIFT_FORM,
    permission=MAY_HOLD, bulk=True)


def running_hold(session: Session, customer_ids: Sequence[int]) -> LegalHold | None:
    """Return the hold that a customer is on, or ``None``.

    Args:
        session: any session.
        customer_ids: keys of customers; the first hold on any of them counts.
    """
    return session.scalar(
        select(LegalHold)
        .where(LegalHold.customer_id.in_(customer_ids), LegalHold.lifted_at.is_(None))
        .order_by(LegalHold.id).limit(1))


def hold_refusal(session: Session, customer_ids: Sequence[int]) -> Message | None:
    """Return why nothing of a customer is deleted now, or ``None`` where nobody holds it.

    Args:
        session: any session.
        customer_ids: keys of customers.
    """
    hold = running_hold(session, customer_ids)
    return None if hold is None else _on_hold(hold)


def refuse_deletion(session: Session, record: Any) -> Message | None:
    """Return why a record stays: its customer, or it itself, is on hold; for ``check_delete``.

    Args:
        session: any session.
        record: what would be deleted or purged.
    """
    if isinstance(record, Customer):
        return read_of(record, "hold", functools.partial(_refusals_of_holds, session))
    key = getattr(record, "customer_id", None)
    return None if key is None else hold_refusal(session, [key])


def _refusals_of_holds(session: Session, customer_ids: Sequence[int]) -> Mapping[int, Message]:
    """Return why customers stay that are on hold, by key."""
    holds = session.scalars(
        select(LegalHold)
        .where(LegalHold.customer_id.in_(customer_ids), LegalHold.lifted_at.is_(None))
        .order_by(LegalHold.id.desc()))
    # The first of several counts.
    return {hold.customer_id: _on_hold(hold) for hold in holds}


def _on_hold(hold: LegalHold) -> Message:
    return Message(ON_HOLD, {"number": hold.customer.number, "reference": hold.reference})


def hold_actions(customer: Customer) -> Sequence[AvailableAction]:
    """Return the action by which a customer is put on hold, or by which the hold is lifted."""
    return (LIFT_HOLD,) if customer.on_hold else (_PLACE,)


def place_hold(
    session: Session, actor: Actor, customer: Customer, values: Mapping[str, Any]
) -> None:
    """Put a customer on hold; part of the running write.

    Args:
        session: session with a running write, in which the customer is locked.
        actor: who does it.
        customer: the customer.
        values: ``reason`` and ``reference``.
    """
    hold = LegalHold(customer_id=customer.id, placed_by_id=actor.user_id,
                     reason=values["reason"], reference=values["reference"])
    session.add(hold)
    customer.on_hold, customer.erasure_due_on = True, None
    session.flush()
    _note(session, actor, customer, "hold_placed", hold.reference, hold.reason)


def lift_hold(
    session: Session, actor: Actor, customer: Customer, values: Mapping[str, Any]
) -> None:
    """Lift the hold on a customer; part of the running write.

    Args:
        session: session with a running write, in which the customer is locked.
        actor: who does it.
        customer: the customer.
        values: ``lift_reason``.

    Raises:
        Rejected: the customer is on no hold.
    """
    hold = running_hold(session, [customer.id])
    if hold is None:
        raise Rejected(Message(N_("This is not possible in the present state.")))
    hold.lifted_at, hold.lifted_by_id = utcnow(), actor.user_id
    hold.lift_reason = values["lift_reason"]
    customer.on_hold = False
    session.flush()
    _note(session, actor, customer, "hold_lifted", hold.reference, hold.lift_reason)


def _note(
    session: Session, actor: Actor, customer: Customer, act: str, reference: str, reason: str
) -> None:
    record_act(session, actor, act, record_type=Customer.__record_type__, record_id=customer.id,
               number=customer.number, changes={"reference": reference}, reason=reason)
