"""Abilities: asked for by name from code, a page, REST; gone with the plugin that has them."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from app.errors import Invalid, NotPermitted
from app.records.models import Comment
from app.sdk.abilities import AbilityMissing, ability_url, call, has_ability
from app.sdk.records import links_of
from app.sdk.services import SYSTEM
from app.testing.plugin_fixtures import PASSWORD
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import registered
from tests.integration.collaboration.conftest import without

OPEN, NOTE = "complaints.open", "customers.note"
REASON = "客户在回访中投诉"


def complaints(house) -> int:
    house.session.rollback()
    return house.session.scalar(select(func.count()).select_from(Complaint))


def token(page) -> str:
    return re.search(r'name="csrf_token" value="([^"]+)"', page.text).group(1)


def test_an_ability_is_called_by_name_and_leads_back(house, customer):
    agent = house.actor("agent")
    assert has_ability(OPEN, agent)
    made = call(house.session, agent, OPEN,
                {"customer_id": customer.id, "reason": REASON}, origin=customer)
    assert isinstance(made, Complaint) and made.customer_id == customer.id
    [found] = links_of(house.session, agent, customer)
    assert (found.label, found.summary.number) == ("Led to", made.number)


def test_a_job_may_call_it_as_the_system(house, customer):
    made = call(house.session, SYSTEM, OPEN, {"customer_id": customer.id, "reason": REASON})
    assert made.customer_name == customer.name


def test_who_lacks_the_permission_is_told_before(house):
    hr = house.actor("hr")
    assert not has_ability(OPEN, hr)
    with pytest.raises(NotPermitted):
        call(house.session, hr, OPEN, {"reason": REASON})
    assert complaints(house) == 0


def test_an_absent_ability_is_known_before_it_is_offered(house):
    agent = house.actor("agent")
    with without("complaints"):
        assert not has_ability(OPEN, agent)
        with pytest.raises(AbilityMissing):
            call(house.session, agent, OPEN, {"reason": REASON})
        assert house.client("agent").get(ability_url(OPEN)).status_code == 404


@pytest.mark.parametrize(("values", "field"), [
    ({}, "reason"), ({"reason": REASON, "customer_id": 99}, "customer_id"),
    ({"reason": REASON, "channel_id": 99}, "channel_id"),
    ({"reason": REASON, "customer_name": "x" * 121}, "customer_name"),
])
def test_values_are_checked_by_the_form(house, values, field):
    with pytest.raises(Invalid) as refused:
        call(house.session, house.actor("agent"), OPEN, values)
    assert list(refused.value.errors) == [field]
    assert complaints(house) == 0


def test_it_does_not_start_from_what_the_actor_may_not_see(house):
    complaint = registered(house)
    with pytest.raises(NotPermitted):
        call(house.session, house.actor("tangli"), OPEN, {"reason": REASON}, origin=complaint)


def test_a_note_is_written_on_the_customer_that_a_complaint_is_about(house, customer):
    complaint, agent = registered(house, customer_id=customer.id), house.actor("agent")
    call(house.session, agent, NOTE, {"customer_id": customer.id, "text": "明天再联系"},
         origin=complaint)
    note = house.session.scalars(select(Comment)).one()
    assert (note.record_type, note.record_id, note.text) == (
        "customers.customer", customer.id, "明天再联系")
    assert links_of(house.session, agent, complaint) == []


def test_the_page_asks_and_comes_back_to_the_origin(house, customer):
    client = house.client("agent")
    address = ability_url(OPEN, origin=customer)
    page = client.get(address)
    assert page.status_code == 200
    assert f'value="{customer.id}" selected' in page.text and customer.name in page.text
    sent = {"csrf_token": token(page), "origin": f"customers.customer:{customer.id}",
            "customer_id": str(customer.id), "reason": REASON, "once": "0" * 32}
    for _ in range(2):
        answer = client.post(f"/abilities/{OPEN}", data=sent)
        assert answer.status_code == 302
        assert answer.location == f"/customers/show/{customer.id}"
    # A double click makes one complaint.
    assert complaints(house) == 1


def test_the_page_puts_errors_at_the_fields_and_leads_nowhere_else(house, customer):
    client = house.client("agent")
    page = client.get(f"/abilities/{OPEN}")
    sent = {"csrf_token": token(page), "next": "https://elsewhere.example/"}
    answer = client.post(f"/abilities/{OPEN}", data=sent)
    assert answer.status_code == 422
    assert 'id="reason-error"' in answer.text
    answer = client.post(f"/abilities/{OPEN}", data={**sent, "reason": REASON})
    made = house.session.scalars(select(Complaint)).one()
    assert answer.location == f"/complaints/show/{made.id}"


@pytest.mark.parametrize(("username", "status"), [("agent", 404), ("hr", 403), (None, 302)])
def test_the_page_is_for_those_who_may(house, username, status):
    complaint = registered(house, "supervisor")
    name = "nothing.at_all" if username == "agent" else OPEN
    client = house.client(username)
    assert client.get(f"/abilities/{name}").status_code == status
    if username == "agent":
        stranger = house.client("tangli")
        origin = f"complaints.complaint:{complaint.id}"
        for text in (origin, "complaints.complaint:x", "nothing:1", "x" * 3000):
            answer = stranger.get(f"/abilities/{OPEN}", query_string={"origin": text})
            assert answer.status_code == 404


def test_rest_uses_an_ability_once_for_a_key(house, customer):
    client = house.client()
    login = client.post("/api/v1/security/login", json={
        "username": "agent", "password": PASSWORD, "provider": "db"})
    headers = {"Authorization": f"Bearer {login.json['access_token']}", "Idempotency-Key": "k1"}
    listed = client.get("/api/v1/abilities/", headers=headers).json["result"]
    names = [one["name"] for one in listed]
    assert names == sorted(names) and {OPEN, NOTE} <= set(names)
    body = {"values": {"customer_id": customer.id, "reason": REASON},
            "origin": {"record_type": "customers.customer", "id": customer.id}}
    first = client.post(f"/api/v1/abilities/{OPEN}", json=body, headers=headers)
    assert first.status_code == 201, first.text
    made = house.session.get(Complaint, first.json["id"])
    assert first.json == {"record_type": "complaints.complaint", "id": made.id,
                          "number": made.number, "address": f"/complaints/show/{made.id}"}
    again = client.post(f"/api/v1/abilities/{OPEN}", json=body, headers=headers)
    assert again.status_code == 200 and again.headers["Idempotency-Replayed"] == "true"
    assert complaints(house) == 1
    del headers["Idempotency-Key"]
    for body, status in (
        ({"values": {}}, 422), ({"values": [1]}, 400), ({"origin": {"id": 1}}, 404),
        ({"values": {"reason": REASON}, "origin": 7}, 404),
    ):
        answer = client.post(f"/api/v1/abilities/{OPEN}", json=body, headers=headers)
        assert answer.status_code == status, (body, answer.text)
    assert client.post("/api/v1/abilities/no.such", json={}, headers=headers).status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_rest_answers_nobody_without_signing_in(house, method):
    path = "/api/v1/abilities/" if method == "get" else f"/api/v1/abilities/{OPEN}"
    assert getattr(house.client(), method)(path, **(
        {} if method == "get" else {"json": {}})).status_code == 401
