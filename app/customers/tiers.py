"""What the service tier of a customer means for work about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.services import invalidate_rights
from app.access.versioned_cache import cached_until_change
from app.customers.models import Customer, ServiceTier
from app.deadlines.less_time import MOST_PERCENT, when_clocks_begin
from app.i18n import N_, Message
from app.records.dictionaries import STEP
from app.records.operations import Changes, Operations
from app.records.search.pinyin import name_for


def tier_priority(customer_id: Any) -> ColumnElement[int]:
    """Return the SQL of the priority that a customer's tier gives; 0 without one.

    Args:
        customer_id: SQL of the key of the customer, a column of the outer statement.
    """
    found = (
        select(ServiceTier.priority)
        .join(Customer, Customer.tier_id == ServiceTier.id)
        .where(Customer.id == customer_id).correlate_except(ServiceTier, Customer)
        .scalar_subquery()
    )
    return func.coalesce(found, 0)


def keeps_own_agent() -> ColumnElement[bool]:
    """Return the condition that a customer's work goes to the own agent, unless the tier denies."""
    return Customer.tier_id.is_(None) | Customer.tier_id.in_(
        select(ServiceTier.id).where(ServiceTier.own_agent))


def shares_of_time(session: Session) -> Mapping[int | None, float]:
    """Return which share of the usual time each tier leaves, by key; tiers of all of it lack."""
    rows = session.execute(
        select(ServiceTier.id, ServiceTier.tighter_percent)
        .where(ServiceTier.tighter_percent > 0))
    return {key: (100 - percent) / 100 for key, percent in rows}


def less_time_for(session: Session, record: Any) -> int:
    """Return by how many percent the deadlines of a record are shorter: by its customer's tier.

    Args:
        session: any session.
        record: a record of any kind; one that is about no customer has the whole time.
    """
    customer_id = getattr(record, "customer_id", None)
    shares = cached_until_change(
        session, "customers.less_time", lambda: dict(session.execute(
            select(ServiceTier.id, ServiceTier.tighter_percent)
            .where(ServiceTier.tighter_percent > 0)).all()))
    if customer_id is None or not shares:
        return 0
    tier_id = session.scalar(select(Customer.tier_id).where(Customer.id == customer_id))
    return shares.get(tier_id, 0) if tier_id is not None else 0


when_clocks_begin(less_time_for)


class ServiceTierOperations(Operations):
    """Operations on service tiers; a tier that is not used any more is retired."""

    def prepare(
        self, session: Session, actor: Actor, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Give a new tier its code, from the name, and the last place."""
        given = dict(values)
        given["code"] = given.get("code") or name_for(str(given.get("name") or ""))
        last = session.scalar(select(func.max(ServiceTier.position))) or 0
        given.setdefault("position", last + STEP)
        return given

    def validate(
        self, session: Session, actor: Actor, record: ServiceTier | None,
        values: Mapping[str, Any],
    ) -> dict[str, Message]:
        """Refuse a tier without a name, and one that leaves no time."""
        problems = {}
        if not str(values.get("name", getattr(record, "name", "")) or "").strip():
            problems["name"] = Message(N_("This field is required."))
        percent = values.get("tighter_percent")
        if percent is not None and not 0 <= percent <= MOST_PERCENT:
            problems["tighter_percent"] = Message(
                N_("Between 0 and %(most)s percent."), {"most": MOST_PERCENT})
        return problems

    def refuse_delete(self, session: Session, actor: Actor, record: Any) -> Message | None:
        """Customers may have it."""
        return Message(N_("A tier is not deleted: take it out of use."))

    def follow(
        self, session: Session, actor: Actor, record: ServiceTier, changes: Changes
    ) -> None:
        """Let its badge be drawn anew."""
        super().follow(session, actor, record, changes)
        invalidate_rights(session)
