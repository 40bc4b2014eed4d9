"""Customers for plugins: contact and its rules, what the service tier means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.access.actor import Actor
from app.customers.contact_governor import Verdict
from app.customers.contact_models import PURPOSES, Consent, Contact, DoNotContact
from app.customers.contacts import may_contact, may_contact_at, may_contact_many, note_contact
from app.customers.items import IN_ORDER as INFORMATION_IN_ORDER
from app.customers.models import CONTACT_WAYS, Customer, ServiceTier
from app.customers.tiers import keeps_own_agent, shares_of_time, tier_priority
from app.customers.unfinished import unfinished_work
from app.host.collaboration import RecordChip
from app.i18n import N_
from app.screens.columns.columns import localised_label
from app.screens.contracts import Chip


def tier_chip(record_type: str) -> RecordChip:
    """Return a mark of the customer's service tier for records that have a ``customer_id``.

    Args:
        record_type: on whose pages it is shown.
    """
    return RecordChip(record_type=record_type, view="core.Customer", permission="can_show",
                      values=_tier_of, show=_tier_shown, order=10)


def _tier_of(_actor: Actor, record: Any) -> Mapping[str, Any]:
    def of_customer(column: Any) -> Any:
        return (
            select(column).join(Customer, Customer.tier_id == ServiceTier.id)
            .where(Customer.id == record.customer_id).scalar_subquery()
        )

    return {"name": of_customer(localised_label(ServiceTier)),
            "colour": of_customer(ServiceTier.colour)}


def _tier_shown(_record: Any, values: Mapping[str, Any]) -> Chip | None:
    if not values["name"]:
        return None
    return Chip(label=values["name"], tone=values["colour"] or "still", icon="crown",
                title=N_("Service tier"))


__all__ = [
    "CONTACT_WAYS",
    "INFORMATION_IN_ORDER",
    "PURPOSES",
    "Consent",
    "Contact",
    "DoNotContact",
    "Verdict",
    "keeps_own_agent",
    "may_contact",
    "may_contact_at",
    "may_contact_many",
    "note_contact",
    "shares_of_time",
    "tier_chip",
    "tier_priority",
    "unfinished_work",
]
