"""What enquiries offer to other plugins, and what they show on customers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.sdk import N_, Ability, Event, EventField, RecordAction, RecordChip, TimelineFeed
from app.sdk.customers import tier_chip
from app.sdk.models import Customer
from app.sdk.records import create
from app.sdk.screens import Chip
from app.sdk.services import Actor, is_present, scope_filter
from app.sdk.workflow import Field, Form, Kind, Section
from plugins.enquiries.access import ENQUIRY, REPAIR
from plugins.enquiries.enquiries.guards_and_effects import RATED
from plugins.enquiries.models import Enquiry, Repair, Suggestion

OPEN, REPORT = "enquiries.open", "enquiries.report_repair"
CUSTOMERS = "customers.customer"
EVENTS = [Event(
    name=RATED, title=N_("The customer rated the answer to an enquiry"),
    fields=(EventField(name="satisfaction", kind=str, text="satisfied, fair or dissatisfied"),),
)]
TIMELINE = [
    TimelineFeed(record_type=Enquiry.__record_type__, icon="headset", entries={
        "create": N_("called or wrote to us"), "done": N_("got an answer")}),
    TimelineFeed(record_type=Repair.__record_type__, icon="tool", entries={
        "create": N_("reported a repair or called for rescue"),
        "done": N_("was told that the repair is done"),
        "cancelled": N_("called a repair report off")}),
    TimelineFeed(record_type=Suggestion.__record_type__, icon="bulb", entries={
        "create": N_("made a suggestion"), "done": N_("was told what became of a suggestion")}),
]

_CALLER = (
    Field("customer_id", Kind.RECORD, N_("Customer"), target=CUSTOMERS),
    Field("customer_name", Kind.TEXT, N_("Customer name"), length=120),
    Field("phone", Kind.TEXT, N_("Phone"), length=40),
)
_OPEN_FORM = Form("open_enquiry", N_("Open an enquiry"), (Section("main", "", (
    *_CALLER,
    Field("channel_id", Kind.RECORD, N_("Enquiry channel"), target="enquiries.channel"),
    Field("question", Kind.LONG_TEXT, N_("Question in detail"), True),
    Field("remarks", Kind.LONG_TEXT, N_("Remarks")),
)),))
_REPORT_FORM = Form("report_repair", N_("Report a repair"), (Section("main", "", (
    *_CALLER,
    Field("plate", Kind.TEXT, N_("Plate"), length=20),
    Field("items", Kind.TEXT, N_("Items to repair"), length=200),
    Field("place", Kind.TEXT, N_("Place"), length=200),
    Field("situation", Kind.LONG_TEXT, N_("Situation"), True),
)),))


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "")}


def open_enquiry(
    session: Session, actor: Actor, values: Mapping[str, Any], _origin: Any
) -> Enquiry:
    """Open an enquiry that waits for its answer, e.g. of the company's own chat."""
    return create(session, actor, Enquiry, _filled(values))


def report_repair(
    session: Session, actor: Actor, values: Mapping[str, Any], _origin: Any
) -> Repair:
    """Write down a repair report."""
    return create(session, actor, Repair, _filled(values))


def _defaults(_session: Session, _actor: Actor, origin: Any) -> Mapping[str, Any]:
    key = origin.id if isinstance(origin, Customer) else getattr(origin, "customer_id", None)
    return {} if key is None else {"customer_id": key}


ABILITIES = [
    Ability(name=OPEN, title=N_("Open an enquiry"), view=ENQUIRY, permission="can_add",
            form=_OPEN_FORM, run=open_enquiry, defaults=_defaults, icon="headset"),
    Ability(name=REPORT, title=N_("Report a repair"), view=REPAIR, permission="can_add",
            form=_REPORT_FORM, run=report_repair, defaults=_defaults, icon="tool"),
]


def _desk(_actor: Actor, customer: Customer, _values: Mapping[str, Any]) -> str:
    return url_for("EnquiryView.add", customer=customer.id)


ACTIONS = [
    RecordAction(record_type=CUSTOMERS, label=N_("Take a call"), view=ENQUIRY,
                 permission="can_add", url=_desk, icon="headset"),
    RecordAction(record_type="customers.vehicle", ability=REPORT),
]


def _open_ones(actor: Actor, customer: Customer) -> Mapping[str, Any]:
    return {"count": select(func.count()).select_from(Enquiry).where(
        Enquiry.customer_id == customer.id, Enquiry.is_open, is_present(Enquiry),
        scope_filter(actor, Enquiry, indexed=False)).scalar_subquery()}


def _open_chip(_customer: Customer, values: Mapping[str, Any]) -> Chip | None:
    if not values["count"]:
        return None
    label = ngettext("%(num)s open enquiry", "%(num)s open enquiries", values["count"])
    return Chip(label=label, tone="calm", icon="headset")


CHIPS = [RecordChip(record_type=CUSTOMERS, view=ENQUIRY, values=_open_ones, show=_open_chip),
         *(tier_chip(model.__record_type__) for model in (Enquiry, Repair))]
