"""Customers whose information is verified: an event after which they may be contacted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.collaboration.events import emit
from app.customers.items import IN_ORDER
from app.customers.models import Customer
from app.customers.operations import CustomerOperations
from app.records.actions import Done
from app.sdk import N_, Event

VERIFIED_EVENT = Event(
    name="customers.verified", title=N_("The information of a customer is verified"),
    is_occasion=True)


class VerifiedCustomerOperations(CustomerOperations):
    """Operations on customers that tell plugins when the last item asked for is verified."""

    def carry_out(
        self, session: Session, actor: Actor, record: Customer, name: str,
        values: Mapping[str, Any],
    ) -> Done:
        """Do an action; by verifying, the information may come to be in order."""
        before = record.information_state
        done = super().carry_out(session, actor, record, name, values)
        if before != IN_ORDER == record.information_state:
            emit(session, VERIFIED_EVENT.name, record, by=actor)
        return done
