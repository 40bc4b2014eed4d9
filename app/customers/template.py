"""The collection template (信息收集模板): custom fields of customers as items of information.

Fields, groups, masks and roles are custom fields of the kind of record; here is what is special to
customers (requirements C1, C2): what is required or needs verification counts for completeness.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.customers.items import ITEMS, NAMES
from app.customers.models import Customer
from app.i18n import N_
from app.jobs.models import QUEUED, Job
from app.jobs.services import enqueue
from app.records.custom_fields.definitions import PREFIX, CustomField
from app.records.custom_fields.store import custom_fields_of, when_fields_change

CUSTOMERS = Customer.__record_type__
RECALCULATE = "customers.recalculate"


def template_items(session: Session) -> tuple[CustomField, ...]:
    """Return the fields of the template that count as items of information, in order."""
    return tuple(
        field for field in custom_fields_of(session, CUSTOMERS)
        if not field.retired and (field.required or field.verified))


def item_values(customer: Customer) -> dict[str, Any]:
    """Return what is known of a customer: columns that are items, and fields of the template."""
    return {name: getattr(customer, name) for name in NAMES} | values_of_template(customer.extra)


def values_of_template(extra: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the values of custom fields by key.

    Args:
        extra: as a customer holds them, by name.
    """
    return {PREFIX + name: value for name, value in (extra or {}).items()}


def item_labels(session: Session, actor: Actor, locale: str = "") -> dict[str, str]:
    """Return the labels of all items that an actor sees, by name.

    Args:
        session: any session.
        actor: who reads them.
        locale: language of the labels of the template, ``zh`` or ``en``; by default the actor's.
            Those of columns are message ids.
    """
    locale = locale or actor.locale
    return dict(ITEMS) | {
        field.key: (field.label_zh if locale == "zh" else "") or field.label
        for field in custom_fields_of(session, CUSTOMERS) if field.is_seen_by(actor)}


def work_out_again(session: Session, actor: Actor) -> None:
    """Let a job work out how complete customers are, after the template or a rule was changed.

    Args:
        session: session, perhaps with a running write that the job then belongs to.
        actor: who changed it.
    """
    waits = session.scalar(
        select(Job.id).where(Job.kind == RECALCULATE, Job.state == QUEUED).limit(1))
    if waits is None and session.scalar(select(Customer.id).limit(1)) is not None:
        enqueue(session, actor, RECALCULATE, {}, title=N_("Work out how complete customers are"))


when_fields_change(CUSTOMERS, work_out_again)
