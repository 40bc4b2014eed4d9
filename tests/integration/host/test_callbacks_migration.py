"""Callbacks of an earlier version learn from the log of contacts when they were first contacted."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import MetaData, text

from app.host.manifest import read_manifest
from config import ROOT

pytestmark = pytest.mark.both_databases

NOW = dt.datetime(2026, 1, 5, 1, 0)
HOURS = (30, 80)


def test_days_to_the_first_contact_are_counted(empty_engine, move):
    plugin = read_manifest(ROOT / "plugins" / "callbacks", "plugins.callbacks")
    move("head")
    move("callbacks_0004", plugin)
    with empty_engine.begin() as connection:
        tables = MetaData()
        tables.reflect(connection)
        _fill(connection, tables)
    move("callbacks_0005", plugin)
    with empty_engine.connect() as connection:
        rows = connection.execute(text(
            "SELECT id, days_to_first FROM callbacks_task ORDER BY id")).all()
    assert [tuple(row) for row in rows] == [(1, 1), (2, 3), (3, None), (4, 0)]
    move("callbacks_0004", plugin, down=True)
    with empty_engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM callbacks_task")) == 4


def test_whether_the_last_contact_reached_the_customer_follows_from_its_outcome(
        empty_engine, move):
    plugin = read_manifest(ROOT / "plugins" / "callbacks", "plugins.callbacks")
    move("head")
    move("callbacks_0006", plugin)
    with empty_engine.begin() as connection:
        tables = MetaData()
        tables.reflect(connection)
        _fill(connection, tables)
        _add_outcomes(connection, tables)
        for key, outcome in ((1, 1), (2, 2), (3, None), (4, 3)):
            connection.execute(text(
                "UPDATE callbacks_task SET outcome_id = :outcome WHERE id = :key"),
                {"outcome": outcome, "key": key})
    move("callbacks_0007", plugin)
    with empty_engine.connect() as connection:
        rows = connection.execute(text(
            "SELECT id, was_reached FROM callbacks_task ORDER BY id")).all()
    # The third outcome's rule lies in the recycle bin.
    assert [(key, bool(reached)) for key, reached in rows] == [
        (1, True), (2, False), (3, False), (4, False)]
    move("callbacks_0006", plugin, down=True)


def _add_outcomes(connection, tables) -> None:
    """Add outcomes: one that reaches the customer, one that does not, one whose rule is gone."""
    record = {"version": 1, "created_at": NOW, "updated_at": NOW, "extra": {}}
    outcome, rule = tables.tables["callbacks_outcome"], tables.tables["callbacks_outcome_rule"]
    for key, reached, deleted in ((1, True, None), (2, False, None), (3, True, NOW)):
        connection.execute(outcome.insert().values(
            id=key, **{**_texts(outcome), **_flags(outcome), "code": str(key), "name": str(key),
                          "position": key}))
        connection.execute(rule.insert().values(
            id=key, **record, number=f"HG-{key}", outcome_id=key, delay_minutes=1, most_tries=3,
            deleted_at=deleted, **{**_flags(rule), "reached": reached}, **_texts(rule)))


def _flags(table) -> dict[str, bool]:
    return {column.name: False for column in table.columns if not column.nullable
            and str(column.type) == "BOOLEAN"}


def _fill(connection, tables) -> None:
    """Add callbacks: tried twice, tried without a log, not tried, and tried before it was due."""
    record = {"version": 1, "created_at": NOW, "updated_at": NOW, "extra": {}}
    connection.execute(tables.tables["customers_customer"].insert().values(
        id=1, **record, number="KH-1", **_texts(tables.tables["customers_customer"])))
    task = tables.tables["callbacks_task"]
    first, last = (NOW + dt.timedelta(hours=hours) for hours in HOURS)
    for key, due, tried in ((1, NOW, last), (2, None, last), (3, NOW, None), (4, last, first)):
        connection.execute(task.insert().values(
            id=key, **record, number=f"HF-{key}", customer_id=1, due_from=due,
            last_tried_at=tried, tries=1, is_open=True, identity_checked=False, inbound=False,
            answers={}, assigned_because={}, **_texts(task)))
    contact = tables.tables["customers_contact"]
    connection.execute(contact.insert(), [
        {"id": number, "customer_id": 1, "at": at, "reached": True,
         "record_type": "callbacks.task", "record_id": key, **_texts(contact)}
        for number, (key, at) in enumerate(((1, last), (1, first), (4, first)), start=1)])


def _texts(table) -> dict[str, str]:
    filled = ("number", "record_type")
    return {column.name: "" for column in table.columns if not column.nullable
            and column.name not in filled and str(column.type).startswith(("VARCHAR", "TEXT"))}
