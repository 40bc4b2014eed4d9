"""The demonstration: what customers agree to and do not want, and contacts outside of callbacks."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import func, select

from app.access.actor import SYSTEM
from app.admin.demo import contacts, customers
from app.customers.contact_models import Consent, Contact, DoNotContact
from app.deadlines.calendar_store import default_calendar
from app.sdk.customers import may_contact
from app.sdk.demo import DemoContext
from app.sdk.people import local_today, local_zone
from app.sdk.services import utcnow
from plugins.callbacks.tests.conftest import set_rules_of_contact

# It writes through the operations, whose tests run on both databases.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def context(house, monkeypatch) -> DemoContext:
    monkeypatch.setattr(customers, "COUNT", 200)
    made = DemoContext(house.session, house.app.config["CARELINE_SETTINGS"], 1, "x")
    customers.load(made)
    return made


def test_contacts_consents_and_what_is_not_wanted(house, context):
    started = time.process_time()
    assert contacts.load(context) == (
        "48 consents, 12 customers who do not want to be contacted, 80 contacts.")
    # The whole demonstration has 120 s; this is a small part of it on a slow machine as well.
    assert time.process_time() - started < 2
    session, today = house.session, local_today()
    given = session.scalars(select(Consent)).all()
    assert len(given) == 48 and len({one.customer_id for one in given}) == 48
    withdrawn = [one for one in given if one.withdrawn_on]
    assert len(withdrawn) == 9 and all(one.note for one in given)
    assert all(one.from_on < one.withdrawn_on <= today for one in withdrawn)
    assert all(one.from_on < today for one in given)
    bans = session.scalars(select(DoNotContact)).all()
    ends = [one.until_on for one in bans]
    assert len(bans) == 12 and None in ends
    assert any(day < today for day in ends if day) and any(day > today for day in ends if day)
    assert {one.purpose for one in bans} == {"marketing", "survey", "greeting", ""}
    assert contacts.load(context) == "Consents are there already."


def test_every_contact_lies_behind_on_a_working_day_and_was_allowed(house, context):
    contacts.load(context)
    session, calendar, zone = house.session, default_calendar(house.session), local_zone()
    made = session.scalars(select(Contact)).all()
    assert len(made) == 80 and {one.reached for one in made} == {True, False}
    assert {"phone", "wechat", "sms", "visit"} == {one.channel for one in made}
    assert all(one.at < utcnow() and one.by_id for one in made)
    assert all(calendar.shifts_on(one.at.astimezone(zone).date()) for one in made)
    set_rules_of_contact(session, interval_minutes=0, most_unanswered=50)
    assert all(may_contact(session, SYSTEM, one.customer_id, one.channel, one.purpose,
                           one.at).allowed for one in made)


def test_a_load_test_gets_none(house, context):
    context.complaints = 1000
    assert contacts.load(context) == "No contacts for a load test."
    assert house.session.scalar(select(func.count()).select_from(Consent)) == 0
