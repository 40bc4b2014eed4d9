"""The product with its demo people and customers; applications as far as a test needs them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import db
from app.sdk.demo import set_settings
from app.sdk.models import Customer
from app.testing.plugin_fixtures import House
from plugins.loans import jobs
from plugins.loans.models import LoanApplication
from plugins.loans.tests import helpers
from tests.browser.complaints.conftest import database_of_site, site_app

__all__ = ["database_of_site", "site_app"]


@pytest.fixture
def loans_house(site_app: Flask) -> House:
    """The house behind the site: contacts at any time, the department that approves."""
    with site_app.app_context():
        house = House(site_app, db.session)
        helpers.allow_contacts(house)
        set_settings(db.session, "loans", {"approval_department_id": helpers.credit(house)})
        db.session.remove()
    return House(site_app, db.session)


@pytest.fixture
def customers(site_app: Flask) -> list[int]:
    """Return the keys of some customers with a phone."""
    with site_app.app_context():
        found = list(db.session.scalars(
            select(Customer.id).where(Customer.phone != "").order_by(Customer.id).limit(5)))
        db.session.remove()
    return found


@pytest.fixture
def make(loans_house: House) -> Callable[..., str]:
    """Return a function that brings an application somewhere and returns its address."""

    def made(stage: str, customer_id: int) -> str:
        with loans_house.app.app_context():
            one = getattr(helpers, stage)(loans_house, customer_id=customer_id)
            address = f"/loan-applications/show/{one.id}"
            db.session.remove()
        return address

    return made


@pytest.fixture
def application_now(loans_house: House) -> Callable[[str], LoanApplication]:
    """Return a function that reads the application of an address as it stands."""

    def read(address: str) -> LoanApplication:
        with loans_house.app.app_context():
            one = db.session.get(LoanApplication, int(address.rsplit("/", 1)[1]))
            db.session.expunge(one)
            db.session.remove()
        return one

    return read


@pytest.fixture
def days_pass(loans_house: House) -> Callable[[int], None]:
    """Return a function that lets the daily job run as if so many days were over."""

    def run(days: int) -> None:
        with loans_house.app.app_context():
            jobs.remind(db.session, jobs.local_day(dt.datetime.now(dt.UTC))
                        + dt.timedelta(days=days))
            db.session.remove()

    return run
