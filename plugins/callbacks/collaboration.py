"""What callbacks offer to other plugins, and what they show on customers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session

from app.sdk import (
    N_,
    Ability,
    Event,
    EventField,
    RecordAction,
    RecordColumn,
    RecordFact,
    TimelineFeed,
)
from app.sdk.customers import tier_chip
from app.sdk.models import Customer, Vehicle
from app.sdk.screens import write_datetime
from app.sdk.services import Actor, create, is_present, scope_filter
from app.sdk.workflow import Field, Form, Kind, Section
from plugins.callbacks.corrections.choices import WRONG_ANSWER
from plugins.callbacks.models import Silence, Task
from plugins.callbacks.operations import ANSWERED
from plugins.callbacks.workflow import VIEW

PLAN = "callbacks.plan"
EVENTS = [Event(
    name=ANSWERED, title=N_("A customer has answered a callback"),
    fields=(
        EventField(name="satisfaction", kind=str, text="satisfied, fair, dissatisfied, or empty"),
        EventField(name="source_type", kind=str, text="kind of record that was asked about"),
        EventField(name="source_id", kind=int, text="key of that record; 0 for none"),
    ),
), Event(
    name=WRONG_ANSWER, title=N_("A wrong answer of a person was found"),
    fields=(
        EventField(name="user_id", kind=int, text="who gave it"),
        EventField(name="found_by", kind=str, text="agent, inspector or article"),
    ),
)]
CUSTOMERS = "customers.customer"

_FORM = Form("plan_callback", N_("Plan a callback"), (Section("main", "", (
    Field("customer_id", Kind.RECORD, N_("Customer"), True, target=CUSTOMERS),
    Field("purpose_id", Kind.RECORD, N_("Callback purpose"), target="callbacks.purpose"),
    Field("subject", Kind.TEXT, N_("Subject"), length=200),
    Field("due_from", Kind.DATETIME, N_("Due from")),
    Field("due_until", Kind.DATETIME, N_("Due until")),
    Field("owner_id", Kind.PERSON, N_("Who calls back"), help=N_("Left empty, it is you.")),
)),))


def plan_callback(
    session: Session, actor: Actor, values: Mapping[str, Any], _origin: Any
) -> Task:
    """Create a callback; it belongs to the named person, else to the actor."""
    given = {name: value for name, value in values.items() if value not in (None, "")}
    if actor.user_id is not None:
        given.setdefault("owner_id", actor.user_id)
    return create(session, actor, Task, given)


def _defaults(_session: Session, _actor: Actor, origin: Any) -> Mapping[str, Any]:
    if isinstance(origin, Customer):
        return {"customer_id": origin.id}
    customer_id = getattr(origin, "customer_id", None)
    return {} if customer_id is None else {"customer_id": customer_id}


ABILITIES = [Ability(
    name=PLAN, title=N_("Plan a callback"), view=VIEW, permission="can_add", form=_FORM,
    run=plan_callback, defaults=_defaults, icon="phone-outgoing",
)]
ACTIONS = [RecordAction(record_type=kind, ability=PLAN)
           for kind in (CUSTOMERS, Vehicle.__record_type__, Silence.__record_type__)]


def _open_ones(actor: Actor, customer: Customer) -> Mapping[str, Any]:
    return {"task": select(func.max(Task.id)).where(
        Task.customer_id == customer.id, Task.is_open, is_present(Task),
        scope_filter(actor, Task, indexed=False)).scalar_subquery()}


def _ring_back(_actor: Actor, _customer: Customer, values: Mapping[str, Any]) -> str | None:
    if values["task"] is None:
        return None
    return url_for("TaskView.call_of", pk=values["task"])


ACTIONS.append(RecordAction(
    record_type=CUSTOMERS, label=N_("Go on with the callback"), view=VIEW, permission="can_edit",
    url=_ring_back, values=_open_ones, icon="phone-incoming"))
TIMELINE = [TimelineFeed(
    record_type=Task.__record_type__, icon="phone-outgoing",
    entries={"create": N_("is to be called back"), "done": N_("was called back"),
             "cancelled": N_("was not called back")},
)]


def _next_at(actor: Actor, customer: Any) -> ScalarSelect[Any]:
    """Return when a customer, or each listed one, is called back next."""
    due = func.coalesce(Task.next_contact_at, Task.due_from, type_=Task.next_contact_at.type)
    return select(func.min(due, type_=Task.next_contact_at.type)).where(
        Task.customer_id == customer.id, Task.is_open, is_present(Task),
        scope_filter(actor, Task, indexed=False),
    ).scalar_subquery()


def _next_one(actor: Actor, customer: Customer) -> Mapping[str, Any]:
    return {"at": _next_at(actor, customer)}


CHIPS = [tier_chip(Task.__record_type__)]
COLUMNS = [RecordColumn(
    record_type=CUSTOMERS, name="callbacks.next", label=N_("Next callback"), kind="datetime",
    view=VIEW, expression=_next_at)]
FACTS = [RecordFact(
    record_type=CUSTOMERS, view=VIEW, label=N_("Next callback"), values=_next_one,
    show=lambda _customer, values: write_datetime(values["at"]) if values["at"] else None,
)]
