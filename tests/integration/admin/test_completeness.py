"""How complete customers are: kept with every change, found by lists, worked out anew by a job."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.access.actor import SYSTEM
from app.access.models import AuditEntry
from app.customers.profile_settings import SETTINGS
from app.customers.verification_models import DocumentKind
from app.errors import Invalid
from app.sdk.models import Customer
from app.sdk.services import act, create, update
from app.settings.services import save_settings


def customer(house, **values) -> Customer:
    return create(house.session, SYSTEM, Customer, {"name": "Wang Wu", **values})


def full(house) -> Customer:
    return customer(house, phone="13800005678", id_number="110101199001011237", address="Road 1")


def verify(house, who: Customer, *items: str) -> None:
    document = house.session.scalar(select(DocumentKind.id).limit(1))
    act(house.session, house.actor("agent"), who, "verify", {
        "items": list(items), "document_kind_id": document})


def kept(house, who: Customer) -> tuple[int, str]:
    house.session.expire_all()
    return tuple(house.session.execute(
        select(Customer.completeness, Customer.information_state)
        .where(Customer.id == who.id)).one())


def test_it_follows_what_is_entered_verified_and_changed(house):
    who = customer(house)
    assert kept(house, who) == (10, "missing")
    update(house.session, SYSTEM, who, {
        "phone": "13800005678", "id_number": "110101199001011237", "address": "Road 1"})
    assert kept(house, who) == (40, "to_verify")
    verify(house, who, "name", "phone", "id_number")
    assert kept(house, who) == (70, "in_order")
    update(house.session, SYSTEM, who, {"phone": "13900001111"})
    assert kept(house, who) == (60, "to_verify")
    update(house.session, SYSTEM, who, {"address": ""})
    assert kept(house, who) == (50, "missing")


def test_a_rejected_item_is_not_verified(house):
    who = full(house)
    verify(house, who, "name", "phone", "id_number")
    act(house.session, house.actor("agent"), who, "reject", {"items": ["phone"], "reason": "x"})
    assert kept(house, who) == (60, "to_verify")


def test_it_is_no_change_of_the_record(house):
    who = full(house)
    version = who.version
    verify(house, who, "name")
    house.session.refresh(who)
    assert who.version == version
    update(house.session, SYSTEM, who, {"email": "w@example.com"})
    changes = house.session.scalars(
        select(AuditEntry.changes).where(AuditEntry.record_id == who.id,
                                         AuditEntry.record_type == Customer.__record_type__,
                                         AuditEntry.action == "change")).all()
    assert [set(one) for one in changes] == [{"email"}] and who.version == version + 1


def test_nobody_writes_it(house):
    who = customer(house)
    for values in ({"completeness": 100}, {"information_state": "in_order"}):
        with pytest.raises(Invalid):
            update(house.session, SYSTEM, who, values)
        with pytest.raises(Invalid):
            customer(house, **values)


def test_the_page_and_the_lists_show_it(house, desk):
    who, other, agent = customer(house), full(house), desk("agent")
    verify(house, other, "name", "phone", "id_number")
    page = agent.get(f"/customers/show/{who.id}").text
    assert "Complete to 10\N{NO-BREAK SPACE}%" in page
    assert "10\N{NO-BREAK SPACE}%" in agent.get("/customers/list/").text
    found = agent.get("/customers/list/?view=incomplete", follow_redirects=True).text
    assert who.number in found and other.number not in found
    row = agent.get(f"/api/v1/customers/{other.id}").json["result"]
    assert (row["completeness"], row["information_state"]) == (70, "in_order")


def test_other_rules_are_worked_out_by_a_job(house, desk, work):
    who, other = full(house), customer(house)
    verify(house, who, "name")
    answer = desk("admin").send("/customer-rules/", {
        "seen": "0", "required_items": "name", "verified_items": "name",
        "review_months": "12"})
    assert answer.status_code == 302
    job = work()
    assert (job.state, job.result["customers"]) == ("done", 2)
    assert kept(house, who) == (100, "in_order")
    assert kept(house, other) == (50, "to_verify")


def test_settings_in_force_count_at_once(house):
    save_settings(house.session, house.actor("admin"), SETTINGS, {
        "required_items": ["name"], "optional_items": [], "verified_items": [],
        "review_months": 12}, 0)
    assert kept(house, customer(house)) == (100, "in_order")
