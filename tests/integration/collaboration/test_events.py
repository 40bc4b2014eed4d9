"""Events of a plugin's own: declared, checked, in order, caught up; what transitions say."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import select

from app.database import utcnow
from app.host.faults import PluginFault
from app.host.host import current_host
from app.host.manifest import Manifest
from app.i18n import N_
from app.jobs.models import OutboxRow
from app.jobs.outbox import deliver_due
from app.jobs.runner import EXTENSION as RUNTIME
from app.sdk import Event, EventField, hookimpl
from app.sdk.events import BadEvent, emit
from app.sdk.services import write
from plugins.complaints.tests.helpers import registered, step
from tests.integration.collaboration.conftest import plugin

UNREACHABLE = Event(
    name="surveys.unreachable", title="Nobody was reached",
    fields=(EventField(name="tries", kind=int, text="How often it was tried"),
            EventField(name="last_at", kind=str, text="When", required=False)),
)


class Listener:
    """Notes what it hears, but for the tries that it fails at."""

    def __init__(self) -> None:
        self.heard: list[dict] = []
        self.failing: set[int] = set()

    @hookimpl
    def on_event(self, session, payload):
        """Note an event."""
        if payload["data"].get("tries") in self.failing:
            raise RuntimeError("not now")
        self.heard.append(payload)


@pytest.fixture
def listener(house):
    """A listener among plugins of which one declares an event."""
    found = Listener()
    with (plugin("surveys", register_events=[UNREACHABLE]),
          plugin("listener", {"on_event": found.on_event})):
        house.app.extensions[RUNTIME].handlers["listener"] = _handler(house)
        yield found
        del house.app.extensions[RUNTIME].handlers["listener"]


def _handler(house):
    return lambda session, event, payload: current_host().deliver(
        event, "listener", session, payload)


def send(house, record, **data):
    with write(house.session):
        return emit(house.session, "surveys.unreachable", record, data)


def test_an_event_reaches_who_listens(house, customer, listener, deliver):
    event_id = send(house, customer, tries=3, last_at=dt.date(2026, 5, 1))
    for _ in range(2):
        deliver()
    [heard] = listener.heard
    assert dt.datetime.fromisoformat(heard.pop("at")) <= utcnow()
    assert heard == {
        "event": "surveys.unreachable", "record_type": "customers.customer",
        "record_id": customer.id, "number": customer.number, "customer_id": customer.id,
        "owner_id": None, "data": {"tries": 3, "last_at": "2026-05-01"}, "actor_id": None,
        "event_id": event_id,
    }


@pytest.mark.parametrize(("data", "problem"), [
    ({}, "tries is missing"), ({"tries": "3"}, "tries must be int, not str"),
    ({"tries": True}, "tries must be int, not bool"),
    ({"tries": 1, "more": 2}, "more is not declared"),
])
def test_data_are_checked_against_the_declaration(house, customer, listener, data, problem):
    with pytest.raises(BadEvent, match=problem):
        send(house, customer, **data)
    assert house.session.scalar(
        select(OutboxRow).where(OutboxRow.subscriber == "listener")) is None


def test_an_event_that_nobody_declares_is_refused(house, customer):
    with pytest.raises(BadEvent, match="no plugin in force"), write(house.session):
        emit(house.session, "surveys.unreachable", customer, {"tries": 1})


@pytest.mark.both_databases
def test_events_of_a_record_keep_their_order_through_a_failure(house, customer, listener):
    other = registered(house)
    handlers = house.app.extensions[RUNTIME].handlers
    now = utcnow()
    deliver_due(house.session, now, handlers)
    listener.failing = {1}
    for tries in (1, 2):
        send(house, customer, tries=tries)
    send(house, other, tries=9)
    deliver_due(house.session, utcnow(), handlers)
    # Another record goes past; the second event of the same one waits for the first.
    assert [one["data"]["tries"] for one in listener.heard] == [9]
    listener.failing.clear()
    deliver_due(house.session, utcnow() + dt.timedelta(minutes=1), handlers)
    assert [one["data"]["tries"] for one in listener.heard] == [9, 1, 2]


@pytest.mark.both_databases
def test_what_was_given_up_holds_nothing_back(house, customer, listener, monkeypatch):
    monkeypatch.setattr("app.jobs.outbox.MOST_ATTEMPTS", 1)
    listener.failing = {1}
    for tries in (1, 2):
        send(house, customer, tries=tries)
    deliver_due(house.session, utcnow(), house.app.extensions[RUNTIME].handlers)
    assert [one["data"]["tries"] for one in listener.heard] == [2]


def manifest(name, *catch_up):
    """Return the manifest of a plugin that is there and not in force."""
    return Manifest(name=name, title={}, version="1", api="", table_prefix=f"{name}_", module=name,
                    path=Path(name), catch_up=catch_up)


def test_hooks_of_the_core_are_caught_up_as_the_manifest_declares(house, customer):
    heard = []

    def on_transition(session, payload):
        heard.append(payload)

    host = current_host()
    host.manifests |= {"late": manifest("late", "on_transition"), "never": manifest("never")}
    try:
        complaint = registered(house, customer_id=customer.id)
        step(house, complaint, "agent", "withdraw", withdrawal_reason="客户撤诉")
        # A plugin in force is told once, whatever its manifest declares.
        assert current_host().subscribers("on_transition").count("late") == 1
        with plugin("late", {"on_transition": hookimpl(on_transition)}):
            assert current_host().subscribers("on_transition").count("late") == 1
            handlers = {"late": lambda session, event, payload: current_host().deliver(
                event, "late", session, payload)}
            deliver_due(house.session, utcnow(), handlers)
            deliver_due(house.session, utcnow(), handlers)
    finally:
        del host.manifests["late"], host.manifests["never"]
    withdrawn = [one for one in heard if one["record_id"] == complaint.id
                 and one["to_category"] == "cancelled"]
    assert len(withdrawn) == 1 and heard[-1] == withdrawn[0]
    kept = house.session.execute(select(OutboxRow.subscriber, OutboxRow.event)).all()
    assert {event for name, event in kept if name == "late"} == {"on_transition"}
    assert not [name for name, _ in kept if name == "never"]


@pytest.mark.parametrize(("catch_up", "caught"), [(True, ["late"]), (False, [])])
def test_a_plugin_that_was_off_catches_up_as_declared(house, customer, catch_up, caught):
    event = Event(name="surveys.unreachable", title="", catch_up=catch_up)
    with plugin("surveys", register_events=[event]) as host:
        host.manifests["late"] = manifest("late")
        host.faults.append(PluginFault("late", "disabled", N_("Switched off.")))
        send(house, customer)
        del host.manifests["late"]
        host.faults.pop()
    rows = house.session.scalars(
        select(OutboxRow.subscriber).where(OutboxRow.event == "on_event",
                                           OutboxRow.done_at.is_(None)))
    assert [name for name in rows if name == "late"] == caught


def test_a_transition_says_what_it_means_and_for_whom(house, customer, deliver):
    heard = []

    def on_transition(session, payload):
        heard.append(payload)

    with plugin("listener", {"on_transition": hookimpl(on_transition)}):
        house.app.extensions[RUNTIME].handlers["listener"] = _handler(house)
        complaint = registered(house, customer_id=customer.id)
        step(house, complaint, "agent", "withdraw", withdrawal_reason="客户撤诉")
        deliver()
        del house.app.extensions[RUNTIME].handlers["listener"]
    last = heard[-1]
    assert (last["from_category"], last["to_category"]) == ("open", "cancelled")
    assert last["customer_id"] == customer.id
    assert last["owner_id"] == house.actor("agent").user_id
    assert last["outcome"] == "" and last["log_id"] > 0
