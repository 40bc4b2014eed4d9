"""A wrong answer that is found makes the calls by itself, unless too many customers got it."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.notices.models import Notice
from app.sdk.demo import acting_at
from app.sdk.errors import Invalid
from app.sdk.services import act, create, update
from plugins.callbacks.corrections.articles import after_event
from plugins.callbacks.models import Correction, Script, Task
from plugins.callbacks.services import script_for
from plugins.callbacks.tests import test_changed_articles
from plugins.callbacks.tests.conftest import calls_begin_up_to
from plugins.callbacks.tests.helpers import COMPLETE, contact, customer, planned

asked, changed = test_changed_articles.asked, test_changed_articles.changed
MONDAY = dt.datetime(2026, 10, 12, 3, tzinfo=dt.UTC)
WORDS = {"wrong_answer": "首保免费两次", "right_answer": "首保免费一次"}


def heard(house, script: Script, phone: str) -> Task:
    """Return a callback in which a customer has heard a script."""
    with acting_at(MONDAY):
        task = planned(house, customer_id=customer(house, phone=phone).id, script_id=script.id)
        act(house.session, house.actor("agent"), task, "start")
        contact(house, task, "reached", **COMPLETE)
    return task


def calls(house) -> list[Task]:
    """Return all correction calls."""
    return list(house.session.scalars(
        select(Task).where(Task.correction_id.is_not(None)).order_by(Task.id)))


def in_force(house, code="delivery", **values) -> Script:
    """Return a new version that an administrator wrote and the supervisor put in force."""
    text = script_for(house.session, code, "zh").text
    made = create(house.session, house.actor("admin"), Script,
                  {"name": "交车回访", "code": code, "text": text, **values})
    for step in ("approve", "put_in_force"):
        act(house.session, house.actor("supervisor"), made, step)
    return made


def test_an_agent_who_finds_one_has_everybody_called(house):
    task = heard(house, script_for(house.session, "delivery", "zh"), "13900000001")
    done = act(house.session, house.actor("agent"), task, "correct",
               {**WORDS, "found_by": "agent"})
    [made] = calls(house)
    assert (made.source_id, done.record.calls) == (task.id, 1)
    assert (made.department_id, made.owner_id) == (task.department_id, task.owner_id)


def test_a_script_that_corrects_the_version_before_has_its_customers_called(house):
    before = script_for(house.session, "delivery", "zh")
    tasks = [heard(house, before, f"1390000000{place}") for place in (1, 2)]
    heard(house, script_for(house.session, "workshop", "zh"), "13900000003")
    in_force(house, **WORDS)
    assert [one.source_id for one in calls(house)] == [one.id for one in tasks]
    [correction] = house.session.scalars(select(Correction))
    assert (correction.script_id, correction.found_by, correction.calls) == (
        before.id, "article", 2)
    page = house.client("agent").get(f"/callbacks/call/task/{calls(house)[0].id}").text
    assert WORDS["wrong_answer"] in page and WORDS["right_answer"] in page


def test_a_script_that_only_reads_better_calls_nobody(house):
    heard(house, script_for(house.session, "delivery", "zh"), "13900000001")
    in_force(house)
    assert calls(house) == [] and house.session.scalars(select(Correction)).all() == []


def test_a_new_version_does_not_correct_again_what_this_one_has_corrected(house):
    made = in_force(house, **WORDS)
    act(house.session, house.actor("supervisor"), made, "new_version")
    draft = house.session.scalars(select(Script).where(Script.state == "draft")).one()
    assert (draft.wrong_answer, draft.right_answer) == ("", "")


@pytest.mark.parametrize("given", WORDS)
def test_what_is_wrong_and_what_is_right_go_together(house, given):
    draft = create(house.session, house.actor("admin"), Script, {
        "name": "x", "code": "x", "text": "[q: text] ?"})
    with pytest.raises(Invalid) as caught:
        update(house.session, house.actor("admin"), draft, {given: "x"})
    assert set(caught.value.errors) == set(WORDS) - {given}


def test_where_too_many_got_it_whoever_leads_decides(house):
    calls_begin_up_to(house.session, 1)
    before = script_for(house.session, "delivery", "zh")
    for place in (1, 2):
        heard(house, before, f"1390000000{place}")
    in_force(house, **WORDS)
    [correction] = house.session.scalars(select(Correction))
    assert calls(house) == [] and correction.called_at is None
    assert house.session.scalars(select(Notice.user_id).where(
        Notice.record_type == Correction.__record_type__)).all()
    act(house.session, house.actor("supervisor"), correction, "call_again")
    assert len(calls(house)) == 2


def test_a_changed_article_has_its_customers_called_in_its_department(house, changed):
    assert after_event(house.session, changed) == 1
    [correction] = house.session.scalars(select(Correction))
    made = calls(house)
    assert len(made) == 2 == correction.calls
    assert {one.department_id for one in made} == {correction.department_id}
