"""Events of customers: rules, screen, REST API, and what other plugins hear of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.collaboration.events import emit
from app.collaboration.timeline import add
from app.customers.event_models import (
    DELIVERED,
    LOST,
    SALES_CONTACT,
    WORKSHOP_VISIT,
    CustomerEvent,
)
from app.customers.models import Vehicle
from app.database import utcnow, write
from app.i18n import N_, Message
from app.records.changes import Changes
from app.records.models import CustomerEntry
from app.records.record_operations import RecordOperations
from app.sdk import Event, EventField
from app.sdk.screens import RecordApi, RecordInterface, RecordView, Section

VIEW = "core.CustomerEvent"
_FIELDS = (
    EventField(name="happened_at", kind=str, text="when it happened, ISO 8601 in UTC"),
    EventField(name="vehicle_id", kind=int, text="the vehicle that it is about", required=False),
)
EVENTS = [
    Event(name="customers.sales_contact", title=N_("Sales had contact with a customer"),
          fields=_FIELDS),
    Event(name="customers.lost", title=N_("A customer was lost"), fields=_FIELDS),
    Event(name="customers.delivered", title=N_("A car was delivered to a customer"),
          fields=_FIELDS),
    Event(name="customers.workshop_visit", title=N_("A customer was in the workshop"),
          fields=_FIELDS),
]
_ENTRIES = {
    SALES_CONTACT: N_("had contact with sales"), LOST: N_("was lost as a customer"),
    DELIVERED: N_("took delivery of a car"), WORKSHOP_VISIT: N_("was in the workshop"),
}
_FIXED = ("customer_id", "kind")


class CustomerEventOperations(RecordOperations):
    """Operations on events of customers: a new one is told to plugins and to the timeline."""

    required = ("customer_id", "kind", "happened_at")

    def validate(
        self, session: Session, actor: Actor, record: CustomerEvent | None,
        values: Mapping[str, Any],
    ) -> dict[str, Message]:
        """Refuse what is still to come, another customer's vehicle, and a change of the kind."""
        problems = dict(super().validate(session, actor, record, values))
        if record is not None:
            # Plugins have acted on it: who was meant, and by what, cannot change any more.
            problems |= {name: Message(N_("Delete this event and enter another one."))
                         for name in _FIXED if name in values}
        if values.get("kind") and values["kind"] not in _ENTRIES:
            problems["kind"] = Message(N_("Choose one of the values offered."))
        if values.get("happened_at") and values["happened_at"] > utcnow():
            problems["happened_at"] = Message(N_("This is still to come."))
        if values.get("vehicle_id") is not None:
            vehicle = session.get(Vehicle, values["vehicle_id"])
            owner = values.get("customer_id", getattr(record, "customer_id", None))
            if vehicle is None or vehicle.customer_id != owner:
                problems["vehicle_id"] = Message(N_("Choose a vehicle of this customer."))
        return problems

    def create(
        self, session: Session, actor: Actor, values: Mapping[str, Any], *, reason: str = ""
    ) -> CustomerEvent:
        """Enter an event; plugins hear of it after the commit, and the timeline shows it."""
        with write(session):
            record = super().create(session, actor, values, reason=reason)
            emit(session, f"customers.{record.kind}", record, {
                "happened_at": record.happened_at, "vehicle_id": record.vehicle_id}, by=actor)
            add(session, record.customer_id, record, f"customers.{record.kind}",
                _ENTRIES[record.kind], at=record.happened_at, by=actor.name,
                icon="calendar-event", source=_source(record))
        return record

    def follow(
        self, session: Session, actor: Actor, record: CustomerEvent, changes: Changes
    ) -> None:
        """Let the entry on the timeline follow a corrected time."""
        super().follow(session, actor, record, changes)
        if "happened_at" in changes:
            session.execute(
                update(CustomerEntry).where(CustomerEntry.source == _source(record))
                .values(at=record.happened_at).execution_options(synchronize_session=False))


def _source(record: CustomerEvent) -> str:
    return f"happened {record.__record_type__}:{record.id}"


class CustomerEventView(RecordView):
    """Events of customers."""

    datamodel = RecordInterface(CustomerEvent)
    route_base = "/customer-events"
    class_permission_name = VIEW
    list_title = N_("Customer events")
    record_label = N_("Customer event")
    icon = "calendar-event"
    list_columns = ["number", "kind", "customer", "vehicle", "happened_at", "detail"]
    list_choice = ["created_at", "owner"]
    board_column = ""
    calendar_column = "happened_at"
    form_sections = (Section(fields=("customer", "kind", "happened_at", "vehicle", "detail"),
                             wide=("detail",)),)
    label_columns = {"customer": N_("Customer"), "kind": N_("Kind"), "vehicle": N_("Vehicle"),
                     "happened_at": N_("Happened at"), "detail": N_("Details")}
    prefill_columns = ["customer", "kind", "vehicle"]
    narrowed_by = {"vehicle": "customer"}
    import_key = ("customer", "kind", "happened_at")
    default_sort = "-happened_at"


class CustomerEventApi(RecordApi):
    """Events of customers over REST, under ``/api/v1/customer_events``."""

    datamodel = RecordInterface(CustomerEvent)
    resource_name = "customer_events"
    class_permission_name = VIEW
    list_columns = ["id", "number", "kind", "customer", "vehicle", "happened_at"]
    show_columns = [*list_columns, "detail", "version"]
    add_columns = ["customer", "kind", "happened_at", "vehicle", "detail"]
    edit_columns = ["happened_at", "vehicle", "detail"]
