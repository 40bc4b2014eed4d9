"""Operations on customers and their vehicles."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.sensitive.columns import sensitive_columns
from app.access.sensitive.values import SensitiveValue
from app.customers.changes.models import ChangeRequest
from app.customers.changes.operations import ChangeRequestOperations
from app.customers.changes.rules import withheld
from app.customers.completeness import (
    KEPT,
    completeness_values,
    keep_completeness,
    review_due_after,
    verified_items,
)
from app.customers.contact_governor import read_wishes
from app.customers.items import is_item
from app.customers.merging.models import CustomerMerge
from app.customers.models import Customer, Vehicle
from app.customers.privacy.holds import LIFT, PLACE, hold_actions, lift_hold, place_hold
from app.customers.privacy.requests import (
    ASK_FOR_ERASURE,
    ERASE,
    ask_for_erasure,
    erasable_among,
    erase,
)
from app.customers.profile_settings import wanted_items
from app.customers.template import CUSTOMERS, item_values
from app.customers.verification import REJECT, VERIFY, lapse, reject, verification_actions, verify
from app.database import utcnow, write
from app.errors import Invalid, Rejected
from app.i18n import N_, Message
from app.jobs.hidden_rows import is_hidden
from app.records import saving
from app.records.actions import AvailableAction, Done
from app.records.changes import Changes, Written
from app.records.custom_fields.definitions import PREFIX
from app.records.custom_fields.store import checked_values
from app.records.mixin import is_present
from app.records.operations import operations_of
from app.records.record_operations import (
    RecordOperations,
    deleted_together,
    made_together,
)
from app.records.refusals import refusals
from app.records.values import column_values, differences, held_value

REVIEW = "review"
ERASED = N_("This customer was erased: only the cases are left, under a pseudonym.")
MAY_REVIEW = ("can_review", "core.Customer")
_REVIEW = AvailableAction(
    name=REVIEW, label=N_("Note a review"), icon="calendar-check", permission=MAY_REVIEW,
    confirm=N_("Is all that is known of the customer still right?"), bulk=True)


@made_together
@deleted_together
class CustomerOperations(RecordOperations):
    """Operations on customers: plates follow their vehicles, changed items are unverified again."""

    step_columns = frozenset({"plates", "former_numbers", *KEPT, "reviewed_at", "reviewed_by_id",
                              "review_due_on", "erased_at", "on_hold", "erasure_due_on"})
    _closes_rows = True

    def validate(
        self, session: Session, actor: Actor, record: Customer | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse times of day and time zones that the rules of contact could not read."""
        problems = dict(super().validate(session, actor, record, values))
        if values.get("contact_hours") and not _are_hours(values["contact_hours"]):
            problems["contact_hours"] = Message(
                N_("Write times of a day, such as 09:00-12:00, 18:00-20:00."))
        if values.get("timezone") and values["timezone"] not in zoneinfo.available_timezones():
            problems["timezone"] = Message(
                N_("There is no such time zone. Write one such as Asia/Shanghai."))
        since, level = (values.get(name, getattr(record, name, None))
                        for name in ("member_since", "membership_id"))
        if since and not level and {"member_since", "membership_id"}.intersection(values):
            problems["member_since"] = Message(
                N_("Choose the level of membership, or leave the date empty."))
        return problems

    def change(
        self, session: Session, actor: Actor, record: Customer, values: Mapping[str, Any],
        version: int | None = None, *, reason: str = "",
    ) -> Changes:
        """Change a customer; what is protected becomes a request that another person decides on.

        Arguments and errors as for ``Operations.change``.

        Returns:
            What was written at once; ``waiting_of`` tells of the request.
        """
        with refusals(record), write(session):
            self._lock(session, record, version, values)
            changing = self._meant(session, record, column_values(self.model, values))
            held = withheld(session, actor, changing)
            if not held:
                return super().change(session, actor, record, values, reason=reason)
            if errors := self.problems(session, actor, record, values):
                raise Invalid(errors)
            requests = operations_of(ChangeRequest)
            assert isinstance(requests, ChangeRequestOperations)
            waiting = requests.ask(
                session, actor, record, {name: changing[name] for name in held}, reason)
            open_values = {name: value for name, value in changing.items() if name not in held}
            return Written(
                super().change(session, actor, record, open_values, reason=reason), waiting)

    def refuse_change(self, session: Session, actor: Actor, record: Customer) -> Message | None:
        """Nothing is entered again about somebody who was erased."""
        return super().refuse_change(session, actor, record) or (
            Message(ERASED) if record.erased_at is not None else None)

    def _refuse_reference(
        self, session: Session, actor: Actor, record: Customer
    ) -> Message | None:
        """Nothing new begins with somebody who was erased."""
        return Message(ERASED) if record.erased_at is not None else None

    def refuse_delete(self, session: Session, actor: Actor, record: Customer) -> Message | None:
        """The cases refer to the pseudonym."""
        return Message(ERASED) if record.erased_at is not None else None

    def restore(self, session: Session, actor: Actor, record: Any) -> None:
        """Take a customer out of the recycle bin; one that was merged is parted instead."""
        if session.scalar(select(CustomerMerge.id).where(
                CustomerMerge.merged_id == record.id, CustomerMerge.undone_at.is_(None))):
            raise Rejected(Message(N_("This customer was merged: undo the merge instead.")))
        super().restore(session, actor, record)

    def _forget(self, session: Session, actor: Actor, record: Customer) -> None:
        """Take what identifies a purged customer out of the audit trail and of all else."""
        if record.erased_at is None:
            erase(session, actor, record, record.number)

    def _meant(
        self, session: Session, record: Customer, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return the values that differ, in canonical form; a mask that came back is no value.

        Raises:
            BadValue: a value does not fit its custom field.
        """
        sensitive = sensitive_columns(Customer)
        meant: dict[str, Any] = {
            PREFIX + name: value for name, value in checked_values(
                session, CUSTOMERS, self.changing(record, values), record.extra or {}).items()}
        for name, value in values.items():
            if name.startswith(PREFIX):
                continue
            held = held_value(record, name) if name in sensitive else None
            shown = isinstance(held, SensitiveValue) and str(value) == held.masked
            if not shown:
                meant[name] = sensitive[name].value(value) if name in sensitive else value
        return self.changing(record, meant)

    def follow(
        self, session: Session, actor: Actor, record: Customer, changes: Changes
    ) -> None:
        """Let items that were changed be unverified again."""
        super().follow(session, actor, record, changes)
        changed = [name for name in changes if is_item(name)]
        # Nobody has verified anything of a customer who has just been entered.
        if changed and record.version > 1:
            lapse(session, actor, record, changed)

    def store(
        self, session: Session, actor: Actor, record: Customer, values: Mapping[str, Any],
        *, reason: str = "",
    ) -> Changes:
        """Write columns of a customer, and how complete the information is with them."""
        held = item_values(record)
        changed = {name for name, value in values.items()
                   if is_item(name) and self._differs(held.get(name), value)}
        if changed:
            verified = verified_items(session, [record.id])[record.id] - changed
            values = {**values, **completeness_values(session, {**held, **values}, verified)}
        return super().store(session, actor, record, values, reason=reason)

    @staticmethod
    def _differs(held: Any, value: Any) -> bool:
        is_mask = isinstance(held, SensitiveValue) and value == held.masked
        return held != value and not is_mask

    def _worked_out(self, session: Session, values: Mapping[str, Any]) -> Mapping[str, Any]:
        return {
            **completeness_values(session, values, ()),
            "review_due_on": review_due_after(utcnow(), wanted_items(session)),
        }

    def actions(
        self, session: Session, actor: Actor, record: Customer
    ) -> Sequence[AvailableAction]:
        """Return what can be done: information verified and reviewed, a hold, an erasure."""
        if record.erased_at is not None:
            return ()
        if record.is_away:
            # In the recycle bin somebody still has the right to be erased.
            is_left = not is_hidden(record.deleted_at) and erasable_among(session, [record.id])
            return (ASK_FOR_ERASURE,) if is_left else ()
        return (*verification_actions(session, actor, record), _REVIEW,
                *hold_actions(record), ASK_FOR_ERASURE)

    def bulk_actions(self, session: Session, actor: Actor) -> Sequence[AvailableAction]:
        """Return what can be done with many customers at once."""
        return _REVIEW, ASK_FOR_ERASURE

    def carry_out(
        self, session: Session, actor: Actor, record: Customer, name: str,
        values: Mapping[str, Any],
    ) -> Done:
        """Do an action."""
        if name == ERASE:
            return Done(ask_for_erasure(session, actor, record, values))
        if name == REVIEW:
            _note_review(session, actor, record)
            return Done()
        {VERIFY: verify, REJECT: reject, PLACE: place_hold, LIFT: lift_hold}[name](
            session, actor, record, values)
        if name in (VERIFY, REJECT):
            keep_completeness(session, record)
        return Done()


def _note_review(session: Session, actor: Actor, customer: Customer) -> None:
    now = utcnow()
    customer.reviewed_at, customer.reviewed_by_id = now, actor.user_id
    customer.review_due_on = review_due_after(now, wanted_items(session))
    saving.save(session, actor, customer, REVIEW, differences(customer))


def _are_hours(text: str) -> bool:
    try:
        return bool(read_wishes(text))
    except ValueError:
        return False


class VehicleOperations(RecordOperations):
    """Operations on vehicles: a customer is found by the plates of theirs."""

    _closes_rows = True

    def _refuse_reference(
        self, session: Session, actor: Actor, record: Vehicle
    ) -> Message | None:
        """Nothing new begins with the car of somebody who was erased."""
        owner = session.get(Customer, record.customer_id)
        return Message(ERASED) if owner is not None and owner.erased_at is not None else None

    def follow(
        self, session: Session, actor: Actor, record: Vehicle, changes: Changes
    ) -> None:
        """Keep the plates of the present owner, and of the former one, up to date."""
        super().follow(session, actor, record, changes)
        if {"customer_id", "plate"}.intersection(changes):
            former = changes.get("customer_id", [None])[0]
            for customer_id in sorted({former, record.customer_id} - {None}):
                refresh_plates(session, actor, customer_id)

    def delete(
        self, session: Session, actor: Actor, record: Any, version: int | None = None,
        *, reason: str = "",
    ) -> None:
        """Put a vehicle into the recycle bin; its plate finds nobody any more."""
        with write(session):
            super().delete(session, actor, record, version, reason=reason)
            if record.customer_id is not None:
                refresh_plates(session, actor, record.customer_id)

    def restore(self, session: Session, actor: Actor, record: Any) -> None:
        """Take a vehicle out of the recycle bin; its plate finds the owner again."""
        with write(session):
            super().restore(session, actor, record)
            if record.customer_id is not None:
                refresh_plates(session, actor, record.customer_id)


def refresh_plates(session: Session, actor: Actor, customer_id: int) -> None:
    """Let the plates by which a customer is found be those of their vehicles; part of a write.

    Args:
        session: session with a running write.
        actor: who changed a vehicle.
        customer_id: whose.
    """
    customer = session.get(Customer, customer_id)
    if customer is None:
        return
    plates = session.scalars(
        select(Vehicle.plate)
        .where(Vehicle.customer_id == customer_id, Vehicle.plate != "",
               is_present(Vehicle))
        .order_by(Vehicle.id)
    )
    text = " ".join(plates)[:200]
    if customer.plates != text:
        operations_of(Customer).store(session, actor, customer, {"plates": text})
