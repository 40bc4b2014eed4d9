"""Membership and service tiers of customers: rules, badges, screen, import, API."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.access.actor import SYSTEM
from app.customers.models import Membership, ServiceTier
from app.database import write
from app.errors import Conflict, Invalid, Rejected
from app.records.importing.services import importers
from app.records.operations import operations_of
from app.sdk.importing import REJECTED, UPDATE, ImportRow
from app.sdk.models import Customer
from app.sdk.services import create, update
from plugins.complaints.tests.helpers import registered


def key(house, model: type, code: str) -> int:
    return house.session.scalar(select(model.id).where(model.code == code))


def customer(house, **values) -> Customer:
    return create(house.session, SYSTEM, Customer, {"name": "Wang Wu", **values})


def test_a_date_needs_a_level_of_membership(house):
    since = dt.date(2024, 5, 1)
    with pytest.raises(Invalid):
        customer(house, member_since=since)
    gold = key(house, Membership, "gold")
    who = customer(house, member_since=since, membership_id=gold)
    with pytest.raises(Invalid):
        update(house.session, SYSTEM, who, {"membership_id": None})
    update(house.session, SYSTEM, who, {"membership_id": None, "member_since": None})
    assert who.membership_id is None


def test_a_tier_is_named_in_bounds_and_retired_not_deleted(house):
    tiers = operations_of(ServiceTier)
    for values in ({"name": " "}, {"name": "None left", "tighter_percent": 100},
                   {"name": "More", "tighter_percent": -1}):
        with pytest.raises(Invalid):
            tiers.create(house.session, SYSTEM, values)
    made = tiers.create(house.session, SYSTEM, {"name": "Night service", "priority": 5})
    assert made.code and made.position > 0 and made.own_agent
    with pytest.raises(Conflict):
        tiers.create(house.session, SYSTEM, {"name": "Night service", "code": "other"})
    with pytest.raises(Rejected):
        tiers.delete(house.session, SYSTEM, made)


def test_an_admin_edits_tiers_on_a_screen(house, desk):
    admin = desk("admin")
    answer = admin.send("/service-tiers/add", {
        "name": "Night service", "name_zh": "夜间服务", "colour": "calm", "priority": "5",
        "tighter_percent": "10", "own_agent": "y"})
    assert answer.status_code == 302, answer.text[:3000]
    made = house.session.scalar(select(ServiceTier).where(ServiceTier.name == "Night service"))
    assert (made.priority, made.tighter_percent, made.colour) == (5, 10, "calm")
    assert "Night service" in admin.get("/service-tiers/list/").text
    assert desk("supervisor").get("/service-tiers/add").status_code in (302, 403)


def test_the_pages_show_tier_and_membership(house, desk):
    who = customer(house, tier_id=key(house, ServiceTier, "exclusive"),
                   membership_id=key(house, Membership, "gold"))
    agent = desk("agent")
    page = agent.get(f"/customers/show/{who.id}").text
    assert "Exclusive service" in page and "Gold member" in page
    complaint = registered(house, customer_id=who.id)
    assert "Exclusive service" in agent.get(f"/complaints/show/{complaint.id}").text
    found = agent.get(f"/customers/list/?tier__in={who.tier_id}&all=1").text
    assert who.number in found


def test_files_and_the_api_fill_them(house, desk):
    row = ImportRow(2, {"name": "Li Si", "phone": "13900001111", "tier": "preferred",
                        "membership": "gold", "member_since": dt.date(2024, 5, 1)})
    with write(house.session):
        [outcome] = importers()["records.core.Customer"].write(
            house.session, house.actor("supervisor"), [row], UPDATE)
    assert outcome.action != REJECTED, outcome.message
    who = house.session.scalar(select(Customer).where(Customer.name == "Li Si"))
    assert (who.tier.code, who.membership.code) == ("preferred", "gold")
    agent, gold = desk("agent"), key(house, Membership, "gold")
    answer = agent._apart(
        agent._client.post, "/api/v1/customers/", json={
            "name": "Zhao Liu", "tier": key(house, ServiceTier, "exclusive"), "membership": gold},
        headers={"X-CSRFToken": agent.token})
    assert answer.status_code == 201, answer.text
    made = house.session.scalar(select(Customer).where(Customer.name == "Zhao Liu"))
    assert made.tier.code == "exclusive"
