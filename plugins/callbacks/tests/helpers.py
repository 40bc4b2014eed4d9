"""Short ways to callbacks for tests."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.sdk.models import Customer
from app.sdk.services import SYSTEM, act, create
from app.testing.plugin_fixtures import House
from plugins.callbacks.models import CallbackPurpose, Outcome, Task

COMPLETE = {"identity_checked": True, "satisfaction": "satisfied", "summary": "客户对交车满意",
            "minutes": 3}


def customer(house: House, **values: Any) -> Customer:
    """Return a customer."""
    return create(house.session, SYSTEM, Customer,
                  {"name": "王小明", "phone": "13812345678", **values})


def outcome(house: House, code: str) -> int:
    """Return the key of an outcome."""
    return house.session.scalars(select(Outcome.id).where(Outcome.code == code)).one()


def planned(house: House, username: str = "agent", **values: Any) -> Task:
    """Return a callback of a person."""
    actor = house.actor(username)
    purpose = house.session.scalars(select(CallbackPurpose.id).where(CallbackPurpose.code == "delivery")).one()
    values.setdefault("owner_id", actor.user_id)
    if "customer_id" not in values:
        values["customer_id"] = customer(house).id
    return create(house.session, actor, Task, {"purpose_id": purpose, **values})


def started(house: House, username: str = "agent", **values: Any) -> Task:
    """Return a callback that somebody is making."""
    task = planned(house, username, **values)
    act(house.session, house.actor(username), task, "start")
    return task


def contact(house: House, task: Task, code: str, username: str = "agent", **values: Any) -> Any:
    """Record a contact with an outcome."""
    return act(house.session, house.actor(username), task, "record_contact",
               {"outcome_id": outcome(house, code), **values}, task.version)
