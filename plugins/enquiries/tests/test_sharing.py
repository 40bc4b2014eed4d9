"""Callers who want to buy go to sales: evenly, with a reason, once."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from app.people.models import ShareOutEntry
from app.sdk.models import Staff
from app.sdk.records import update
from app.sdk.services import SYSTEM, write
from plugins.enquiries.enquiries import sharing
from plugins.enquiries.tests.helpers import customer, department, set_up, taken


def sales(house, *usernames: str) -> list[int]:
    """Make people staff of sales; return their keys."""
    keys = [house.actor(name).user_id for name in usernames]
    with write(house.session):
        for staff in house.session.scalars(select(Staff).where(Staff.user_id.in_(keys))).all():
            staff.department_id, staff.team_id = department(house, "SALES"), None
    set_up(house, sales_department_id=department(house, "SALES"))
    return keys


def test_callers_are_spread_with_reasons_and_a_ledger(house):
    keys = sales(house, "linna", "zhujie")
    callers = [taken(house, question=f"看车{place}", for_sales=True) for place in range(5)]
    taken(house, question="不买车")
    supervisor = house.actor("supervisor")
    planned = sharing.plan(house.session, supervisor)
    assert sharing.give(house.session, supervisor, planned) == 5
    assert sharing.give(house.session, supervisor, planned) == 0
    numbers = Counter(one.sales_id for one in callers)
    assert set(numbers) == set(keys) and max(numbers.values()) - min(numbers.values()) == 1
    assert all(one.sales_because["text"] for one in callers)
    assert sum(house.session.scalars(select(ShareOutEntry.number).where(
        ShareOutEntry.record_type == "enquiries.enquiry"))) == 5
    assert not sharing.plan(house.session, supervisor).callers


def test_the_customers_own_salesperson_goes_first(house):
    sales(house, "linna", "zhujie")
    known = customer(house)
    update(house.session, SYSTEM, known, {"owner_id": house.actor("zhujie").user_id})
    callers = [taken(house, customer_id=known.id, for_sales=True) for _ in range(3)]
    supervisor = house.actor("supervisor")
    sharing.give(house.session, supervisor, sharing.plan(house.session, supervisor))
    assert {one.sales_id for one in callers} == {house.actor("zhujie").user_id}


def test_the_page_says_what_is_missing_and_does_it(house):
    client = house.client("supervisor")
    assert "department of sales" in client.get("/enquiries/callers").text or (
        "销售部门" in client.get("/enquiries/callers").text)
    sales(house, "linna")
    caller = taken(house, for_sales=True)
    page = client.get("/enquiries/callers").text
    assert caller.number in page
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    assert client.post("/enquiries/callers/give", data={"csrf_token": token}).status_code == 302
    house.session.refresh(caller)
    assert caller.sales_id == house.actor("linna").user_id
    shown = client.get(f"/enquiries/show/{caller.id}").text
    assert "林娜" in shown
    assert house.client("agent").get("/enquiries/callers").status_code == 403
