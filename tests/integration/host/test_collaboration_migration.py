"""Waiting events and merged complaints of the version before keep what they mean."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import MetaData, inspect, text

from app.database import utcnow
from app.host.manifest import read_manifest
from config import ROOT
from plugins.complaints.models import Complaint

pytestmark = pytest.mark.both_databases


NOW = utcnow().replace(tzinfo=None)


def test_events_that_wait_keep_their_order_from_now_on(empty_engine, move):
    move("core_0004")
    about = {"record_type": "complaints.complaint", "record_id": 7}
    rows = [("a", about, NOW), ("b", {"file": "x.csv"}, NOW), ("c", about, None)]
    with empty_engine.begin() as connection:
        for event_id, payload, next_try_at in rows:
            connection.execute(text(
                "INSERT INTO jobs_outbox (event_id, event, payload, subscriber, created_at,"
                " attempts, next_try_at) VALUES (:id, 'on_transition', :payload, 'core', :now, 0,"
                " :next)"
            ), {"id": event_id, "payload": json.dumps(payload), "now": NOW, "next": next_try_at})
    move("head")
    with empty_engine.connect() as connection:
        found = connection.execute(text(
            "SELECT event_id, record_key FROM jobs_outbox ORDER BY event_id")).all()
    assert found == [("a", "complaints.complaint:7"), ("b", None), ("c", None)]


def test_complaints_that_were_merged_are_linked(empty_engine, move):
    assert Complaint.__tablename__
    plugin = read_manifest(ROOT / "plugins" / "complaints", "plugins.complaints")
    move("head")
    move("complaints_0002", plugin)
    tables = MetaData()
    tables.reflect(empty_engine)
    table = tables.tables["complaints_complaint"]
    empty = {
        column["name"]: "" for column in inspect(empty_engine).get_columns(table.name)
        if not column["nullable"] and str(column["type"]).startswith(("VARCHAR", "TEXT"))
    }
    base = {**empty, "version": 1, "created_at": NOW, "updated_at": NOW, "extra": {},
            "received_at": NOW, "is_major": False, "round": 1, "is_open": True,
            "merged_into_id": None}
    with empty_engine.begin() as connection:
        connection.execute(table.insert(), [
            {**base, "id": 1, "number": "TS-2026-000001"},
            {**base, "id": 2, "number": "TS-2026-000002", "merged_into_id": 1},
            {**base, "id": 3, "number": "TS-2026-000003", "merged_into_id": 1},
        ])
        # Somebody has linked one of them already.
        connection.execute(tables.tables["records_link"].insert(), {
            "a_type": "complaints.complaint", "a_id": 2, "b_type": "complaints.complaint",
            "b_id": 1, "kind": "complaints.merged", "at": NOW})
    move("head", plugin)
    with empty_engine.connect() as connection:
        found = connection.execute(text(
            "SELECT a_id, b_id, kind FROM records_link ORDER BY a_id")).all()
    assert found == [(2, 1, "complaints.merged"), (3, 1, "complaints.merged")]
