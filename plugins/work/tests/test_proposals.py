"""Staff proposals: submitted, reviewed, adopted or not, carried out, their effect recorded."""

from __future__ import annotations

import datetime as dt

import pytest

from app.sdk.errors import CarelineError, Invalid, Rejected
from app.sdk.metrics import Period, figures, metrics_by_name
from app.sdk.people import local_today
from app.sdk.records import actions
from app.sdk.services import SYSTEM, act, update, utcnow
from plugins.work import jobs
from plugins.work.tests.helpers import MONDAY, adopted, at, proposal


def figure(house, name, username):
    """Return how many proposals of a person a metric counts around today."""
    metric = metrics_by_name(personal=True)[name]
    day = local_today()
    around = Period(first=day - dt.timedelta(days=2), last=day + dt.timedelta(days=2))
    return figures(house.session, SYSTEM, [metric], around,
                   person=house.actor(username).user_id)[name].numerator


def test_a_proposal_goes_from_the_idea_to_its_effect(house):
    one = adopted(house)
    assert (one.state, one.decision, one.reward_points) == ("to_carry_out", "adopted", 20)
    assert one.owner_id == house.actor("wanghao").user_id
    act(house.session, house.actor("wanghao"), one, "carry_out", {"carried_out": "已写入作业说明"})
    act(house.session, house.actor("supervisor"), one, "record_effect", {"effect": "错误减少"})
    assert (one.state, one.effect, one.is_open) == ("effect_recorded", "错误减少", False)
    # It counts for whoever had the idea, not for whoever carries it out.
    assert figure(house, "work.proposals", "agent") == 1
    assert figure(house, "work.proposals_adopted", "agent") == 1
    assert figure(house, "work.proposals_adopted", "wanghao") == 0


def test_turning_down_needs_a_reason(house):
    one = proposal(house)
    act(house.session, house.actor("supervisor"), one, "review")
    with pytest.raises(Invalid):
        act(house.session, house.actor("supervisor"), one, "turn_down", {"reason": ""})
    act(house.session, house.actor("supervisor"), one, "turn_down", {"reason": "成本过高"})
    assert (one.state, one.decision, one.reason) == ("turned_down", "not_adopted", "成本过高")
    assert figure(house, "work.proposals_adopted", "agent") == 0


def test_nobody_decides_about_their_own(house):
    one = proposal(house, "supervisor")
    names = {found.name for found in actions(house.session, house.actor("supervisor"), one)}
    assert "review" not in names and "withdraw" in names
    with pytest.raises(CarelineError):
        act(house.session, house.actor("supervisor"), one, "review")
    act(house.session, house.actor("leader"), one, "review")


def test_agents_decide_nothing_and_do_not_write_points(house):
    one = proposal(house)
    with pytest.raises(CarelineError):
        act(house.session, house.actor("agent"), one, "review")
    for values in ({"reward_points": 500}, {"decision": "adopted"}, {"owner_id": 1}):
        with pytest.raises(Invalid):
            update(house.session, house.actor("agent"), one, values)


def test_it_is_changed_by_the_proposer_until_the_review(house):
    one = proposal(house)
    update(house.session, house.actor("agent"), one, {"subject": "新标题"})
    with pytest.raises(Rejected):
        update(house.session, house.actor("wanghao"), one, {"subject": "别人的"})
    act(house.session, house.actor("supervisor"), one, "review")
    with pytest.raises(Rejected):
        update(house.session, house.actor("agent"), one, {"subject": "太晚"})


def test_a_day_that_is_over_and_a_person_without_the_right_are_refused(house):
    with pytest.raises(Invalid) as refused:
        adopted(house, due_on=local_today() - dt.timedelta(days=1))
    assert set(refused.value.errors) == {"due_on"}
    with pytest.raises(Invalid) as refused:
        adopted(house, responsible=house.actor("luoting").user_id
                if not house.actor("luoting").can("can_edit", "work.Proposal") else 0)
    assert set(refused.value.errors) == {"responsible"}


def test_an_overdue_proposal_is_reminded_of_once_a_day(house):
    with at(0, 10):
        one = adopted(house, due_on=MONDAY + dt.timedelta(days=3))
    for day, reminded in ((3, None), (4, MONDAY + dt.timedelta(days=4))):
        with at(day, 10):
            jobs.remind_of_proposals(house.session, utcnow(), utcnow())
            jobs.remind_of_proposals(house.session, utcnow(), utcnow())
        house.session.refresh(one)
        assert one.reminded_on == reminded
