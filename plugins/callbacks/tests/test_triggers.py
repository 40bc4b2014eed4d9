"""What rules start from besides events of customers: verification, and what plugins offer."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy import update as sql_update

from app.customers.verification_models import DocumentKind
from app.jobs.models import OutboxRow
from app.sdk.demo import acting_at
from app.sdk.errors import Invalid
from app.sdk.events import occasions as offered
from app.sdk.models import Customer
from app.sdk.screens import zone
from app.sdk.services import act, write
from plugins.callbacks.generation import after_occasion, rehearse
from plugins.callbacks.models import Task
from plugins.callbacks.tests.helpers import customer
from plugins.callbacks.tests.test_generation import AT, night, ruled


@pytest.mark.parametrize(("days", "state", "made"), [
    (3, "missing", 1), (3, "to_verify", 1), (3, "in_order", 0), (2, "missing", 0),
    (4, "missing", 0)])
def test_a_customer_who_is_still_not_verified_is_called_once(house, days, state, made):
    ruled(house, trigger="unverified", days=3, script_code="unverified")
    moment = dt.datetime(2026, 3, 6, 2, tzinfo=zone())
    with acting_at(moment - dt.timedelta(days=days)):
        found = customer(house)
    with write(house.session):
        house.session.execute(sql_update(Customer.__table__).where(
            Customer.__table__.c.id == found.id).values(information_state=state))
    assert [night(house, moment), night(house, moment)] == [made, 0]
    for task in house.session.scalars(select(Task)).all():
        assert task.due_from == dt.datetime(2026, 3, 6, 9, tzinfo=zone())


def test_a_rehearsal_finds_the_customers_who_are_not_verified(house):
    moment = dt.datetime(2026, 3, 6, 12, tzinfo=zone())
    for days in (1, 5, 31, 40):
        with acting_at(moment - dt.timedelta(days=days)):
            customer(house, phone=f"139000000{days:02}")
    made = ruled(house, on=False, trigger="unverified", days=3)
    assert rehearse(house.session, made, moment)["found"] == 2


def test_a_customer_who_is_verified_is_told_of_an_offer(house):
    made = ruled(house, trigger="customers.verified", days=1, script_code="offer",
                 contact_purpose="marketing")
    found = customer(house, id_number="11010519491231002X", address="上海市")
    kind = house.session.scalars(select(DocumentKind.id)).first()
    boss = house.actor("supervisor")
    for items in (["name", "phone"], ["id_number"], ["name"]):
        act(house.session, boss, found, "verify", {"items": items, "document_kind_id": kind})
    payloads = [row.payload for row in house.session.scalars(
        select(OutboxRow).where(OutboxRow.subscriber == "callbacks", OutboxRow.event == "on_event"))]
    told_of = [one for one in payloads if one["event"] == "customers.verified"]
    assert len(told_of) == 1 and told_of[0]["customer_id"] == found.id
    with write(house.session):
        assert after_occasion(house.session, {**told_of[0], "event_id": "e-1"}) == 1
    task = house.session.scalars(select(Task)).one()
    assert (task.rule_id, task.script.code) == (made.id, "offer")


def told(house, **values):
    """Return what the loans plugin sends: a customer was told the result of an application."""
    return {"event": "loans.told", "record_type": "loans.application", "record_id": 5,
            "event_id": "e-1", "at": AT.isoformat(), "data": {"result": "approved"},
            "owner_id": None, "customer_id": customer(house).id, **values}


def test_an_event_that_a_plugin_offers_is_a_trigger(house):
    name = "loans.told"
    assert name in {one.name for one in offered()}
    made = ruled(house, trigger=name, days=1)
    sending = told(house, event=name)
    with acting_at(AT), write(house.session):
        assert [after_occasion(house.session, sending) for _ in range(2)] == [1, 0]
        assert after_occasion(house.session, {**sending, "event": "nobody.knows"}) == 0
        assert after_occasion(house.session, {**sending, "customer_id": None}) == 0
    task = house.session.scalars(select(Task)).one()
    assert (task.customer_id, task.source_type, task.source_id) == (
        sending["customer_id"], "loans.application", 5)
    # A rehearsal finds what was told.
    assert rehearse(house.session, made, AT + dt.timedelta(days=3))["found"] == 1
    page = house.client("supervisor").get("/callbacks/rules/add").text
    assert f'value="{name}"' in page


def test_a_trigger_that_nobody_offers_is_refused(house):
    with pytest.raises(Invalid):
        ruled(house, on=False, trigger="nobody.knows")
