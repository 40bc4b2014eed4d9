"""A database from before kept figures comes over; what was there is counted at the deployment."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import MetaData, inspect, select, text
from sqlalchemy.orm import Session

from app.host.manifest import read_manifest
from app.metrics.models import MetricChange, MetricState, MetricSum
from config import ROOT

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


def _clock(record_id: int, key: str, run: int, kept: bool | None) -> dict:
    return {"record_type": "complaints.complaint", "record_id": record_id, "key": key, "run": run,
            "kind": "internal", "policy_id": 1, "calendar_id": 1, "started_at": NOW,
            "stopped_at": NOW, "kept": kept, "extended": 0, "pauses": [], "due_at": NOW,
            "passed": 0, "schedule": []}


def test_complaints_learn_from_their_clocks_whether_deadlines_were_kept(empty_engine, move):
    plugin = read_manifest(ROOT / "plugins" / "complaints", "plugins.complaints")
    move("head")
    move("complaints_0004", plugin)
    with empty_engine.begin() as connection:
        tables = MetaData()
        tables.reflect(connection)
        complaints = tables.tables["complaints_complaint"]
        texts = {column.name: "" for column in complaints.columns
                 if not column.nullable and str(column.type).startswith(("VARCHAR", "TEXT"))}
        connection.execute(complaints.insert(), [
            {**texts, "id": key, "version": 1, "created_at": NOW, "updated_at": NOW, "extra": {},
             "number": f"TS-{key}", "received_at": NOW, "is_major": False, "round": 1,
             "is_open": True} for key in (1, 2, 3)])
        connection.execute(tables.tables["deadlines_calendar"].insert().values(
            id=1, name="c", stamp="x", is_default=True, content={}))
        connection.execute(tables.tables["deadlines_policy"].insert().values(
            id=1, record_type="complaints.complaint", name="p", version=1, in_force=True,
            shipped=True, content={}, content_hash="", published_at=NOW))
        connection.execute(tables.tables["deadlines_clock"].insert(), [
            _clock(1, "first_response", 1, True), _clock(1, "resolution", 1, True),
            _clock(2, "resolution", 1, True), _clock(2, "resolution", 2, False),
            _clock(3, "resolution", 1, None)])
    move("complaints_0005", plugin)
    with empty_engine.connect() as connection:
        rows = connection.execute(text(
            "SELECT id, first_response_result, resolution_result FROM complaints_complaint "
            "ORDER BY id")).all()
    assert [tuple(row) for row in rows] == [(1, "kept", "kept"), (2, "", "missed"), (3, "", "")]
    move("complaints_0008", plugin)
    with empty_engine.connect() as connection:
        rows = connection.execute(text(
            "SELECT id, first_response_at IS NOT NULL FROM complaints_complaint ORDER BY id")).all()
    assert [(key, bool(known)) for key, known in rows] == [(1, True), (2, False), (3, False)]
    move("complaints_0004", plugin, down=True)
    with empty_engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM complaints_complaint")) == 3
