"""What complaints offer to other plugins, and what they show on customers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext, ngettext
from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session

from app.sdk import (
    N_,
    Ability,
    Event,
    EventField,
    LinkKind,
    RecordAction,
    RecordChip,
    RecordColumn,
    TimelineFeed,
)
from app.sdk.customers import tier_chip
from app.sdk.models import Customer
from app.sdk.records import act, create
from app.sdk.screens import Chip
from app.sdk.services import SYSTEM, Actor, is_present, scope_filter
from app.sdk.workflow import Field, Form, Kind, Section
from plugins.complaints.models import Complaint
from plugins.complaints.workflow import VIEW

MERGED = "complaints.merged"
RATED = "complaints.rated"
FINISHED = "complaints.finished"
RESPONSIBLE = "complaints.employee_responsible"
OPEN = "complaints.open"

LINK_KINDS = [LinkKind(name=MERGED, forward=N_("Merged into"), backward=N_("Merged from"))]
EVENTS = [Event(
    name=RATED, title=N_("The customer rated how the complaint was handled"),
    fields=(
        EventField(name="satisfaction", kind=str, text="satisfied, fair or dissatisfied"),
        EventField(name="round", kind=int, text="which round of handling was rated, from 1"),
    ),
), Event(
    name=FINISHED, title=N_("A complaint is finished"), is_occasion=True,
    fields=(EventField(name="satisfaction", kind=str, text="satisfied or fair"),),
), Event(
    name=RESPONSIBLE,
    title=N_("An archived complaint is one for which an employee is responsible"),
    fields=(
        EventField(name="user_id", kind=int, text="the person who is responsible"),
        EventField(name="cause", kind=str, text="code of the cause; empty where none is known"),
    ),
)]
TIMELINE = [TimelineFeed(
    record_type=Complaint.__record_type__, icon="message-report",
    entries={
        "create": N_("complained"), "done": N_("finished a complaint"),
        "cancelled": N_("closed a complaint without a result"),
    },
)]

_FORM = Form("open_complaint", N_("Open a complaint"), (Section("main", "", (
    Field("customer_id", Kind.RECORD, N_("Customer"), target="customers.customer"),
    Field("customer_name", Kind.TEXT, N_("Customer name"), length=120),
    Field("contact", Kind.TEXT, N_("Contact"), length=80),
    Field("channel_id", Kind.RECORD, N_("Channel"), target="complaints.channel"),
    Field("reason", Kind.LONG_TEXT, N_("What happened"), True),
    Field("demand", Kind.LONG_TEXT, N_("Demand")),
)),))


def open_complaint(
    session: Session, actor: Actor, values: Mapping[str, Any], _origin: Any
) -> Complaint:
    """Register a complaint; what the form leaves open is filled in as in the screen."""
    return create(session, actor, Complaint, {
        name: value for name, value in values.items() if value not in (None, "")
    })


def _defaults(_session: Session, _actor: Actor, origin: Any) -> Mapping[str, Any]:
    if isinstance(origin, Customer):
        return {"customer_id": origin.id}
    customer_id = getattr(origin, "customer_id", None)
    return {} if customer_id is None else {"customer_id": customer_id}


ABILITIES = [Ability(
    name=OPEN, title=N_("Open a complaint"), view=VIEW, permission="can_add", form=_FORM,
    run=open_complaint, defaults=_defaults, icon="message-report",
)]


def _number_open(actor: Actor, customer: Any) -> ScalarSelect[Any]:
    """Return how many complaints of a customer, or of each listed one, are open."""
    return select(func.count()).select_from(Complaint).where(
        Complaint.customer_id == customer.id, Complaint.is_open, is_present(Complaint),
        scope_filter(actor, Complaint, indexed=False),
    ).scalar_subquery()


def _open_ones(actor: Actor, customer: Customer) -> Mapping[str, Any]:
    return {"count": _number_open(actor, customer)}


def _open_chip(_customer: Customer, values: Mapping[str, Any]) -> Chip | None:
    if not values["count"]:
        return None
    label = ngettext("%(num)s open complaint", "%(num)s open complaints", values["count"])
    return Chip(label=label, tone="warn", icon="message-report")


CHIPS = [RecordChip(record_type="customers.customer", view=VIEW, values=_open_ones,
                    show=_open_chip),
         tier_chip(Complaint.__record_type__)]
COLUMNS = [RecordColumn(
    record_type="customers.customer", name="complaints.open", label=N_("Open complaints"),
    kind="integer", view=VIEW, expression=_number_open)]
ACTIONS = [RecordAction(record_type="customers.customer", ability=OPEN)]


def reopen_after_answer(session: Session, payload: Mapping[str, Any]) -> bool:
    """Reopen a complaint whose customer is dissatisfied when asked afterwards.

    Args:
        session: session with a running write.
        payload: of ``on_event``; any plugin may ask customers, and says so by an event whose data
            hold ``satisfaction``, ``source_type`` and ``source_id``.

    Returns:
        Whether it was reopened; one that is under way already stays as it is.
    """
    data = payload["data"]
    asked_about = (data.get("source_type"), data.get("satisfaction"))
    if asked_about != (Complaint.__record_type__, "dissatisfied"):
        return False
    complaint = session.get(Complaint, data.get("source_id") or 0)
    if complaint is None or complaint.is_away or complaint.is_open:
        return False
    act(session, SYSTEM, complaint, "reopen", {"reopen_reason": gettext(
        "The customer was dissatisfied when asked afterwards (%(number)s).",
        number=payload["number"])})
    return True
