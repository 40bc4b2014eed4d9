"""Short ways to enquiries and what they become, for tests."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.sdk.demo import set_settings
from app.sdk.models import Customer, Department
from app.sdk.services import SYSTEM, act, create
from app.testing.plugin_fixtures import House
from plugins.enquiries.enquiries.operations import enquiry_operations
from plugins.enquiries.models import Enquiry


def customer(house: House, **values: Any) -> Customer:
    """Return a customer."""
    return create(house.session, SYSTEM, Customer,
                  {"name": "王小明", "phone": "13812345678", **values})


def taken(house: House, username: str = "agent", **values: Any) -> Enquiry:
    """Return an enquiry as a person takes it, without what its kind makes of it."""
    return create(house.session, house.actor(username), Enquiry,
                  {"question": "提前还款要付违约金吗？", "phone": "13900000001", **values})


def desk(house: House, username: str = "agent", **values: Any) -> Enquiry:
    """Return an enquiry as it leaves the desk: what its kind says has been made of it."""
    enquiry = taken(house, username, **values)
    enquiry_operations().pass_on(house.session, house.actor(username), enquiry)
    return enquiry


def step(house: House, record: Any, username: str, name: str, **values: Any) -> Any:
    """Take one transition as a demo person."""
    act(house.session, house.actor(username), record, name, values, record.version)
    return record


def department(house: House, code: str) -> int:
    """Return the id of a department."""
    return house.session.scalars(select(Department.id).where(Department.code == code)).one()


def set_up(house: House, **values: Any) -> None:
    """Change settings of the plugin, as an administrator does."""
    set_settings(house.session, "enquiries", values)
