"""Callbacks: planned, made, recorded, contacted again, given up, moved."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.sdk.abilities import call
from app.sdk.errors import Invalid, NotPermitted, Rejected
from app.sdk.models import Vehicle
from app.sdk.services import SYSTEM, act, create, update, utcnow
from plugins.callbacks.models import Outcome, OutcomeRule, Task
from plugins.callbacks.services import call_in_progress, next_task
from plugins.callbacks.tests.helpers import (
    COMPLETE,
    contact,
    customer,
    outcome,
    planned,
    started,
)

HOUR = dt.timedelta(hours=1)


def test_it_takes_name_number_and_subject_from_what_it_is_about(house):
    task = planned(house)
    assert (task.state, task.customer_name, task.subject) == ("open", "王小明", "交车后回访")
    assert task.contact == "13812345678"
    assert task.number.startswith("HF-")


def test_a_complete_record_closes_it(house):
    task = started(house)
    contact(house, task, "reached", **COMPLETE)
    assert (task.state, task.tries, task.satisfaction) == ("closed", 1, "satisfied")
    assert task.closed_at is not None and task.next_contact_at is None


@pytest.mark.parametrize("name", ["identity_checked", "satisfaction", "summary", "minutes"])
def test_an_incomplete_record_does_not(house, name):
    task = started(house)
    with pytest.raises(Invalid) as caught:
        contact(house, task, "reached", **{key: value for key, value in COMPLETE.items()
                                           if key != name})
    assert list(caught.value.errors) == [name]
    house.session.refresh(task)
    assert (task.state, task.tries) == ("working", 0)


def test_nobody_answers_three_times(house):
    task = started(house)
    for tries in (1, 2):
        before = utcnow()
        contact(house, task, "no_answer")
        assert (task.state, task.tries) == ("waiting", tries)
        assert task.next_contact_at - before >= 4 * HOUR
        act(house.session, house.actor("agent"), task, "start")
    contact(house, task, "no_answer")
    assert (task.state, task.next_contact_at) == ("unreachable", None)


def test_an_agreed_time_is_kept(house):
    task, agreed = started(house), utcnow().replace(microsecond=0) + 30 * HOUR
    contact(house, task, "inconvenient", next_contact_at=agreed)
    assert (task.state, task.next_contact_at) == ("waiting", agreed)
    assert next_task(house.session, house.actor("agent")) is None
    assert next_task(house.session, house.actor("agent"), agreed) is task


def test_no_time_of_the_past_is_agreed(house):
    with pytest.raises(Invalid, match="time to come"):
        contact(house, started(house), "inconvenient", next_contact_at=utcnow() - HOUR)


@pytest.mark.parametrize(("code", "state"), [("refused", "closed"), ("wrong_number", "unreachable")])
def test_what_ends_without_a_result(house, code, state):
    task = started(house)
    contact(house, task, code)
    assert task.state == state


def test_what_was_recorded_before_an_interruption_remains(house):
    task = started(house)
    contact(house, task, "interrupted", identity_checked=True, summary="刚开始")
    act(house.session, house.actor("agent"), task, "start")
    contact(house, task, "reached", satisfaction="fair", minutes=2)
    assert (task.state, task.summary, task.tries) == ("closed", "刚开始", 2)


def test_only_the_one_who_makes_it_records_a_contact(house):
    with pytest.raises(Rejected):
        contact(house, started(house), "reached", "supervisor", **COMPLETE)


def test_no_form_writes_what_a_contact_records(house):
    with pytest.raises(Invalid):
        update(house.session, house.actor("supervisor"), planned(house),
               {"satisfaction": "satisfied"})


def test_an_outcome_without_a_rule_is_refused(house):
    house.session.add(Outcome(code="new", name="New", name_zh="新结果"))
    house.session.commit()
    with pytest.raises(Invalid, match="needs a rule"):
        contact(house, started(house), "new")


def test_a_changed_rule_holds_for_the_next_contact(house):
    rule = house.session.scalars(select(OutcomeRule).where(
        OutcomeRule.outcome_id == outcome(house, "no_answer"))).one()
    update(house.session, house.actor("supervisor"), rule, {"most_tries": 1})
    task = started(house)
    contact(house, task, "no_answer")
    assert task.state == "unreachable"


@pytest.mark.parametrize(("values", "field"), [
    ({"finished": True}, "call_again"), ({"most_tries": 0}, "most_tries"),
    ({"delay_minutes": 0}, "delay_minutes"), ({"reached": True}, "reached"),
])
def test_a_rule_does_not_contradict_itself(house, values, field):
    rule = house.session.scalars(select(OutcomeRule).where(
        OutcomeRule.outcome_id == outcome(house, "no_answer"))).one()
    with pytest.raises(Invalid) as caught:
        update(house.session, house.actor("supervisor"), rule, values)
    assert field in caught.value.errors


def test_the_next_one_is_the_most_urgent_that_is_due(house):
    one = customer(house).id
    low = planned(house, customer_id=one, priority="low")
    later = planned(house, customer_id=one, priority="urgent", due_from=utcnow() + HOUR)
    normal = planned(house, customer_id=one)
    agent = house.actor("agent")
    assert next_task(house.session, agent) is normal
    assert next_task(house.session, agent, utcnow() + 2 * HOUR) is later
    act(house.session, agent, low, "start")
    assert call_in_progress(house.session, agent) is low
    assert next_task(house.session, agent) is normal
    assert next_task(house.session, house.actor("linna")) is None


def test_a_vehicle_of_somebody_else_is_refused(house):
    other = create(house.session, SYSTEM, Vehicle,
                   {"customer_id": customer(house, name="李雷").id, "plate": "沪A12345"})
    with pytest.raises(Invalid, match="another customer"):
        planned(house, vehicle_id=other.id)


def test_a_window_that_ends_before_it_begins_is_refused(house):
    with pytest.raises(Invalid, match="before the beginning"):
        planned(house, due_from=utcnow() + HOUR, due_until=utcnow())


def test_the_supervisor_moves_it_and_an_agent_does_not(house):
    task, other = planned(house), house.actor("linna").user_id
    with pytest.raises(NotPermitted):
        act(house.session, house.actor("agent"), task, "reassign", {"owner_id": other})
    act(house.session, house.actor("supervisor"), task, "reassign", {"owner_id": other})
    assert task.owner_id == other
    with pytest.raises(Invalid, match="may not work on such records"):
        act(house.session, house.actor("supervisor"), task, "reassign",
            {"owner_id": house.actor("hr").user_id})


def test_reopening_counts_the_contacts_anew(house):
    task = started(house)
    contact(house, task, "wrong_number")
    act(house.session, house.actor("supervisor"), task, "reopen", {"reopen_reason": "新号码"})
    assert (task.state, task.tries, task.closed_at) == ("open", 0, None)


def test_another_plugin_plans_one_by_the_ability(house):
    found = customer(house)
    task = call(house.session, house.actor("agent"), "callbacks.plan",
                {"customer_id": found.id, "subject": "告知结果"}, origin=found)
    assert isinstance(task, Task) and task.owner_id == house.actor("agent").user_id


def test_another_team_sees_nothing_of_it(house):
    task = planned(house)
    stranger = house.client("yangfan")
    assert stranger.get(f"/callbacks/show/{task.id}").status_code == 404
    assert task.number not in stranger.get("/callbacks/list/?all=1").text


@pytest.mark.parametrize("path", ["/list/", "/show/{id}", "/edit/{id}", "/add",
                                  "/act/{id}/record_contact"])
def test_every_page_opens(house, path):
    task = started(house)
    answer = house.client("agent").get("/callbacks" + path.format(id=task.id))
    assert answer.status_code == 200


def test_the_page_of_the_customer_shows_it(house):
    agreed = utcnow() + HOUR
    task = planned(house, due_from=agreed)
    page = house.client("agent").get(f"/customers/show/{task.customer_id}")
    assert "Next callback" in page.text or "下次回访" in page.text


def test_it_is_found_over_rest_with_a_masked_number(house):
    task = planned(house)
    [row] = house.client("agent").get("/api/v1/callbacks/").json["result"]
    assert row["number"] == task.number
    shown = house.client("agent").get(f"/api/v1/callbacks/{task.id}").text
    assert "13812345678" not in shown and "138****5678" in shown
