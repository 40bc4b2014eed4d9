"""Whom a complaint should go to: shown on the form that assigns it, and taken when left open."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.access.models import AuditEntry
from app.people.clock import local_today
from app.people.models import Absence, Staff
from app.sdk.errors import Invalid
from app.sdk.models import Customer
from app.sdk.people import given_between
from app.sdk.services import utcnow, write
from plugins.complaints.assignment import suggest
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import assessed, department, step

DAY = dt.timedelta(days=1)


class Browser:
    """A signed-in browser that sends the token of its pages, in English."""

    def __init__(self, house, username: str) -> None:
        self._client = house.client(username)
        self._client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        page = self._client.get("/account/").text
        self._token = page.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]

    def get(self, path: str):
        return self._client.get(path)

    def send(self, path: str, data: dict):
        return self._client.post(path, data={"csrf_token": self._token, **data})


@pytest.fixture
def client_of(house):
    """Return browsers by sign-in name."""
    return lambda username: Browser(house, username)


def assign(house, complaint=None, **values):
    return step(house, complaint or assessed(house), "supervisor", "assign",
                liability="department", responsible_department_id=department(house, "CS"),
                **values)


def away(house, *usernames: str) -> None:
    with write(house.session):
        for username in usernames:
            user_id = house.actor(username).user_id
            staff_id = house.session.scalar(select(Staff.id).where(Staff.user_id == user_id))
            house.session.add(Absence(
                staff_id=staff_id, starts_at=utcnow() - DAY, ends_at=utcnow() + DAY))


def suggested(house, complaints, code: str = "CS"):
    found = suggest(house.session, complaints, department(house, code))
    return found, [one.user_id for one in found.choices]


def test_a_complaint_without_a_person_goes_to_who_is_suggested(house):
    complaint = assessed(house)
    _found, [expected] = suggested(house, [complaint])
    assert assign(house, complaint).handler_id == expected
    entry = house.session.scalar(
        select(AuditEntry).where(AuditEntry.action == "share_out"))
    assert entry.changes["handler_id"] == [None, expected]
    assert entry.changes["reason"] in ("least_load", "longest_wait")


def test_several_are_shared_out_one_by_one_and_nobody_gets_all(house):
    complaints = [assessed(house) for _number in range(6)]
    found, expected = suggested(house, complaints)
    assert [assign(house, one).handler_id for one in complaints] == expected
    assert len(set(expected)) == min(6, len(found.people))
    today = local_today()
    ledger = given_between(house.session, "complaints.complaint", today, today)
    assert sum(one.number for one in ledger.values()) == 6
    assert max(one.number for one in ledger.values()) == 1


def test_the_own_agent_of_the_customer_goes_first_while_present(house):
    complaint = assessed(house)
    agent = house.actor("zhujie").user_id
    with write(house.session):
        customer = Customer(number="KH-1", name="王芳", owner_id=agent)
        house.session.add(customer)
        house.session.flush()
        complaint.customer_id = customer.id
    assert suggested(house, [complaint])[1] == [agent]
    away(house, "zhujie")
    assert suggested(house, [complaint])[1] != [agent]


def test_what_a_person_was_given_counts_as_load(house):
    chosen = house.actor("yangfan").user_id
    first = assign(house, handler_id=chosen)
    assert first.handler_id == chosen
    found, expected = suggested(house, [assessed(house)])
    assert found.load[chosen] == 1 and expected != [chosen]


def test_only_those_are_suggested_who_are_accepted(house):
    for code in ("CS", "COLLECT"):
        found, _expected = suggested(house, [], code)
        assert found.people
        for person in found.people:
            complaint = step(
                house, assessed(house), "supervisor", "assign", liability="department",
                responsible_department_id=department(house, code), handler_id=person.user_id)
            assert complaint.handler_id == person.user_id


def test_nobody_present_is_an_error_at_the_field(house):
    found, _expected = suggested(house, [])
    names = {house.actor(name).user_id: name for name in (
        "agent", "supervisor", "leader", "wanghao", "liuyang", "zhangjing", "huangbin", "yangfan",
        "zhujie", "heyan")}
    away(house, *(names[person.user_id] for person in found.people))
    with pytest.raises(Invalid) as refused:
        assign(house)
    assert str(refused.value.errors["handler_id"]) == "Nobody is present."


def test_the_form_says_who_and_why(house, client_of):
    complaint = assessed(house)
    found, [expected] = suggested(house, [complaint])
    browser = client_of("supervisor")
    form = browser.get(f"/complaints/act/{complaint.id}/assign").text
    assert f"/complaints/suggestion?pk={complaint.id}" in form
    asked = {"responsible_department_id": str(department(house, "CS"))}
    page = browser.send(f"/complaints/suggestion?pk={complaint.id}", asked).text
    [name] = [one.name for one in found.people if one.user_id == expected]
    assert name in page and all(person.name in page for person in found.people)
    several = [complaint, assessed(house)]
    page = browser.send("/complaints/suggestion", {
        **asked, "row": [f"{one.id}:{one.version}" for one in several]}).text
    assert "<table" in page
    assert browser.send("/complaints/suggestion", {"row": "x", **asked}).text.strip() == ""
    assert client_of("hr").send("/complaints/suggestion", asked).status_code == 403


def test_several_are_assigned_in_two_clicks_without_naming_anybody(house, client_of):
    complaints = [assessed(house) for _number in range(3)]
    browser = client_of("supervisor")
    rows = [f"{one.id}:{one.version}" for one in complaints]
    dialog = browser.send("/complaints/bulk", {"action": "assign", "row": rows}).text
    assert "/complaints/suggestion" in dialog
    answer = browser.send("/complaints/bulk", {
        "action": "assign", "confirmed": "1", "row": rows, "liability": "department",
        "responsible_department_id": str(department(house, "CS")), "handler_id": ""})
    assert answer.status_code in (200, 302)
    house.session.rollback()
    handlers = house.session.scalars(
        select(Complaint.handler_id).where(Complaint.id.in_([one.id for one in complaints]))).all()
    assert None not in handlers and len(set(handlers)) == 3
