"""Rules of contact: nothing is offered, begun or dialled while a customer must be left alone."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.sdk.customers import Contact, DoNotContact, may_contact
from app.sdk.demo import acting_at
from app.sdk.errors import Invalid, Rejected
from app.sdk.services import SYSTEM, act, write
from plugins.callbacks.models import Task
from plugins.callbacks.services import held_tasks, next_task
from plugins.callbacks.tests.conftest import set_rules_of_contact
from plugins.callbacks.tests.helpers import COMPLETE, contact, customer, planned, started

SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
NOON = dt.datetime(2026, 11, 25, 12, tzinfo=SHANGHAI)
NIGHT = NOON.replace(hour=23)
MORNING = dt.datetime(2026, 11, 26, 8, tzinfo=SHANGHAI)


@pytest.fixture
def strict(house) -> None:
    """The rules of contact as they come with the product."""
    set_rules_of_contact(house.session, quiet_from=22, quiet_until=8, on_holidays=False,
                         interval_minutes=30, most_unanswered=3)



def banned(house, task: Task, purpose: str = "") -> None:
    """Let the customer of a callback want no contact."""
    with write(house.session):
        house.session.add(DoNotContact(customer_id=task.customer_id, purpose=purpose,
                                       reason="客户要求"))


def test_at_night_nothing_is_offered_and_it_says_when_it_opens(house, strict):
    task, agent = planned(house), house.actor("agent")
    assert next_task(house.session, agent, NOON) is task
    assert next_task(house.session, agent, NIGHT) is None
    [(held, verdict)] = held_tasks(house.session, agent, NIGHT)
    assert held is task and verdict.opens_at == MORNING
    assert "quiet hours" in str(verdict.reason)


def test_the_customers_own_clock_counts(house, strict):
    task = planned(house, customer_id=customer(house, timezone="America/New_York").id)
    agent = house.actor("agent")
    assert next_task(house.session, agent, NOON) is None
    assert next_task(house.session, agent, NIGHT) is task


def test_what_is_held_lets_the_next_one_pass(house, strict):
    abroad = planned(house, priority="urgent",
                     customer_id=customer(house, timezone="America/New_York").id)
    here = planned(house, customer_id=customer(house, phone="13900000001").id)
    agent = house.actor("agent")
    assert next_task(house.session, agent, NOON) is here
    assert [one for one, _ in held_tasks(house.session, agent, NOON)] == [abroad]


def test_the_step_is_refused_at_night_on_every_way(house, strict):
    task = planned(house)
    opens = r"quiet hours.* It opens: 2026-11-26 08:00"
    with acting_at(NIGHT), pytest.raises(Rejected, match=opens):
        act(house.session, house.actor("agent"), task, "start")
    with acting_at(NOON):
        act(house.session, house.actor("agent"), task, "start")
    assert task.state == "working"


def test_the_api_refuses_who_wants_no_contact(house):
    task = planned(house)
    banned(house, task)
    client = house.client("agent")
    answer = client.post(f"/api/v1/callbacks/{task.id}/actions/start", json={})
    assert answer.status_code in (400, 403, 409, 422), answer.text
    house.session.expire_all()
    assert task.state == "open"
    page = client.get(f"/callbacks/call/task/{task.id}").text
    assert "客户要求" in page and "data-held" in page


def test_a_number_is_not_given_to_be_called_while_it_is_held(house):
    task = started(house)
    client = house.client("agent")
    page = client.get(f"/callbacks/call/task/{task.id}")
    token = page.text.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    address = f"/callbacks/call/{task.id}/contact"
    assert "13812345678" in client.post(address, data={"csrf_token": token}).text
    banned(house, task)
    assert "13812345678" not in client.post(address, data={"csrf_token": token}).text


def test_who_rings_back_is_served_at_any_time(house, strict):
    task = planned(house)
    with acting_at(NIGHT):
        act(house.session, house.actor("agent"), task, "ring_back")
        assert (task.state, task.inbound, task.started_at) == ("working", True, NIGHT)
        contact(house, task, "reached", **COMPLETE)
    assert task.state == "closed"


def test_a_colleague_takes_the_call_of_who_rings_back(house):
    task = planned(house)
    act(house.session, house.actor("supervisor"), task, "ring_back")
    assert task.owner_id == house.actor("supervisor").user_id


def test_who_rings_back_is_found_by_number(house):
    task, client = planned(house), house.client("agent")
    moved = client.get("/callbacks/call/ring-back?number=138 1234 5678")
    assert moved.location.endswith(f"/callbacks/call/task/{task.id}")
    planned(house, customer_id=task.customer_id)
    assert task.number in client.get("/callbacks/call/ring-back?number=13812345678").text
    for number in ("13800000000", ""):
        page = client.get(f"/callbacks/call/ring-back?number={number}")
        assert page.status_code == 200 and task.number not in page.text
    customer_page = client.get(f"/customers/show/{task.customer_id}").text
    assert "/callbacks/call/task/" in customer_page


def test_a_stranger_finds_nobody_by_number(house):
    task = planned(house)
    page = house.client("yangfan").get("/callbacks/call/ring-back?number=13812345678")
    assert page.status_code == 200 and task.number not in page.text


def test_who_rings_back_late_is_reachable_again(house):
    task = started(house)
    contact(house, task, "wrong_number")
    act(house.session, house.actor("agent"), task, "ring_back")
    assert (task.state, task.closed_at) == ("working", None)


@pytest.mark.parametrize(("code", "reached", "values"), [
    ("no_answer", False, {}), ("reached", True, COMPLETE), ("refused", True, {})])
def test_each_try_is_in_the_log_of_contacts(house, code, reached, values):
    task = started(house)
    contact(house, task, code, **values)
    [row] = house.session.scalars(select(Contact)).all()
    assert (row.customer_id, row.channel, row.purpose) == (task.customer_id, "phone", "survey")
    assert (row.reached, row.record_type, row.record_id) == (reached, "callbacks.task", task.id)
    assert row.by_id == house.actor("agent").user_id


def test_a_contact_that_is_not_recorded_is_not_in_the_log(house):
    task = started(house)
    with pytest.raises(Invalid):
        contact(house, task, "reached")
    assert house.session.scalar(select(func.count()).select_from(Contact)) == 0


def test_a_refusal_lets_nobody_contact_the_customer_for_this_purpose(house):
    task = started(house)
    contact(house, task, "refused")
    for purpose, allowed in (("survey", False), ("reminder", True)):
        assert may_contact(
            house.session, SYSTEM, task.customer_id, "phone", purpose).allowed is allowed


def test_the_next_contact_is_planned_for_when_it_is_allowed(house, strict):
    with acting_at(NOON.replace(hour=20)):
        task = started(house)
        contact(house, task, "no_answer")
    assert task.next_contact_at == MORNING


def test_no_time_is_agreed_at_which_the_customer_is_not_called(house, strict):
    with acting_at(NOON):
        task = started(house)
        with pytest.raises(Invalid, match="quiet hours"):
            contact(house, task, "inconvenient", next_contact_at=NIGHT)
        assert (task.state, task.tries) == ("working", 0)
    assert house.session.scalar(select(func.count()).select_from(Contact)) == 0


def test_the_list_of_those_that_wait_says_why(house):
    task = planned(house)
    banned(house, task)
    for path, name in (("/callbacks/call/held", "agent"), ("/callbacks/call", "agent"),
                       ("/callbacks/call/held?all=1", "supervisor")):
        page = house.client(name).get(path)
        assert page.status_code == 200
        assert task.number in page.text and "客户要求" in page.text


ZONES = ("", "Asia/Shanghai", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland")
WISHES = ("", "09:00-12:00", "18:00-20:00, 10:00-11:00")
MOMENTS = st.datetimes(dt.datetime(2026, 9, 25), dt.datetime(2027, 3, 1),
                       timezones=st.just(dt.UTC))


def test_no_call_is_offered_in_forbidden_time(house, strict):
    """Across days, months, holidays, time zones and earlier tries, by the governor's own word."""
    agent = house.actor("agent")
    made = [planned(house, customer_id=customer(
        house, phone=f"1390000{zone:02}{wish:02}", timezone=ZONES[zone],
        contact_hours=WISHES[wish]).id, priority=("urgent", "normal", "low")[wish])
        for zone in range(len(ZONES)) for wish in range(len(WISHES))]
    offered = set()

    @settings(max_examples=60, deadline=None)
    @given(MOMENTS, st.integers(0, len(made) - 1), st.booleans())
    def law(moment, tried, reached):
        with write(house.session):
            house.session.add(Contact(
                customer_id=made[tried].customer_id, channel="phone", purpose="survey",
                reached=reached, at=moment))
        task = next_task(house.session, agent, moment)
        waiting = dict(held_tasks(house.session, agent, moment))
        verdicts = {one: may_contact(house.session, SYSTEM, one.customer_id, one.channel,
                                     one.contact_purpose, moment) for one in made}
        assert task is None or verdicts[task].allowed
        # Nothing is lost: what is not held may be made, and what may be made is offered.
        assert {one for one in made if not verdicts[one].allowed} == set(waiting)
        assert (task is None) == (len(waiting) == len(made))
        offered.add(task is not None)

    law()
    assert offered == {True, False}


