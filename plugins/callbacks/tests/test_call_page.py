"""The page on which a callback is made: each answer is stored, and the script goes on."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.sdk.customers import Consent, DoNotContact
from app.sdk.errors import Invalid, Rejected
from app.sdk.models import Vehicle
from app.sdk.records import operations_of
from app.sdk.screens import draft_values, zone
from app.sdk.services import SYSTEM, act, create, write
from plugins.callbacks.models import Script, Task
from plugins.callbacks.services import script_for
from plugins.callbacks.tests.helpers import (
    COMPLETE,
    contact,
    customer,
    outcome,
    planned,
    started,
)


@pytest.fixture
def task(house) -> Task:
    """A callback in progress with the script after delivery."""
    return started(house, script_id=script_for(house.session, "delivery", "zh").id)


def answer(house, task, name, text, username="agent") -> None:
    """Answer a question."""
    operations_of(Task).answer(house.session, house.actor(username), task, name, text)


def token_of(page) -> str:
    """Return the token of a form."""
    return page.text.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]


def test_the_next_callback_opens_at_its_first_question(house, task):
    client = house.client("agent")
    moved = client.get("/callbacks/call")
    assert moved.status_code == 302 and moved.location.endswith(f"/callbacks/call/task/{task.id}")
    page = client.get(moved.location)
    assert page.status_code == 200
    assert "请问是车主本人吗" in page.text and "138****5678" in page.text
    assert "13812345678" not in page.text


def test_without_one_it_says_so(house):
    assert house.client("agent").get("/callbacks/call").status_code == 200


def test_an_answer_is_stored_and_leads_to_the_next_question(house, task):
    client = house.client("agent")
    address = f"/callbacks/call/task/{task.id}"
    for question, given in (("greeting", ""), ("convenient", "方便"), ("handover", "fair")):
        page = client.get(address)
        answered = client.post(f"{address}/answer", data={
            "csrf_token": token_of(page), "question": question, "answer": given})
        assert answered.location.endswith(address)
    assert "哪个环节" in client.get(address).text
    house.session.rollback()
    assert task.answers == {"greeting": "", "convenient": "方便", "handover": "fair"}


def test_a_corrected_answer_drops_the_branch(house, task):
    for name, text in (("greeting", ""), ("convenient", "方便"), ("handover", "fair"),
                       ("handover_reason", "讲解太快")):
        answer(house, task, name, text)
    answer(house, task, "handover", "satisfied")
    assert task.answers == {"greeting": "", "convenient": "方便", "handover": "satisfied"}


def test_it_goes_on_where_it_stopped(house, task):
    answer(house, task, "greeting", "")
    act(house.session, house.actor("agent"), task, "put_back")
    act(house.session, house.actor("agent"), task, "start")
    assert "您现在方便接听吗" in house.client("agent").get(f"/callbacks/call/task/{task.id}").text


@pytest.mark.parametrize(("name", "text", "error"), [
    ("thanks", "", Rejected), ("nothing", "", Rejected), ("greeting", "something", Invalid),
])
def test_only_the_question_asked_takes_only_its_answers(house, task, name, text, error):
    with pytest.raises(error):
        answer(house, task, name, text)
    house.session.refresh(task)
    assert task.answers == {}


def test_nobody_else_answers(house, task):
    with pytest.raises(Rejected):
        answer(house, task, "greeting", "", "supervisor")


def test_one_that_is_not_begun_is_begun_from_the_page(house):
    task = planned(house)
    client = house.client("agent")
    page = client.get(f"/callbacks/call/task/{task.id}")
    begun = client.post(f"/callbacks/act/{task.id}/start", data={
        "csrf_token": token_of(page), "version": task.version,
        "next": f"/callbacks/call/task/{task.id}"})
    assert begun.location.endswith(f"/callbacks/call/task/{task.id}")
    house.session.expire_all()
    assert task.state == "working"


def test_the_home_page_leads_to_it(house):
    task = planned(house)
    assert f"/callbacks/call/task/{task.id}" in house.client("agent").get("/").text


def test_a_stranger_sees_nothing_of_it(house, task):
    assert house.client("yangfan").get(f"/callbacks/call/task/{task.id}").status_code == 404


def test_what_is_typed_is_there_again_and_nobody_elses(house, task):
    for name, text in (("greeting", ""), ("convenient", "方便"), ("handover", "fair")):
        answer(house, task, name, text)
    client, address = house.client("agent"), f"/callbacks/call/task/{task.id}"
    token = token_of(client.get(address))
    for field, text in (("answer", "讲解太快"), ("summary", "客户着急")):
        sent = client.post(f"{address}/typed", data={
            "csrf_token": token, "question": "handover_reason", field: text, "owner_id": "1"})
        assert sent.status_code == 204
    assert 'value="讲解太快"' in client.get(address).text
    assert "客户着急" in client.get(f"{address}?record=1").text
    other = house.client("supervisor")
    assert "讲解太快" not in other.get(address).text
    house.session.expire_all()
    assert "handover_reason" not in task.answers


def test_the_record_offers_times_and_the_chosen_one_is_agreed(house, task):
    client, address = house.client("agent"), f"/callbacks/call/task/{task.id}"
    page = client.get(f"{address}?record=1")
    options = page.text.split('id="next_offer"', 1)[1].split("</select>", 1)[0]
    offered = [part.split('"', 1)[0] for part in options.split('value="')[2:]]
    assert len(offered) == 3
    sent = client.post(f"{address}/record", data={
        "csrf_token": token_of(page), "outcome_id": str(outcome(house, "inconvenient")),
        "identity_checked": "1", "summary": "x", "minutes": "1", "next_offer": offered[1],
        "next_contact_at": ""})
    assert sent.status_code == 302
    house.session.rollback()
    house.session.expire_all()
    assert task.next_contact_at.astimezone(zone()).strftime("%Y-%m-%dT%H:%M") == offered[1]


def test_nothing_is_typed_into_a_callback_of_somebody_else(house, task):
    other, mine = house.client("supervisor"), planned(house, "supervisor")
    token = token_of(other.get(f"/callbacks/call/task/{mine.id}"))
    sent = other.post(f"/callbacks/call/task/{task.id}/typed", data={
        "csrf_token": token, "answer": "x"})
    assert sent.status_code == 409


def test_a_recorded_contact_leads_on_and_leaves_no_draft(house, task):
    client, address = house.client("agent"), f"/callbacks/call/task/{task.id}"
    token = token_of(client.get(address))
    client.post(f"{address}/typed", data={"csrf_token": token, "summary": "客户满意"})
    missing = client.post(f"{address}/record", data={
        "csrf_token": token, "outcome_id": outcome(house, "reached")})
    assert missing.status_code == 422 and "identity_checked-error" in missing.text
    done = client.post(f"{address}/record", data={
        "csrf_token": token, "outcome_id": outcome(house, "reached"), "identity_checked": "1",
        "satisfaction": "satisfied", "minutes": "2"})
    assert done.location.endswith("/callbacks/call")
    house.session.rollback()
    assert (task.state, task.summary) == ("closed", "客户满意")
    assert draft_values(
        house.session, house.actor("agent").user_id, f"callbacks.Task:call:{task.id}") == {}


def test_the_page_of_a_call_takes_few_statements(house):
    session, agent = house.session, house.actor("agent")
    script = session.scalars(select(Script).where(
        Script.code == "delivery", Script.language == "zh")).one()
    found = customer(house)
    for _ in range(3):
        contact(house, started(house, customer_id=found.id), "reached", **COMPLETE)
    create(session, SYSTEM, Vehicle, {"customer_id": found.id, "plate": "沪A12345"})
    with write(session):
        session.add_all([
            Consent(customer_id=found.id, from_on=dt.date(2026, 1, 5)),
            DoNotContact(customer_id=found.id, purpose="marketing", reason="不需要")])
    task = started(house, customer_id=found.id, script_id=script.id)
    assert task.owner_id == agent.user_id
    client, path = house.client("agent"), f"/callbacks/call/task/{task.id}"
    assert client.get(path).status_code == 200
    seen = house.statements_of(lambda: client.get(path))
    assert 8 < len(seen) <= 12, seen
