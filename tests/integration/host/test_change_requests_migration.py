"""A database from before a second person was needed comes over with its customers."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import MetaData, inspect, select, text
from sqlalchemy.orm import Session

from app.customers.changes.models import ChangeRequest, RequestedChange

pytestmark = pytest.mark.both_databases

NOW = dt.datetime(2026, 1, 5, 1, 0)
TABLES = {"customers_change_request", "customers_requested_change"}


@pytest.fixture
def engine(empty_engine, move):
    """The database of the version before, with a customer."""
    move("core_0014")
    tables = MetaData()
    with empty_engine.begin() as connection:
        tables.reflect(connection)
        connection.execute(tables.tables["customers_customer"].insert().values(
            id=1, version=1, created_at=NOW, updated_at=NOW, extra={}, number="KH-1", name="Wang",
            phone="", id_number="", email="", wechat="", qq="", address="", grade="A",
            preferred_contact="phone", remarks="", plates=""))
    return empty_engine


def test_a_change_of_a_customer_of_before_can_be_asked_for(engine, move):
    move("core_0015")
    with Session(engine) as session:
        request = ChangeRequest(number="BG-1", customer_id=1, change_set="c", fields="name",
                                extra={}, lines=[RequestedChange(name="name", after="Li")])
        session.add(request)
        session.commit()
        assert session.scalar(select(ChangeRequest.status)) == "incomplete"
        # The database itself takes the lines with the request.
        session.execute(text("DELETE FROM customers_change_request"))
        session.commit()
        assert session.scalars(select(RequestedChange)).all() == []


def test_the_way_back_leaves_the_customers(engine, move):
    move("core_0015")
    move("core_0014", down=True)
    assert not TABLES.intersection(inspect(engine).get_table_names())
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM customers_customer")) == 1
