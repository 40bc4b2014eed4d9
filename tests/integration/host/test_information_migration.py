"""A database from before verification comes over with its customers, and goes back with them."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import MetaData, select, text
from sqlalchemy.orm import Session

from app.customers.models import Customer
from app.customers.verification_models import Verification

pytestmark = pytest.mark.both_databases

NOW = dt.datetime(2026, 1, 5, 1, 0)


@pytest.fixture
def engine(empty_engine, move):
    """The database of the version before, with a customer."""
    move("core_0013")
    with empty_engine.begin() as connection:
        tables = MetaData()
        tables.reflect(connection)
        connection.execute(tables.tables["customers_customer"].insert().values(
            id=1, version=1, created_at=NOW, updated_at=NOW, extra={}, number="KH-1", name="Wang",
            phone="", id_number="", email="", wechat="", qq="", address="Road 1", grade="A",
            preferred_contact="phone", remarks="", plates=""))
    return empty_engine


def test_customers_stay_and_can_be_verified(engine, move):
    move("core_0014")
    with Session(engine) as session:
        customer = session.execute(select(
            Customer.id, Customer.completeness, Customer.information_state,
            Customer.review_due_on, Customer.reviewed_at)).one()
        assert (customer.review_due_on, customer.reviewed_at) == (dt.date(2027, 1, 5), None)
        assert (customer.completeness, customer.information_state) == (20, "missing")
        session.add(Verification(customer_id=customer.id, item="name", state="verified"))
        session.commit()
        assert session.scalar(select(Verification.item)) == "name"


def test_the_way_back_leaves_customers(engine, move):
    move("core_0014")
    move("core_0013", down=True)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT name FROM customers_customer")) == "Wang"
