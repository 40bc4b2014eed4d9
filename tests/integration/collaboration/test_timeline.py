"""The timeline of a customer: fed by events of every plugin, read with the rights of the reader."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.database import write
from app.records.models import CustomerEntry
from app.sdk import Event, EventField, TimelineFeed
from app.sdk import timeline as customer_timeline
from app.sdk.events import emit
from app.sdk.records import create, update
from app.sdk.services import SYSTEM, utcnow
from plugins.complaints.tests.helpers import registered, step
from tests.integration.collaboration.conftest import plugin, without

KIND = "complaints.complaint"


def rows(house):
    house.session.rollback()
    return house.session.execute(
        select(CustomerEntry.customer_id, CustomerEntry.kind, CustomerEntry.number)
        .order_by(CustomerEntry.id)).all()


def page_of(house, customer, username="agent", language="en"):
    return house.client(username).get(
        f"/customers/show/{customer.id}", headers={"Accept-Language": language}).text


def test_a_complaint_is_on_the_timeline_of_its_customer(house, customer, deliver):
    complaint = registered(house, customer_id=customer.id)
    step(house, complaint, "agent", "withdraw", withdrawal_reason="客户撤诉")
    for _ in range(2):
        deliver()
    assert rows(house) == [(customer.id, "create", complaint.number),
                           (customer.id, "cancelled", complaint.number)]
    page = page_of(house, customer)
    assert "closed a complaint without a result" in page
    assert f'<a href="/complaints/show/{complaint.id}">{complaint.number}</a>' in page
    assert "投诉" in page_of(house, customer, language="zh")


def test_who_may_not_see_the_record_does_not_read_of_it(house, customer, deliver):
    complaint = registered(house, customer_id=customer.id)
    deliver()
    assert complaint.number in page_of(house, customer)
    assert complaint.number not in page_of(house, customer, "tangli")


def test_a_plugin_out_of_force_leaves_no_dead_entry(house, customer, deliver):
    complaint = registered(house, customer_id=customer.id)
    deliver()
    with without("complaints"):
        page = page_of(house, customer)
        assert complaint.number not in page


@pytest.mark.both_databases
def test_a_record_that_gets_another_customer_moves(house, customer, deliver):
    complaint = registered(house)
    deliver()
    assert rows(house) == []
    update(house.session, SYSTEM, complaint, {"customer_id": customer.id})
    deliver()
    assert rows(house) == [(customer.id, "create", complaint.number)]
    other = create(house.session, SYSTEM, type(customer), {"name": "李四"})
    update(house.session, SYSTEM, complaint, {"customer_id": other.id})
    deliver()
    assert rows(house) == [(other.id, "create", complaint.number)]


def test_an_event_of_a_plugin_feeds_it_with_its_data(house, customer, deliver):
    event = Event(name="surveys.reached", title="",
                  fields=(EventField(name="tries", kind=int, text="tries"),))
    feed = TimelineFeed(record_type=KIND, entries={
        "surveys.reached": "was reached at try %(tries)s"})
    complaint = registered(house, customer_id=customer.id)
    with plugin("surveys", register_events=[event], register_timeline=[feed]):
        with write(house.session):
            emit(house.session, "surveys.reached", complaint, {"tries": 2})
        deliver()
        assert "was reached at try 2" in page_of(house, customer)


@pytest.mark.both_databases
def test_a_plugin_writes_an_entry_by_itself_once_for_a_source(house, customer):
    complaint = registered(house, customer_id=customer.id)
    at = utcnow() - dt.timedelta(days=2)
    for expected in (True, False):
        assert customer_timeline.add(
            house.session, customer.id, complaint, "surveys.letter", "wrote a letter", at=at,
            by="李晓雯", source="letter 1") is expected
    [entry] = house.session.scalars(select(CustomerEntry)).all()
    assert (entry.at, entry.actor_name) == (at, "李晓雯")


@pytest.mark.both_databases
def test_a_long_timeline_is_read_in_stretches_without_a_gap(house, customer, monkeypatch):
    monkeypatch.setattr("app.screens.records.timeline.MOST", 4)
    complaint = registered(house, customer_id=customer.id)
    for place in range(9):
        customer_timeline.add(
            house.session, customer.id, complaint, "x", f"entry number {place}",
            at=utcnow() - dt.timedelta(hours=place + 1))
    client, seen, skip = house.client("agent"), [], 0
    while True:
        page = client.get(f"/customers/timeline/{customer.id}?skip={skip}").text
        seen += [place for place in range(9) if f"entry number {place}" in page]
        if "timeline-more" not in page:
            break
        skip += 4
    assert seen == list(range(9))


@pytest.mark.both_databases
def test_the_entries_take_one_statement(house, customer, statements):
    from app.collaboration.timeline import entries

    agent = house.actor("agent")
    statements.clear()
    entries(house.session, agent, customer.id, 10)
    assert len(statements) == 1
