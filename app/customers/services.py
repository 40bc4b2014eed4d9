"""What can be done with customers beyond what every record can."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.scope import scope_filter
from app.customers.models import Customer, Vehicle
from app.database import write
from app.records.search import index as search_index
from app.records.services import create, update


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
    visible = (Customer.deleted_at.is_(None), scope_filter(actor, Customer))
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
    """Return the customer with this phone number, the newest one when several have it."""
    if not phone.strip():
        return None
    return session.scalar(
        select(Customer)
        .where(Customer.phone == phone, Customer.deleted_at.is_(None),
               scope_filter(actor, Customer))
        .order_by(Customer.id.desc())
        .limit(1)
    )


def save_vehicle(session: Session, actor: Actor, values: dict, vehicle: Vehicle | None = None,
                 expected_version: int | None = None) -> Vehicle:
    """Create or change a vehicle and keep the owner's list of plates.

    Args:
        session: session without unsaved changes, or within a write.
        actor: who acts.
        values: columns to set.
        vehicle: the vehicle to change; a new one by default.
        expected_version: version seen by the caller.

    Raises:
        StaleRecord: someone changed the vehicle meanwhile.
    """
    with write(session):
        former = vehicle.customer_id if vehicle is not None else None
        if vehicle is None:
            vehicle = create(session, actor, Vehicle, values)
        else:
            update(session, actor, vehicle, values, expected_version)
        for customer_id in {former, vehicle.customer_id} - {None}:
            _refresh_plates(session, actor, customer_id)
    return vehicle


def _refresh_plates(session: Session, actor: Actor, customer_id: int) -> None:
    customer = session.get(Customer, customer_id)
    plates = session.scalars(
        select(Vehicle.plate)
        .where(Vehicle.customer_id == customer_id, Vehicle.plate != "",
               Vehicle.deleted_at.is_(None))
        .order_by(Vehicle.id)
    )
    update(session, actor, customer, {"plates": " ".join(plates)[:200]})
