"""The record page of a callback: how often it asks the database."""

from __future__ import annotations

import datetime as dt

import pytest

from app.deadlines.calendar_store import clear_day, set_day
from app.sdk.models import Vehicle
from app.sdk.services import SYSTEM, create, utcnow
from plugins.callbacks.contact_rules import verdict_of
from plugins.callbacks.services import script_for
from plugins.callbacks.tests.conftest import set_rules_of_contact
from plugins.callbacks.tests.helpers import COMPLETE, contact, customer, planned, started


@pytest.mark.parametrize("state", ["open", "closed"])
def test_the_record_page_takes_few_statements(house, state):
    found = customer(house)
    vehicle = create(house.session, SYSTEM, Vehicle, {
        "customer_id": found.id, "plate": "沪A12345"})
    values = {"customer_id": found.id, "vehicle_id": vehicle.id,
              "script_id": script_for(house.session, "delivery", "zh").id,
              "due_from": utcnow() - dt.timedelta(hours=2),
              "due_until": utcnow() + dt.timedelta(days=3)}
    if state == "open":
        task = planned(house, **values)
    else:
        task = started(house, **values)
        contact(house, task, "reached", **COMPLETE)
    assert task.state == state
    client, path = house.client("agent"), f"/callbacks/show/{task.id}"
    assert client.get(path).status_code == 200
    seen = house.statements_of(lambda: client.get(path))
    assert 8 < len(seen) <= 12, seen


def test_a_day_closed_by_hand_counts_for_the_next_question(house):
    noon = dt.datetime(2026, 11, 25, 4, tzinfo=dt.UTC)
    set_rules_of_contact(house.session, quiet_from=22, quiet_until=8, on_holidays=False)
    task = planned(house)
    assert verdict_of(house.session, task, noon).allowed
    set_day(house.session, "china", noon.date(), [])
    assert not verdict_of(house.session, task, noon).allowed
    clear_day(house.session, "china", noon.date())
    assert verdict_of(house.session, task, noon).allowed
