"""A database from before events that were given up had an index comes over with its events."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import MetaData, inspect, select

from app.jobs.models import OutboxRow

pytestmark = pytest.mark.both_databases

NOW = dt.datetime(2026, 1, 5, 1, 0)
NAME = "ix_jobs_outbox_given_up"


def indexes(connection) -> dict[str, list[str]]:
    return {one["name"]: one["column_names"]
            for one in inspect(connection).get_indexes("jobs_outbox")}


def test_events_stay_on_the_way_there_and_back(empty_engine, move):
    move("core_0026")
    tables = MetaData()
    with empty_engine.begin() as connection:
        tables.reflect(connection)
        connection.execute(tables.tables["jobs_outbox"].insert(), [
            {"event_id": name, "event": "on_x", "payload": {}, "subscriber": "s",
             "created_at": NOW, "attempts": 0, "next_try_at": next_try_at, "done_at": done_at}
            for name, next_try_at, done_at in (
                ("waits", NOW, None), ("given_up", None, None), ("done", None, NOW))])
    move("core_0027")
    with empty_engine.connect() as connection:
        names = indexes(connection)
        found = connection.scalars(select(OutboxRow.event_id).order_by(OutboxRow.id)).all()
    assert names[NAME] == ["id"] and names["ix_jobs_outbox_done_at"] == ["done_at"]
    assert found == ["waits", "given_up", "done"]
    move("core_0026", down=True)
    with empty_engine.connect() as connection:
        assert NAME not in indexes(connection)
        assert indexes(connection)["ix_jobs_outbox_done_at"] == ["done_at"]
        assert len(connection.scalars(select(OutboxRow.event_id)).all()) == 3
