"""Operations on customers and their vehicles."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.customers.models import Customer, Vehicle
from app.database import write
from app.records.mixin import is_present
from app.records.operations import Changes, operations_of
from app.records.record_operations import RecordOperations


class CustomerOperations(RecordOperations):
    """Operations on customers; the list of plates follows their vehicles."""

    step_columns = frozenset({"plates"})


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
                _refresh_plates(session, actor, customer_id)

    def delete(
        self, session: Session, actor: Actor, record: Any, version: int | None = None,
        *, reason: str = "",
    ) -> None:
        """Put a vehicle into the recycle bin; its plate finds nobody any more."""
        with write(session):
            super().delete(session, actor, record, version, reason=reason)
            if record.customer_id is not None:
                _refresh_plates(session, actor, record.customer_id)

    def restore(self, session: Session, actor: Actor, record: Any) -> None:
        """Take a vehicle out of the recycle bin; its plate finds the owner again."""
        with write(session):
            super().restore(session, actor, record)
            if record.customer_id is not None:
                _refresh_plates(session, actor, record.customer_id)


def _refresh_plates(session: Session, actor: Actor, customer_id: int) -> None:
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
