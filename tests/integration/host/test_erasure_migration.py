"""A database from before customers could be erased comes over with its customers."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import MetaData, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.customers.models import Customer
from app.customers.privacy.models import ErasureRequest, LegalHold

pytestmark = pytest.mark.both_databases

NOW = dt.datetime(2026, 1, 5, 1, 0)


@pytest.fixture
def engine(empty_engine, move):
    """The database of the version before, with a customer."""
    move("core_0025")
    tables = MetaData()
    with empty_engine.begin() as connection:
        tables.reflect(connection)
        connection.execute(tables.tables["customers_customer"].insert().values(
            id=1, version=1, created_at=NOW, updated_at=NOW, extra={}, number="KH-1", name="Wang",
            phone="", id_number="", email="", wechat="", qq="", address="", grade="A",
            preferred_contact="phone", remarks="", plates="", completeness=0,
            information_state="missing"))
    return empty_engine


def test_customers_of_before_are_neither_erased_nor_held(engine, move):
    move("head")
    with Session(engine) as session:
        customer = session.scalars(select(Customer)).one()
        assert (customer.name, customer.erased_at, customer.on_hold, customer.erasure_due_on) == (
            "Wang", None, False, None)


@pytest.mark.parametrize("made", [
    lambda _number: LegalHold(customer_id=1, reason="x"),
    lambda number: ErasureRequest(customer_id=1, number=number, extra={}),
])
def test_a_customer_is_held_and_asked_for_once_at_a_time(engine, move, made):
    move("head")
    with Session(engine) as session:
        session.add(made("SC-1"))
        session.commit()
        session.add(made("SC-2"))
        with pytest.raises(IntegrityError):
            session.commit()


def test_the_way_back_leaves_the_customers(engine, move):
    move("head")
    move("core_0025", down=True)
    assert not {"customers_legal_hold", "customers_erasure_request"}.intersection(
        inspect(engine).get_table_names())
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT name FROM customers_customer")) == "Wang"
