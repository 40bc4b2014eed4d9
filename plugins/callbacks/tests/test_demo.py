"""The demonstration: months of callbacks with every end, and work for today."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from app.sdk.demo import DemoContext
from app.sdk.models import Customer
from app.sdk.services import SYSTEM, create, utcnow
from plugins.callbacks.demo import load
from plugins.callbacks.models import Correction, Task, UnreachableList

# It writes through the operations, whose tests run on both databases.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_months_of_callbacks_and_work_for_today(house, monkeypatch):
    monkeypatch.setattr("plugins.callbacks.demo._DAYS", 12)
    for place in range(40):
        create(house.session, SYSTEM, Customer, {
            "name": f"客户{place}", "phone": f"138{place:08d}"})
    context = DemoContext(house.session, house.app.config["CARELINE_SETTINGS"], 1, "x")
    assert "to be made by each agent today" in load(context)
    states = dict(map(tuple, house.session.execute(
        select(Task.state, func.count()).group_by(Task.state))))
    assert states["closed"] > 20 and states["open"] >= 40
    assert {"waiting", "unreachable"} & set(states)
    verdicts = set(house.session.scalars(select(Task.satisfaction)))
    assert {"satisfied", "dissatisfied"} <= verdicts
    mine = house.actor("agent").user_id
    today = house.session.scalar(select(func.count()).where(
        Task.owner_id == mine, Task.state == "open",
        Task.due_from > utcnow() - dt.timedelta(days=1)))
    assert today >= 8
    [wrong] = house.session.scalars(select(Correction))
    assert wrong.calls == 1
    nobody = house.session.scalar(select(func.count()).where(Task.owner_id.is_(None)))
    assert nobody == 8
    assert load(context) == "Callbacks are there already."


def test_the_lists_of_months_are_answered_in_part(house, monkeypatch):
    monkeypatch.setattr("plugins.callbacks.demo._DAYS", 62)
    monkeypatch.setattr("plugins.callbacks.demo._PER_DAY", 1)
    monkeypatch.setattr("plugins.callbacks.demo._AGAIN", 2)
    monkeypatch.setattr("plugins.callbacks.demo._OUTCOMES", ("wrong_number",))
    for place in range(3):
        create(house.session, SYSTEM, Customer, {
            "name": f"客户{place}", "phone": f"138{place:08d}"})
    load(DemoContext(house.session, house.app.config["CARELINE_SETTINGS"], 1, "x"))
    for frozen in house.session.scalars(select(UnreachableList)).all():
        assert frozen.lines > 4 and frozen.answered == 4 and frozen.sent_to
    assert house.session.scalar(select(func.count()).select_from(UnreachableList)) >= 1
