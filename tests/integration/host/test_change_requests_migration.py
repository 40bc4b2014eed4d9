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
    move("head")
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


def _request_of_before(engine, keys):
    """Enter open requests with a line each in a database of the version before long values."""
    tables = MetaData()
    with engine.begin() as connection:
        tables.reflect(connection)
        for key in keys:
            connection.execute(tables.tables["customers_change_request"].insert().values(
                id=key, version=1, created_at=NOW, updated_at=NOW, extra={}, number=f"BG-{key}",
                customer_id=1, change_set="c", fields="name", status="open", reason="",
                document_kind="", document_number="", answer=""))
            connection.execute(tables.tables["customers_requested_change"].insert().values(
                request_id=key, name="name", before="", after=""))


def test_requests_of_before_hold_no_long_values(engine, move):
    move("core_0024")
    _request_of_before(engine, [1])
    move("head")
    with Session(engine) as session:
        [line] = session.scalars(select(RequestedChange))
        assert (line.name, line.long_values) == ("name", None)
        line.long_values = {"before": None, "after": ["stocks"]}
        session.commit()
        session.expire_all()
        assert line.long_values["after"] == ["stocks"]


def test_what_cannot_be_decided_without_long_values_is_withdrawn_on_the_way_back(engine, move):
    move("core_0024")
    _request_of_before(engine, [1, 2])
    move("head")
    with Session(engine) as session:
        line = session.scalars(select(RequestedChange).order_by(RequestedChange.id)).first()
        line.long_values = {"before": "a", "after": "b"}
        session.commit()
    move("core_0024", down=True)
    with engine.connect() as connection:
        assert connection.execute(text(
            "SELECT id, status FROM customers_change_request ORDER BY id")).all() == [
                (1, "withdrawn"), (2, "open")]
