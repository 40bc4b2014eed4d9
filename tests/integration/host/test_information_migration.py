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
    move("head")
    with Session(engine) as session:
        session.add(Verification(customer_id=1, item="name", state="verified"))
        session.commit()
        assert session.scalar(select(Verification.item)) == "name"


def test_verifications_learn_from_the_log_in_which_contact_they_were_made(engine, move):
    move("core_0021")
    with engine.begin() as connection:
        tables = MetaData()
        tables.reflect(connection)
        connection.execute(tables.tables["ab_user"].insert(), [
            {"id": key, "first_name": "A", "last_name": "B", "username": f"u{key}",
             "email": f"u{key}@example.com"} for key in (7, 8)])
        connection.execute(tables.tables["customers_contact"].insert(), [
            {"customer_id": 1, "channel": "phone", "purpose": "service", "number_digest": "",
             "record_type": "", "by_id": by, "reached": reached, "id": key,
             "at": NOW + dt.timedelta(days=day)}
            for key, by, reached, day in ((1, 7, True, 0), (2, 7, False, 2), (3, 8, True, 3))])
        connection.execute(tables.tables["customers_verification"].insert(), [
            {"id": key, "customer_id": 1, "item": item, "state": state, "is_current": False,
             "at": NOW + dt.timedelta(days=day), "by_id": by, "note": "", "reason": ""}
            for key, item, state, by, day in (
                (1, "name", "verified", 7, -1), (2, "name", "verified", 7, 1),
                (3, "name", "verified", 7, 4), (4, "phone", "rejected", 7, 4),
                (5, "name", "verified", 8, 4))])
    move("core_0022")
    with engine.connect() as connection:
        rows = connection.execute(text(
            "SELECT id, contact_id FROM customers_verification ORDER BY id")).all()
    # Before any contact; in it; again after the same one; wrong, not verified; of another person.
    assert [tuple(row) for row in rows] == [(1, None), (2, 1), (3, None), (4, None), (5, 3)]
    move("core_0021", down=True)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM customers_verification")) == 5


def test_the_way_back_leaves_customers(engine, move):
    move("core_0014")
    move("core_0013", down=True)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT name FROM customers_customer")) == "Wang"
