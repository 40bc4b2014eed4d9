"""Events of customers and dates of vehicles: rules, events for plugins, timeline, screen, API."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.access.actor import SYSTEM
from app.collaboration.timeline import entries
from app.customers.event_models import EVENT_KINDS, CustomerEvent
from app.errors import Invalid
from app.host.host import current_host
from app.jobs.models import OutboxRow
from app.sdk.models import Customer, Vehicle
from app.sdk.services import create, update, utcnow

DAY = dt.timedelta(days=1)

def customer(house) -> Customer:
    return create(house.session, SYSTEM, Customer, {"name": "Wang Wu"})


def enter(house, who: Customer, kind: str = "delivered", **values) -> CustomerEvent:
    return create(house.session, house.actor("agent"), CustomerEvent, {
        "customer_id": who.id, "kind": kind, "happened_at": utcnow() - DAY, **values})


def sent(house, record: CustomerEvent) -> list[dict]:
    return [row.payload for row in house.session.scalars(select(OutboxRow))
            if row.payload.get("event") and row.payload["record_id"] == record.id]


@pytest.mark.parametrize("kind", [kind for kind, _label in EVENT_KINDS])
def test_each_kind_is_sent_to_plugins_and_on_the_timeline(house, kind):
    who = customer(house)
    record = enter(house, who, kind)
    assert current_host().named("register_events", f"customers.{kind}") is not None
    payloads = sent(house, record)
    assert payloads and {payload["event"] for payload in payloads} == {f"customers.{kind}"}
    assert payloads[0]["customer_id"] == who.id
    assert dt.datetime.fromisoformat(payloads[0]["data"]["happened_at"]) == record.happened_at
    found = entries(house.session, house.actor("agent"), who.id, 10)
    assert [(one.kind, one.at) for one in found] == [(f"customers.{kind}", record.happened_at)]


def test_a_corrected_time_moves_the_entry_and_sends_nothing_again(house):
    who = customer(house)
    record = enter(house, who)
    before, moment = len(sent(house, record)), utcnow() - 3 * DAY
    update(house.session, house.actor("agent"), record, {"happened_at": moment})
    found = entries(house.session, house.actor("agent"), who.id, 10)
    assert [one.at for one in found] == [record.happened_at] and record.happened_at == moment
    assert len(sent(house, record)) == before


def test_what_cannot_be_is_refused(house):
    who, other = customer(house), customer(house)
    vehicle = create(house.session, SYSTEM, Vehicle, {"customer_id": other.id, "plate": "A1"})
    for values in ({"happened_at": utcnow() + DAY}, {"vehicle_id": vehicle.id}, {"kind": "gone"}):
        with pytest.raises(Invalid):
            enter(house, who, **values)
    record = enter(house, other, vehicle_id=vehicle.id)
    for values in ({"customer_id": who.id}, {"kind": "lost"}):
        with pytest.raises(Invalid):
            update(house.session, SYSTEM, record, values)


def test_the_screen_takes_and_shows_them(house, desk):
    who, agent = customer(house), desk("agent")
    answer = agent.send("/customer-events/add", {
        "customer": str(who.id), "kind": "workshop_visit", "happened_at": "2026-03-02T10:00",
        "detail": "Brakes"})
    assert answer.status_code == 302, answer.text[:3000]
    assert "Brakes" in agent.get("/customer-events/list/").text
    assert "was in the workshop" in agent.get(f"/customers/show/{who.id}").text


def test_the_api_takes_them(house, desk):
    who, agent = customer(house), desk("agent")
    answer = agent._apart(
        agent._client.post, "/api/v1/customer_events/",
        json={"customer": who.id, "kind": "sales_contact", "happened_at": "2026-03-02T10:00:00Z"},
        headers={"X-CSRFToken": agent.token})
    assert answer.status_code == 201, answer.text
    record = house.session.scalar(
        select(CustomerEvent).where(CustomerEvent.customer_id == who.id))
    assert record.kind == "sales_contact" and sent(house, record)


def test_vehicles_have_dates_that_are_due(house, desk):
    who = customer(house)
    answer = desk("agent").send("/vehicles/add", {
        "customer": str(who.id), "plate": "A1", "insurance_due_on": "2026-05-01",
        "inspection_due_on": "2026-06-01", "maintenance_due_on": "2026-07-01"})
    assert answer.status_code == 302, answer.text[:3000]
    vehicle = house.session.scalar(select(Vehicle).where(Vehicle.customer_id == who.id))
    assert [vehicle.insurance_due_on.month, vehicle.inspection_due_on.month,
            vehicle.maintenance_due_on.month] == [5, 6, 7]
