"""Callbacks of an earlier version learn from the log of contacts when they were first contacted."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import MetaData, inspect, text

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


def test_rules_go_by_the_event_of_complaints(empty_engine, move):
    plugin = read_manifest(ROOT / "plugins" / "callbacks", "plugins.callbacks")
    move("head")
    move("callbacks_0007", plugin)
    with empty_engine.begin() as connection:
        tables = MetaData()
        tables.reflect(connection)
        _fill(connection, tables)
        _add_rules(connection, tables)
    move("callbacks_0008", plugin)
    with empty_engine.connect() as connection:
        names = connection.execute(text(
            "SELECT name, name_zh, language FROM callbacks_rule ORDER BY id")).all()
    assert [tuple(row) for row in names] == [
        ("After a complaint is finished", "投诉办结后回访", "zh"), ("我们的规则", "", "zh")]
    assert _triggers(empty_engine) == [
        (1, "complaints.finished"), (2, "registered"), (9, "complaints.finished")]
    with empty_engine.connect() as connection:
        indexes = {one["name"] for one in inspect(connection).get_indexes("callbacks_task")}
    assert "ix_callbacks_task_last_tried_at" in indexes
    move("callbacks_0007", plugin, down=True)
    assert _triggers(empty_engine) == [
        (1, "complaint_finished"), (2, "registered"), (9, "complaint_finished")]


def _triggers(engine) -> list[tuple[int, str]]:
    with engine.connect() as connection:
        return [tuple(row) for name in ("rule", "foreign_event") for row in connection.execute(
            text(f"SELECT id, trigger FROM callbacks_{name} ORDER BY id"))]


def _add_rules(connection, tables) -> None:
    """Add a rule of complaints, one of registrations, and a complaint that was told of."""
    record = {"version": 1, "created_at": NOW, "updated_at": NOW, "extra": {}}
    rule, event = tables.tables["callbacks_rule"], tables.tables["callbacks_foreign_event"]
    for key, trigger, code, name in ((1, "complaint_finished", "complaint", "投诉办结后回访"),
                                     (2, "registered", "registered", "我们的规则")):
        connection.execute(rule.insert().values(
            id=key, **record, number=f"HZ-{key}", days=1, window_days=1, rehearsal={},
            **{**_texts(rule), **_flags(rule), "trigger": trigger, "code": code,
               "name": name}))
    connection.execute(event.insert().values(
        id=9, customer_id=1, at=NOW, **{
            **_texts(event), "trigger": "complaint_finished", "subject": "complaint:1"}))


def test_open_callbacks_get_the_index_of_their_list(empty_engine, move):
    plugin = read_manifest(ROOT / "plugins" / "callbacks", "plugins.callbacks")
    move("head")
    move("callbacks_0008", plugin)
    with empty_engine.begin() as connection:
        tables = MetaData()
        tables.reflect(connection)
        _fill(connection, tables)

    before = _indexes(empty_engine)
    move("callbacks_0009", plugin)
    assert _indexes(empty_engine)["ix_callbacks_task_open_due"][:3] == [
        "is_open", "due_until", "id"]
    assert "ix_callbacks_task_open_next" not in _indexes(empty_engine)
    with empty_engine.connect() as connection:
        assert connection.scalar(text(
            "SELECT count(*) FROM callbacks_task WHERE deleted_at IS NULL AND is_open")) == 4
    move("callbacks_0008", plugin, down=True)
    assert _indexes(empty_engine) == before


def test_callbacks_get_the_indexes_by_which_follow_up_and_coverage_are_counted(empty_engine, move):
    plugin = read_manifest(ROOT / "plugins" / "callbacks", "plugins.callbacks")
    move("head")
    move("callbacks_0009", plugin)
    before = _indexes(empty_engine)
    move("callbacks_0010", plugin)
    found = _indexes(empty_engine)
    assert found["ix_callbacks_task_state_due"][:3] == ["state", "due_from", "days_to_first"]
    assert found["ix_callbacks_task_state_closed"][:3] == ["state", "closed_at", "customer_id"]
    move("callbacks_0009", plugin, down=True)
    assert _indexes(empty_engine) == before


def _indexes(engine) -> dict[str, list[str]]:
    with engine.connect() as connection:
        return {one["name"]: one["column_names"]
                for one in inspect(connection).get_indexes("callbacks_task")}
