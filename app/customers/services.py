"""What can be done with customers beyond what every record can."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.scope import scope_filter
from app.customers.models import Customer, Vehicle
from app.records.mixin import is_present
from app.records.search import index as search_index


def find_customers(
    session: Session, actor: Actor, text: str, limit: int = 10
) -> list[Customer]:
    """Find customers while someone types: name, pinyin initials, phone, plate, ID number.

    Args:
        session: any session.
        actor: who looks.
        text: what has been typed so far.
        limit: most rows returned.
    """
    text = text.strip()
    if not text:
        return []
    exact = or_(
        Customer.phone == text, Customer.id_number == text,
        Customer.id.in_(select(Vehicle.customer_id).where(Vehicle.plate == text.upper())),
    )
    visible = (is_present(Customer), scope_filter(actor, Customer))
    found = list(session.scalars(select(Customer).where(exact, *visible).limit(limit)))
    if len(found) < limit:
        seen = {customer.id for customer in found}
        more = session.scalars(
            select(Customer)
            .where(search_index.search_filter(session, Customer, text), *visible)
            .order_by(Customer.id.desc())
            .limit(limit)
        )
        found += [customer for customer in more if customer.id not in seen]
    return found[:limit]


def find_by_phone(session: Session, actor: Actor, phone: str) -> Customer | None:
    """Return the customer with this phone number, the newest one when several have it.

    Args:
        session: any session.
        actor: who asks.
        phone: the number as it was typed.
    """
    if not phone.strip():
        return None
    return session.scalar(
        select(Customer)
        .where(Customer.phone == phone, is_present(Customer),
               scope_filter(actor, Customer))
        .order_by(Customer.id.desc())
        .limit(1)
    )
