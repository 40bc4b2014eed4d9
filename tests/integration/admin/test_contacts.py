"""Rules of contact: the verdict from the database, the log, the screens, the settings."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest
from sqlalchemy import event, select

from app.access.actor import SYSTEM, Actor
from app.customers.contacts import SETTINGS
from app.errors import Invalid, NotPermitted, Rejected
from app.records.operations import operations_of
from app.sdk.abilities import call
from app.sdk.customers import (
    Consent,
    Contact,
    DoNotContact,
    may_contact,
    may_contact_many,
    note_contact,
)
from app.sdk.models import Customer
from app.sdk.services import create, update
from app.settings.services import save_settings

ZONE = zoneinfo.ZoneInfo("Asia/Shanghai")
# A Monday; no public holiday in China is near.
MORNING = dt.datetime(2026, 3, 2, 10, 0, tzinfo=ZONE)
MINUTE = dt.timedelta(minutes=1)

def customer(house, **values) -> Customer:
    return create(house.session, SYSTEM, Customer, {"name": "Wang Wu", **values})


def ask(house, who: Customer, at: dt.datetime = MORNING, purpose: str = "service", **options):
    return may_contact(house.session, house.actor("agent"), who.id, "phone", purpose, at, **options)


def try_to_reach(house, who: Customer, times: int, **options) -> None:
    for number in range(times):
        note_contact(house.session, house.actor("agent"), who.id, "phone", "service", False,
                     at=MORNING - (40 * (number + 1)) * MINUTE, **options)


def test_quiet_hours_follow_the_customer_s_clock(house):
    here, there = customer(house), customer(house, timezone="America/New_York")
    assert ask(house, here).allowed
    # One o'clock at night over there.
    verdict = ask(house, there, MORNING.replace(hour=14))
    assert verdict.opens_at == dt.datetime(
        2026, 3, 2, 8, 0, tzinfo=zoneinfo.ZoneInfo("America/New_York"))


def test_public_holidays_of_the_calendar_count(house):
    national_day = dt.datetime(2026, 10, 1, 10, 0, tzinfo=ZONE)
    verdict = ask(house, customer(house), national_day)
    assert not verdict.allowed and verdict.opens_at == national_day.replace(day=8, hour=8)


def test_wishes_are_observed_and_checked(house):
    who = customer(house, contact_hours="14:00-16:00")
    assert ask(house, who).opens_at == MORNING.replace(hour=14)
    with pytest.raises(Invalid):
        update(house.session, SYSTEM, who, {"contact_hours": "in the evening"})
    with pytest.raises(Invalid):
        update(house.session, SYSTEM, who, {"timezone": "Moon/Crater"})


def test_marketing_waits_for_a_consent_and_ends_with_its_withdrawal(house):
    who, rows = customer(house), operations_of(Consent)
    assert not ask(house, who, purpose="marketing").allowed
    consent = rows.create(house.session, house.actor("agent"), {
        "customer_id": who.id, "channel": "phone", "purpose": "marketing",
        "from_on": dt.date(2026, 3, 1)})
    assert ask(house, who, purpose="marketing").allowed
    with pytest.raises(Invalid):
        rows.change(house.session, SYSTEM, consent, {"withdrawn_on": dt.date(2026, 2, 1)})
    with pytest.raises(Invalid):
        rows.change(house.session, SYSTEM, consent, {"purpose": "gossip"})
    with pytest.raises(Rejected):
        rows.delete(house.session, SYSTEM, consent)
    rows.change(house.session, SYSTEM, consent, {"withdrawn_on": MORNING.date()})
    assert "withdrawn" in str(ask(house, who, purpose="marketing").reason)


def test_do_not_contact_holds_for_its_purpose(house):
    who = customer(house)
    call(house.session, house.actor("agent"), "customers.do_not_contact", {
        "customer_id": who.id, "purpose": "survey", "reason": "Asked for it",
        "until_on": "2026-03-03"})
    assert ask(house, who).allowed
    assert ask(house, who, purpose="survey").opens_at == MORNING.replace(day=4, hour=8)
    call(house.session, house.actor("agent"), "customers.do_not_contact", {
        "customer_id": who.id, "purpose": "every", "reason": "Threatened to sue"})
    assert ask(house, who).opens_at is None


def test_a_number_counts_for_all_who_share_it(house):
    one, other = (customer(house, phone="13800005678") for _ in range(2))
    try_to_reach(house, one, 6)
    evening = MORNING.replace(hour=20)
    assert not ask(house, one, evening).allowed
    assert ask(house, other, evening).opens_at == MORNING.replace(day=3, hour=8)
    assert ask(house, other, evening, number="13900001111").allowed
    assert ask(house, customer(house, phone="13900002222"), evening).allowed


def test_the_log_names_no_number_and_stays(house):
    who = customer(house, phone="13800005678")
    row = note_contact(house.session, house.actor("agent"), who.id, "phone", "survey", True,
                       origin=who)
    assert row.number_digest and "5678" not in row.number_digest
    assert (row.record_type, row.record_id) == ("customers.customer", who.id)
    rows = operations_of(Contact)
    with pytest.raises(Rejected):
        rows.change(house.session, SYSTEM, row, {"reached": False})
    with pytest.raises(Rejected):
        rows.delete(house.session, SYSTEM, row)
    with pytest.raises(Invalid):
        rows.create(house.session, SYSTEM, {"customer_id": who.id, "channel": "phone",
                                            "purpose": "survey", "reached": True})


def test_the_ability_logs_for_the_customer(house):
    who = customer(house)
    call(house.session, house.actor("agent"), "customers.note_contact", {
        "customer_id": who.id, "channel": "wechat", "purpose": "greeting", "reached": True})
    row = house.session.scalar(select(Contact).where(Contact.customer_id == who.id))
    assert (row.channel, row.purpose, row.reached) == ("wechat", "greeting", True)
    assert row.by_id == house.actor("agent").user_id


def test_what_is_unknown_is_an_error_of_the_caller(house):
    who = customer(house)
    with pytest.raises(LookupError):
        may_contact(house.session, SYSTEM, who.id + 999, "phone", "service")
    with pytest.raises(ValueError):
        may_contact(house.session, SYSTEM, who.id, "pigeon", "service")
    with pytest.raises(ValueError):
        note_contact(house.session, SYSTEM, who.id, "phone", "gossip", True)
    stranger = Actor(user_id=10**6, username="x", name="x")
    with pytest.raises(NotPermitted):
        may_contact(house.session, stranger, who.id, "phone", "service")


def test_many_verdicts_take_as_many_statements_as_one(house):
    people = [customer(house, phone=f"1380000{number:04}").id for number in range(12)]
    counts = []
    for some in (people[:1], people):
        seen: list[str] = []

        def count(_connection, _cursor, statement, *_rest, seen=seen) -> None:
            seen.append(statement)

        event.listen(house.session.get_bind(), "before_cursor_execute", count)
        try:
            found = may_contact_many(house.session, SYSTEM, some, "phone", "service", MORNING)
        finally:
            event.remove(house.session.get_bind(), "before_cursor_execute", count)
        assert all(verdict.allowed for verdict in found.values()) and len(found) == len(some)
        counts.append(len(seen))
    assert counts[1] <= counts[0]


def test_an_admin_sets_the_rules_on_a_screen(house, desk):
    who = customer(house)
    admin = desk("admin")
    assert "Quiet hours begin" in admin.get("/contact-rules/").text
    values = {"seen": "0", "quiet_from": "20", "quiet_until": "11", "most_unanswered": "2",
              "interval_minutes": "5", "consent_purposes": "survey"}
    assert admin.send("/contact-rules/", values).status_code == 302
    assert ask(house, who).opens_at == MORNING.replace(hour=11)
    assert not ask(house, who, MORNING.replace(hour=12), "survey").allowed
    assert ask(house, who, MORNING.replace(hour=12), "marketing").allowed
    assert admin.send("/contact-rules/", {**values, "quiet_from": "24"}).status_code == 422
    assert desk("agent").get("/contact-rules/").status_code in (302, 403)


def test_the_limit_of_tries_is_the_one_that_was_set(house):
    save_settings(house.session, house.actor("admin"), SETTINGS, {
        "quiet_from": 22, "quiet_until": 8, "on_holidays": True, "most_unanswered": 2,
        "interval_minutes": 0, "consent_purposes": []}, 0)
    who = customer(house)
    try_to_reach(house, who, 1)
    assert ask(house, who).allowed
    try_to_reach(house, who, 1)
    assert not ask(house, who).allowed


def test_the_screens_show_and_take_them(house, desk):
    who, agent = customer(house), desk("agent")
    answer = agent.send("/do-not-contact/add", {
        "customer": str(who.id), "purpose": "", "reason": "Wants no calls"})
    assert answer.status_code == 302, answer.text[:2000]
    row = house.session.scalar(select(DoNotContact).where(DoNotContact.customer_id == who.id))
    assert (row.purpose, row.reason) == ("", "Wants no calls")
    note_contact(house.session, house.actor("agent"), who.id, "phone", "survey", True)
    for path, text in (("/do-not-contact/list/", "Wants no calls"), ("/consents/list/", "Consents"),
                       ("/contacts/list/", "Survey"), (f"/customers/show/{who.id}", "Consents")):
        page = agent.get(path)
        assert page.status_code == 200 and text in page.text, path
    assert agent.get("/contacts/add").status_code in (302, 403, 404)
