"""A database from before kept figures comes over; what was there is counted at the deployment."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import MetaData, inspect, select, text
from sqlalchemy.orm import Session

from app.metrics.models import MetricChange, MetricState, MetricSum

pytestmark = pytest.mark.both_databases

NOW = dt.datetime(2026, 1, 5, 1, 0)


@pytest.fixture
def engine(empty_engine, move):
    """The database of the version before, with a customer."""
    move("core_0010")
    with empty_engine.begin() as connection:
        tables = MetaData()
        tables.reflect(connection)
        connection.execute(tables.tables["customers_customer"].insert().values(
            id=1, version=1, created_at=NOW, updated_at=NOW, extra={}, number="KH-1", name="Wang",
            phone="", id_number="", email="", wechat="", qq="", address="", grade="A",
            preferred_contact="phone", remarks="", plates="", contact_hours="", timezone=""))
    return empty_engine


def test_nothing_counts_as_counted_and_records_stay(engine, move):
    move("core_0011")
    with Session(engine) as session:
        for model in (MetricState, MetricSum, MetricChange):
            assert session.scalars(select(model)).all() == []
        assert session.scalar(text("SELECT count(*) FROM customers_customer")) == 1


def test_the_way_back_leaves_records(engine, move):
    move("core_0011")
    move("core_0010", down=True)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM customers_customer")) == 1
        assert not inspect(connection).has_table("metrics_sum")
