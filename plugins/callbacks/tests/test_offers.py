"""Times that are offered for the next contact."""

from __future__ import annotations

import datetime as dt
import itertools

from app.sdk.customers import DoNotContact
from app.sdk.models import Customer
from app.sdk.people import local_zone
from app.sdk.services import SYSTEM, create, update, utcnow
from plugins.callbacks import call_form
from plugins.callbacks.contact_rules import verdict_of
from plugins.callbacks.offers import OFFERS, offers
from plugins.callbacks.tests.helpers import planned


def test_offers_are_allowed_apart_and_still_to_come(house):
    task, now = planned(house), utcnow()
    found = offers(house.session, task, now)
    assert len(found) == OFFERS and found == sorted(found)
    assert all(one > now and verdict_of(house.session, task, one).allowed for one in found)
    assert all(later - earlier >= dt.timedelta(hours=2)
               for earlier, later in itertools.pairwise(found))


def test_the_hours_that_the_customer_wishes_are_offered(house):
    task = planned(house)
    customer = house.session.get(Customer, task.customer_id)
    update(house.session, SYSTEM, customer, {"contact_hours": "18:00-20:00"})
    found = offers(house.session, task, utcnow())
    assert len(found) == OFFERS
    assert {one.astimezone(local_zone()).hour for one in found} == {18}


def test_nothing_is_offered_to_who_wants_no_contact(house):
    task = planned(house)
    create(house.session, SYSTEM, DoNotContact, {
        "customer_id": task.customer_id, "reason": "不再联系"})
    assert offers(house.session, task, utcnow()) == []


def test_a_typed_time_goes_before_a_chosen_one():
    zone = dt.timezone(dt.timedelta(hours=8))
    chosen = {"next_offer": "2026-12-01T10:00"}
    assert call_form.values_of(chosen, zone)["next_contact_at"] == dt.datetime(
        2026, 12, 1, 10, tzinfo=zone)
    typed = call_form.values_of({**chosen, "next_contact_at": "2026-12-02T15:30"}, zone)
    assert typed["next_contact_at"] == dt.datetime(2026, 12, 2, 15, 30, tzinfo=zone)
