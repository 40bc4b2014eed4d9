"""An enquiry: answered on the spot, promised, asked of a department, waited for, reopened."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.deadlines.models import ClockEventRow, ClockRow
from app.deadlines.sweeping import sweep
from app.notices.models import Notice
from app.records.models import FormerValue
from app.sdk.demo import acting_at
from app.sdk.errors import Invalid, Rejected
from app.sdk.records import update
from app.sdk.services import SYSTEM, utcnow
from plugins.enquiries.enquiries.watching import close_silent, empty_contacts
from plugins.enquiries.tests.helpers import customer, department, set_up, step, taken

MONDAY = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)  # 10:00 in Shanghai
HOUR = dt.timedelta(hours=1)


def test_what_is_answered_on_the_spot_is_closed_with_the_verdict(house):
    enquiry = taken(house, customer_id=customer(house).id, phone="", answer="不收，满一年即可。",
                    satisfaction="satisfied")
    assert (enquiry.state, enquiry.satisfaction, enquiry.ending) == (
        "closed", "satisfied", "answered")
    assert enquiry.answered_at_once and enquiry.answered_at is not None
    assert enquiry.promised_at is None and enquiry.reply_result == "kept"
    assert (enquiry.customer_name, enquiry.phone.reveal()) == ("王小明", "13812345678")
    assert enquiry.owner_id == house.actor("agent").user_id


def test_an_answer_without_a_verdict_waits_for_the_question(house):
    enquiry = taken(house, answer="不收")
    assert enquiry.state == "answered" and enquiry.is_open
    step(house, enquiry, "agent", "close", outcome="not_asked")
    assert (enquiry.state, enquiry.satisfaction) == ("closed", "")
    step(house, enquiry, "agent", "rate", outcome="dissatisfied",
         dissatisfaction_reason="没说清楚")
    assert (enquiry.satisfaction, enquiry.dissatisfaction_reason) == ("dissatisfied", "没说清楚")
    with pytest.raises(Rejected):
        step(house, enquiry, "agent", "rate", outcome="satisfied")


def test_what_cannot_be_answered_is_promised_by_rule_in_working_hours(house):
    with acting_at(MONDAY):
        enquiry = taken(house)
    assert enquiry.state == "new" and enquiry.promised_at == enquiry.due_at
    assert enquiry.promised_at == MONDAY + 4 * HOUR
    with acting_at(MONDAY + 2 * HOUR):
        step(house, enquiry, "agent", "answer", answer="不收")
    assert enquiry.reply_result == "kept" and not enquiry.answered_at_once


def test_a_late_reply_is_counted_as_missed(house):
    with acting_at(MONDAY):
        enquiry = taken(house, promised_at=MONDAY + HOUR)
    assert enquiry.promised_at == MONDAY + HOUR
    with acting_at(MONDAY + 30 * HOUR):
        step(house, enquiry, "agent", "answer", answer="不收")
    assert enquiry.reply_result == "missed"


def test_a_department_is_asked_with_a_due_time_and_followed_to_the_end(house):
    enquiry = taken(house)
    due = utcnow() + HOUR
    step(house, enquiry, "agent", "hand_over", department_question="违约金怎么算？",
         responsible_department_id=department(house, "CREDIT"), department_due_at=due)
    assert enquiry.state == "at_department"
    assert enquiry.handler_id == house.actor("tangli").user_id
    step(house, enquiry, "tangli", "reply", department_answer="满一年不收")
    assert enquiry.state == "replied"
    step(house, enquiry, "agent", "answer", answer="满一年不收")
    step(house, enquiry, "agent", "close", outcome="satisfied")
    assert enquiry.state == "closed" and not enquiry.is_open


def test_the_due_time_of_a_department_is_a_deadline_with_warnings(house):
    with acting_at(MONDAY):
        enquiry = taken(house)
        promised = enquiry.due_at
        due = MONDAY + 2 * HOUR
        step(house, enquiry, "agent", "hand_over", department_question="违约金怎么算？",
             responsible_department_id=department(house, "CREDIT"), department_due_at=due)
    assert enquiry.due_at == due < promised
    sweep(house.session, MONDAY + HOUR)
    sweep(house.session, due)
    told = house.session.execute(
        select(ClockEventRow.kind, ClockEventRow.to, ClockEventRow.at)
        .join(ClockRow, ClockRow.id == ClockEventRow.clock_id)
        .where(ClockRow.key == "department").order_by(ClockEventRow.id)).all()
    assert told == [
        ("warning", "", MONDAY + HOUR), ("warning", "", MONDAY + 1.6 * HOUR), ("breach", "", due),
        ("escalation", "responsible_department_leader", due)]
    with acting_at(due + HOUR):
        step(house, enquiry, "tangli", "reply", department_answer="满一年不收")
    house.session.refresh(enquiry)
    assert enquiry.due_at == promised


def test_a_department_that_is_asked_again_has_its_new_due_time(house):
    with acting_at(MONDAY):
        enquiry = taken(house)
        asked = {"department_question": "？", "responsible_department_id":
                 department(house, "CREDIT")}
        step(house, enquiry, "agent", "hand_over", department_due_at=MONDAY + HOUR, **asked)
        step(house, enquiry, "tangli", "reply", department_answer="请补充")
        step(house, enquiry, "agent", "hand_over", department_due_at=MONDAY + 3 * HOUR, **asked)
    runs = house.session.execute(
        select(ClockRow.run, ClockRow.due_at, ClockRow.kept)
        .where(ClockRow.key == "department").order_by(ClockRow.run)).all()
    assert runs == [(1, MONDAY + HOUR, True), (2, MONDAY + 3 * HOUR, None)]


def test_a_person_of_another_department_is_refused(house):
    enquiry = taken(house)
    with pytest.raises(Invalid) as refused:
        step(house, enquiry, "agent", "hand_over", department_question="？",
             responsible_department_id=department(house, "CREDIT"),
             handler_id=house.actor("luoting").user_id, department_due_at=utcnow())
    assert "handler_id" in refused.value.errors


def test_others_do_not_answer_for_the_department(house):
    enquiry = taken(house)
    step(house, enquiry, "agent", "hand_over", department_question="？",
         responsible_department_id=department(house, "CREDIT"), department_due_at=utcnow())
    with pytest.raises(Rejected):
        step(house, enquiry, "wanghao", "reply", department_answer="不知道")


def test_a_silent_customer_ends_with_the_three_level_question(house):
    enquiry = taken(house)
    step(house, enquiry, "agent", "wait", remarks="请发合同号")
    assert close_silent(house.session, utcnow()) == 0
    assert close_silent(house.session, utcnow() + dt.timedelta(days=3, seconds=1)) == 1
    house.session.refresh(enquiry)
    assert (enquiry.state, enquiry.ending, enquiry.satisfaction) == ("closed", "silent", "")
    assert house.session.scalar(select(Notice.user_id).where(
        Notice.text.like("%three-level%"))) == enquiry.owner_id
    step(house, enquiry, "agent", "rate", outcome="fair")
    assert enquiry.satisfaction == "fair"
    step(house, enquiry, "agent", "reopen", reopen_reason="客户回来了")
    assert (enquiry.state, enquiry.satisfaction, enquiry.ending) == ("new", "", "")


def test_the_clock_of_the_reply_rests_while_the_customer_is_waited_for(house):
    with acting_at(MONDAY):
        enquiry = taken(house)
    with acting_at(MONDAY + HOUR):
        step(house, enquiry, "agent", "wait", remarks="请发合同号")
    with acting_at(MONDAY + 3 * HOUR):
        step(house, enquiry, "agent", "resume")
    assert enquiry.due_at == MONDAY + 6 * HOUR


def test_answers_are_written_by_steps_and_questions_stay(house):
    enquiry = taken(house)
    with pytest.raises(Invalid):
        update(house.session, house.actor("agent"), enquiry, {"answer": "改"})
    with pytest.raises(Invalid):
        update(house.session, house.actor("agent"), enquiry, {"question": ""})
    update(house.session, house.actor("agent"), enquiry, {"question": "保险怎么续？谢谢"})
    assert enquiry.subject == "保险怎么续"


@pytest.mark.parametrize(("values", "field"), [
    ({"question": ""}, "question"), ({"kind": "transfer"}, "transferred_to_id"),
    ({"satisfaction": "satisfied"}, "satisfaction"),
    ({"received_at": dt.datetime(2999, 1, 1, tzinfo=dt.UTC)}, "received_at"),
])
def test_what_a_call_needs_is_asked_for(house, values, field):
    with pytest.raises(Invalid) as refused:
        taken(house, **values)
    assert field in refused.value.errors


def test_a_transfer_and_a_sales_pitch_are_closed_at_once(house):
    colleague = house.actor("linna").user_id
    transfer = taken(house, kind="transfer", transferred_to_id=colleague, transfer_result="taken")
    assert (transfer.state, transfer.ending) == ("closed", "settled")
    assert taken(house, kind="pitch", question="推销打印机").state == "closed"


def test_contact_data_are_emptied_after_the_months_that_are_set(house):
    enquiry = taken(house, customer_name="李雷", wechat="lilei", answer="不收",
                    satisfaction="satisfied")
    later = utcnow() + dt.timedelta(days=200)
    assert empty_contacts(house.session, later) == 0
    set_up(house, contact_months=6)
    assert empty_contacts(house.session, utcnow()) == 0
    assert empty_contacts(house.session, later) == 1
    house.session.refresh(enquiry)
    assert (enquiry.customer_name, enquiry.phone, enquiry.wechat) == ("", "", "")
    assert enquiry.question and empty_contacts(house.session, later) == 0
    assert house.session.scalar(select(FormerValue.id).where(
        FormerValue.record_type == "enquiries.enquiry")) is None


def test_a_job_may_open_an_enquiry_for_a_place(house):
    from app.sdk.abilities import call

    enquiry = call(house.session, house.actor("agent"), "enquiries.open", {"question": "怎么还款"})
    assert enquiry.state == "new"
    with pytest.raises(Rejected):
        # It would belong to nobody.
        call(house.session, SYSTEM, "enquiries.open", {"question": "怎么还款"})
