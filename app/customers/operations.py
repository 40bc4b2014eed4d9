"""Operations on customers and their vehicles."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.sensitive.columns import sensitive_columns
from app.access.sensitive.values import SensitiveValue
from app.customers.changes.models import ChangeRequest
from app.customers.changes.operations import ChangeRequestOperations
from app.customers.changes.rules import withheld
from app.customers.contact_governor import read_wishes
from app.customers.contact_models import (
    EVERY_CHANNEL,
    EVERY_PURPOSE,
    Consent,
    Contact,
    DoNotContact,
)
from app.customers.merging.models import CustomerMerge
from app.customers.models import Customer, Vehicle
from app.database import write
from app.errors import Invalid, Rejected
from app.i18n import N_, Message
from app.records.changes import Changes, Written
from app.records.mixin import is_present
from app.records.operations import Operations, operations_of
from app.records.record_operations import RecordOperations
from app.records.refusals import refusals
from app.records.values import column_values, held_value


class CustomerOperations(RecordOperations):
    """Operations on customers; the list of plates follows their vehicles."""

    step_columns = frozenset({"plates", "former_numbers"})

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
            changing = self._meant(record, column_values(self.model, values))
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

    def restore(self, session: Session, actor: Actor, record: Any) -> None:
        """Take a customer out of the recycle bin; one that was merged is parted instead."""
        if session.scalar(select(CustomerMerge.id).where(
                CustomerMerge.merged_id == record.id, CustomerMerge.undone_at.is_(None))):
            raise Rejected(Message(N_("This customer was merged: undo the merge instead.")))
        super().restore(session, actor, record)

    def _meant(self, record: Customer, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values that differ, in canonical form; a mask that came back is no value."""
        sensitive, meant = sensitive_columns(Customer), {}
        for name, value in values.items():
            held = held_value(record, name) if name in sensitive else None
            shown = isinstance(held, SensitiveValue) and str(value) == held.masked
            if not shown:
                meant[name] = sensitive[name].value(value) if name in sensitive else value
        return self.changing(record, meant)


def _are_hours(text: str) -> bool:
    try:
        return bool(read_wishes(text))
    except ValueError:
        return False


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


class ContactOperations(Operations):
    """The log of contacts: ``note_contact`` writes it, and nobody changes it."""

    def validate(
        self, session: Session, actor: Actor, record: Contact | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse whatever is written past ``note_contact``."""
        return {"": Message(N_("The log of contacts is written by the product only."))}

    def refuse_change(self, session: Session, actor: Actor, record: Any) -> Message | None:
        """What was logged stays."""
        return Message(N_("The log of contacts is written by the product only."))

    def refuse_delete(self, session: Session, actor: Actor, record: Any) -> Message | None:
        """What was logged stays."""
        return Message(N_("The log of contacts is written by the product only."))


def _required(values: Mapping[str, Any], *names: str) -> dict[str, Message]:
    return {name: Message(N_("This field is required.")) for name in names
            if values.get(name) in (None, "")}


def _unknown(values: Mapping[str, Any]) -> dict[str, Message]:
    offered = {"channel": dict(EVERY_CHANNEL), "purpose": dict(EVERY_PURPOSE)}
    return {name: Message(N_("Choose one of the values offered."))
            for name, known in offered.items() if values.get(name, "") not in known}


class VehicleOperations(RecordOperations):
    """Operations on vehicles: a customer is found by the plates of theirs."""

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


BY_MODEL = {
    Consent: ConsentOperations, DoNotContact: DoNotContactOperations, Contact: ContactOperations,
}
