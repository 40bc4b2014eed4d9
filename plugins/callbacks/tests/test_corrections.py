"""Correction calls: everybody who got a wrong answer is called again."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.sdk.demo import acting_at
from app.sdk.errors import Invalid, NotPermitted, Rejected
from app.sdk.records import delete
from app.sdk.services import act, create, update
from plugins.callbacks.corrections.calls import receivers, to_call
from plugins.callbacks.models import CallbackPurpose, Correction, Task
from plugins.callbacks.tests.helpers import COMPLETE, contact, customer, planned

pytestmark = pytest.mark.usefixtures("decided")

MONDAY = dt.datetime(2026, 10, 12, 3, tzinfo=dt.UTC)
WRONG = {"wrong_answer": "首保免费两次", "right_answer": "首保免费一次"}


def talked(house, day=0, code="reached", username="agent", **values) -> Task:
    """Return a callback in which a contact was made."""
    with acting_at(MONDAY + dt.timedelta(days=day)):
        task = planned(house, username, **values)
        act(house.session, house.actor(username), task, "start")
        contact(house, task, code, username, **(COMPLETE if code == "reached" else {}))
    return task


def entered(house, username="supervisor", **values) -> Correction:
    """Return a wrong answer that somebody has entered."""
    return create(house.session, house.actor(username), Correction, {**WRONG, **values})


def calls_of(house, correction) -> list[Task]:
    """Return the correction calls."""
    return list(house.session.scalars(
        select(Task).where(Task.correction_id == correction.id).order_by(Task.id)))


@pytest.fixture
def purpose(house) -> int:
    """The purpose of the callbacks in which the answer was given."""
    return house.session.scalars(
        select(CallbackPurpose.id).where(CallbackPurpose.code == "delivery")).one()


def test_everybody_who_got_it_is_called_once(house, purpose):
    both = customer(house, phone="13900000001").id
    first = talked(house, customer_id=both)
    again = talked(house, 1, customer_id=both)
    other = talked(house, 2, username="linna", customer_id=customer(house, phone="13900000002").id)
    talked(house, 2, "no_answer", customer_id=customer(house, phone="13900000003").id)
    talked(house, 9, customer_id=customer(house, phone="13900000004").id)
    wrong = entered(house, purpose_id=purpose, first_day=MONDAY.date(),
                    last_day=dt.date(2026, 10, 16))
    done = act(house.session, house.actor("supervisor"), wrong, "call_again")
    found = calls_of(house, wrong)
    assert [one.customer_id for one in found] == [first.customer_id, other.customer_id]
    assert [one.source_id for one in found] == [again.id, other.id]
    assert [one.owner_id for one in found] == [again.owner_id, other.owner_id]
    assert (found[0].priority, found[0].purpose.code) == ("urgent", "correction")
    assert (wrong.calls, done.message.params["number"]) == (2, 2)


def test_it_is_never_called_twice_and_who_is_found_later_is_added(house, purpose):
    talked(house, customer_id=customer(house, phone="13900000001").id)
    boss, wrong = house.actor("supervisor"), entered(house, purpose_id=purpose)
    act(house.session, boss, wrong, "call_again")
    with pytest.raises(Rejected, match="nobody left"):
        act(house.session, boss, wrong, "call_again")
    talked(house, 1, customer_id=customer(house, phone="13900000002").id)
    act(house.session, boss, wrong, "call_again")
    assert (len(calls_of(house, wrong)), wrong.calls) == (2, 2)


def test_a_correction_call_gives_no_wrong_answer_itself(house, purpose):
    talked(house, customer_id=customer(house, phone="13900000001").id)
    boss, wrong = house.actor("supervisor"), entered(house, purpose_id=purpose)
    act(house.session, boss, wrong, "call_again")
    [call] = calls_of(house, wrong)
    act(house.session, house.actor("agent"), call, "start")
    contact(house, call, "reached", **COMPLETE)
    same = entered(house, agent_id=call.owner_id)
    assert call not in [one.earlier for one in receivers(house.session, same)]


def test_a_customer_who_got_it_otherwise_is_called_too(house):
    found = customer(house)
    wrong = entered(house, customer_id=found.id)
    act(house.session, house.actor("supervisor"), wrong, "call_again")
    [call] = calls_of(house, wrong)
    assert call.customer_id == found.id and call.owner_id is None
    assert call.department_id == house.actor("supervisor").department_id


def test_customers_in_the_recycle_bin_are_left_out(house, purpose):
    task = talked(house)
    delete(house.session, house.actor("supervisor"), task.customer)
    assert receivers(house.session, entered(house, purpose_id=purpose)) == []


def test_an_agent_enters_it_on_the_callback_and_the_supervisor_calls(house):
    task = talked(house)
    agent = house.actor("agent")
    done = act(house.session, agent, task, "correct", {**WRONG, "found_by": "agent"})
    wrong = done.record
    assert (wrong.callback_number, wrong.subject) == (task.number, "首保免费一次")
    assert calls_of(house, wrong) == []
    with pytest.raises(NotPermitted):
        act(house.session, agent, wrong, "call_again")
    act(house.session, house.actor("supervisor"), wrong, "call_again")
    assert [one.source_id for one in calls_of(house, wrong)] == [task.id]


def test_a_supervisor_has_the_call_made_at_once(house):
    task = talked(house)
    done = act(house.session, house.actor("supervisor"), task, "correct",
               {**WRONG, "found_by": "inspector"})
    assert done.record.calls == 1 and to_call(house.session, done.record) == []


def test_an_open_callback_is_not_corrected_yet(house):
    with pytest.raises(Rejected):
        act(house.session, house.actor("agent"), planned(house), "correct",
            {**WRONG, "found_by": "agent"})


@pytest.mark.parametrize(("values", "field"), [
    ({}, "callback_number"), ({"callback_number": "HF-0"}, "callback_number"),
    ({"agent_id": 1, "wrong_answer": ""}, "wrong_answer"),
    ({"agent_id": 1, "found_by": "chance"}, "found_by"),
    ({"first_day": dt.date(2026, 2, 1), "last_day": dt.date(2026, 1, 1)}, "last_day")])
def test_what_is_missing_or_wrong_is_said(house, values, field):
    with pytest.raises(Invalid) as caught:
        entered(house, **values)
    assert list(caught.value.errors) == [field]


def test_a_callback_out_of_sight_is_not_named(house):
    task = talked(house)
    with pytest.raises(Invalid):
        entered(house, "yangfan", callback_number=task.number)


def test_the_number_of_calls_is_not_written_by_hand(house):
    wrong = entered(house, agent_id=house.actor("agent").user_id)
    with pytest.raises(Invalid):
        update(house.session, house.actor("supervisor"), wrong, {"calls": 7})


def test_every_page_opens_and_the_call_says_what_is_right(house):
    task = talked(house)
    boss = house.actor("supervisor")
    wrong = act(house.session, boss, task, "correct", {**WRONG, "found_by": "article"}).record
    [call] = calls_of(house, wrong)
    client = house.client("supervisor")
    for path in ("list/", f"show/{wrong.id}", "add", f"edit/{wrong.id}"):
        assert client.get(f"/callbacks/corrections/{path}").status_code == 200
    listed = client.get(f"/callbacks/list/?all=1&correction__in={wrong.id}").text
    assert call.number in listed and task.number not in listed
    page = house.client("agent").get(f"/callbacks/call/task/{call.id}").text
    assert "首保免费两次" in page and "首保免费一次" in page


def test_whoever_gave_the_wrong_answer_is_named_to_those_who_listen(house, monkeypatch, purpose):
    sent = []
    monkeypatch.setattr("plugins.callbacks.corrections.operations.emit",
                        lambda session, name, record, data, by: sent.append((name, data)))
    task, boss = talked(house), house.actor("supervisor")
    act(house.session, boss, task, "correct", {**WRONG, "found_by": "inspector"})
    entered(house, agent_id=house.actor("linna").user_id)
    # Whose answer it was is not known.
    entered(house, purpose_id=purpose)
    assert sent == [
        ("callbacks.wrong_answer", {"user_id": task.owner_id, "found_by": "inspector"}),
        ("callbacks.wrong_answer",
         {"user_id": house.actor("linna").user_id, "found_by": "agent"})]
