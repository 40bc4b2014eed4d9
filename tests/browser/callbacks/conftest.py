"""The product with its demo people and customers, and callbacks to be made."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.services import actor_for
from app.customers.contacts import SETTINGS
from app.customers.models import Customer
from app.database import db
from app.people.services import user_ids_by_name
from app.records.services import create
from app.settings.services import save_settings, saved_settings
from plugins.callbacks.models import CallbackPurpose, Script, Task
from tests.browser.complaints.conftest import database_of_site, site_app

__all__ = ["database_of_site", "site_app"]


@dataclasses.dataclass(frozen=True, slots=True)
class Planned:
    """A callback as a test needs it.

    Attributes:
        id: key of the callback.
        number: number of the callback.
        phone: whole number of the customer.
    """

    id: int
    number: str
    phone: str


@pytest.fixture
def plan(site_app: Flask) -> Callable[..., list[Planned]]:
    """Return a function that plans callbacks of a person at any time of the day."""

    def planned(
        username: str, number: int, language: str = "zh", code: str = "delivery"
    ) -> list[Planned]:
        with site_app.app_context():
            held, version = saved_settings(db.session, SETTINGS)
            actor = actor_for(db.session, user_ids_by_name(db.session)[username])
            save_settings(db.session, actor, SETTINGS, {
                **held, "quiet_from": 0, "quiet_until": 0, "on_holidays": True,
                "interval_minutes": 0, "most_unanswered": 50}, version)
            customers = db.session.scalars(select(Customer).order_by(Customer.id).limit(number))
            script = db.session.scalars(select(Script.id).where(
                Script.code == code, Script.language == language)).one()
            purpose = db.session.scalars(
                select(CallbackPurpose.id).where(CallbackPurpose.code == code)).one()
            made = [create(db.session, actor, Task, {
                "customer_id": one.id, "purpose_id": purpose, "script_id": script,
                "owner_id": actor.user_id}) for one in customers.all()]
            found = [Planned(one.id, one.number, one.contact.reveal()) for one in made]
            db.session.remove()
        return found

    return planned


@pytest.fixture
def task_now(site_app: Flask) -> Callable[[int], Task]:
    """Return a function that reads a callback as it stands in the database."""

    def read(key: int) -> Task:
        with site_app.app_context():
            task = db.session.get(Task, key)
            db.session.expunge(task)
            db.session.remove()
        return task

    return read
