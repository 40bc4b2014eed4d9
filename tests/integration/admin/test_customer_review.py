"""Periodic review of customers: who is due, who reviewed, what other rules change."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.access.actor import SYSTEM
from app.access.models import AuditEntry
from app.database import acting_at
from app.errors import Invalid, NotPermitted
from app.people.clock import local_today
from app.sdk.models import Customer
from app.sdk.services import act, create, update, utcnow

YEAR_AND_MORE = dt.timedelta(days=400)


def customer(house, ago: dt.timedelta = dt.timedelta(), name: str = "Wang Wu") -> Customer:
    with acting_at(utcnow() - ago):
        return create(house.session, SYSTEM, Customer, {"name": name})


def test_who_is_reviewed_is_due_a_year_later(house):
    who, agent = customer(house, YEAR_AND_MORE), house.actor("agent")
    assert who.review_due_on < local_today()
    act(house.session, agent, who, "review")
    assert who.reviewed_by_id == agent.user_id and who.reviewed_at is not None
    assert who.review_due_on > local_today() + dt.timedelta(days=360)
    entry = house.session.scalar(select(AuditEntry).where(
        AuditEntry.record_id == who.id, AuditEntry.action == "review"))
    assert entry.actor_id == agent.user_id and "reviewed_at" in entry.changes


def test_only_who_may_review_does_so_and_nobody_types_it(house):
    who = customer(house)
    with pytest.raises(NotPermitted):
        act(house.session, house.actor("leader"), who, "review")
    for values in ({"reviewed_at": utcnow()}, {"review_due_on": local_today()},
                   {"reviewed_by_id": 1}):
        with pytest.raises(Invalid):
            update(house.session, SYSTEM, who, values)


def test_the_list_has_who_is_due_and_several_are_reviewed_at_once(house, desk):
    due = [customer(house, YEAR_AND_MORE, name) for name in ("Li Si", "Zhao Liu")]
    fresh, agent = customer(house), desk("agent")
    path = "/customers/list/?view=review"
    page = agent.get(path, follow_redirects=True).text
    assert all(one.number in page for one in due) and fresh.number not in page
    assert "Due for review" in agent.get(f"/customers/show/{due[0].id}").text
    answer = agent.send("/customers/bulk", {
        "action": "review", "row": [str(one.id) for one in due], "confirmed": "1"})
    assert answer.status_code == 302, answer.text[:2000]
    page = agent.get(path, follow_redirects=True).text
    assert not any(one.number in page for one in due)
    assert "reviewed this" in agent.get(f"/customers/show/{due[0].id}").text


def test_other_months_are_worked_out_by_a_job(house, desk, work):
    who, old = customer(house), customer(house, YEAR_AND_MORE)
    admin = desk("admin")
    for months, is_due in (("6", True), ("24", False)):
        seen = "0" if months == "6" else "1"
        assert admin.send("/customer-rules/", {
            "seen": seen, "review_months": months}).status_code == 302
        work()
        house.session.expire_all()
        assert (old.review_due_on < local_today()) == is_due
    assert who.review_due_on > local_today() + dt.timedelta(days=700)
    admin.send("/customer-rules/", {"seen": "2", "review_months": "0"})
    work()
    house.session.expire_all()
    assert who.review_due_on is None
