"""An article that answered customers has changed: whoever leads is offered correction calls."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.notices.models import Notice
from app.sdk.abilities import call
from app.sdk.records import links_of
from app.sdk.services import SYSTEM, act, utcnow, write
from plugins.callbacks.corrections.articles import CHANGED, after_event
from plugins.callbacks.corrections.calls import receivers, to_call
from plugins.callbacks.models import Correction, Task
from plugins.callbacks.tests.helpers import customer

pytestmark = pytest.mark.usefixtures("decided")

WORDS = {"title": "提前还款怎么办理", "before": "要付违约金。", "after": "满一年不付违约金。",
         "previous_id": 1}


@pytest.fixture
def asked(house):
    """Two enquiries of one customer and one of another, all answered by the article."""
    agent, first = house.actor("agent"), customer(house).id
    other = customer(house, phone="13900000002").id
    return [call(house.session, agent, "enquiries.open",
                 {"customer_id": key, "question": "提前还款要付违约金吗？"})
            for key in (first, first, other)]


@pytest.fixture
def changed(house, asked):
    """The event, as it is sent when the new version is published."""
    article = call(house.session, house.actor("agent"), "knowledge.draft",
                   {"title_zh": WORDS["title"]})
    return {"event": CHANGED, "record_type": article.__record_type__, "record_id": article.id,
            "data": {**WORDS, "answered": [
                [one.__record_type__, one.id] for one in reversed(asked)]}}


def test_each_customer_is_to_be_called_once_when_the_leader_says_so(house, asked, changed):
    assert after_event(house.session, changed) == 1
    [correction] = house.session.scalars(select(Correction))
    assert (correction.subject, correction.wrong_answer, correction.right_answer) == (
        WORDS["title"], WORDS["before"], WORDS["after"])
    assert (correction.found_by, correction.department_id) == ("article", asked[0].department_id)
    assert house.session.scalars(select(Task)).all() == []
    assert {one.customer.id for one in receivers(house.session, correction)} == {
        asked[0].customer_id, asked[2].customer_id}
    told = house.session.scalars(select(Notice.user_id).where(
        Notice.record_type == Correction.__record_type__)).all()
    assert told
    boss = house.actor("supervisor")
    act(house.session, boss, correction, "call_again")
    calls = house.session.scalars(select(Task).order_by(Task.id)).all()
    # Of two answers to a customer the latest is what the call refers to.
    assert [(one.source_type, one.source_id) for one in calls] == [
        ("enquiries.enquiry", asked[2].id), ("enquiries.enquiry", asked[1].id)]
    assert to_call(house.session, correction) == [] and correction.calls == 2
    page = house.client("supervisor").get(f"/callbacks/corrections/show/{correction.id}").text
    assert WORDS["before"] in page and WORDS["after"] in page


def test_an_event_that_comes_twice_enters_one_correction_which_the_article_leads_to(house, changed):
    assert [after_event(house.session, changed) for _ in range(2)] == [1, 0]
    [correction] = house.session.scalars(select(Correction))
    assert {one.summary.record_type for one in links_of(house.session, SYSTEM, correction)} == {
        changed["record_type"]}


def test_what_concerns_no_customer_enters_nothing(house, changed):
    assert after_event(house.session, {**changed, "event": "knowledge.other"}) == 0
    changed["data"]["answered"] = [["enquiries.enquiry", 999], ["absent.kind", 1]]
    assert after_event(house.session, changed) == 0
    assert house.session.scalars(select(Correction)).all() == []


def test_customers_in_the_recycle_bin_are_left_out(house, asked, changed):
    after_event(house.session, changed)
    [correction] = house.session.scalars(select(Correction))
    with write(house.session):
        # No way in deletes a customer whose enquiry is open; one from before that rule may be.
        receivers(house.session, correction)[0].customer.deleted_at = utcnow()
    assert len(receivers(house.session, correction)) == 1
