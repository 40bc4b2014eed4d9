"""What a call becomes: with all that was written, linked both ways."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.notices.models import Notice
from app.sdk.demo import acting_at
from app.sdk.errors import Invalid
from app.sdk.records import actions, get, links_of
from plugins.enquiries.models import Message, Repair, Request, Suggestion
from plugins.enquiries.tests.helpers import customer, department, desk, set_up, step, taken


def led_to(house, enquiry, username="agent"):
    """Return the one record that an enquiry is linked with."""
    [found] = links_of(house.session, house.actor(username), enquiry)
    assert found.kind == "core.origin"
    return found.summary


def test_a_complaint_has_all_that_was_written(house):
    caller = customer(house)
    enquiry = desk(house, kind="complaint", customer_id=caller.id, phone="",
                   question="催收太频繁", happened_when="昨天晚上", happened_where="家里")
    summary = led_to(house, enquiry)
    assert (enquiry.state, enquiry.ending, enquiry.became) == (
        "closed", "passed_on", summary.number)
    complaint = get(house.session, house.actor("agent"), "complaints.complaint", summary.id)
    assert complaint.customer_id == caller.id
    assert complaint.contact.reveal() == "13812345678"
    for text in ("催收太频繁", "昨天晚上", "家里"):
        assert text in complaint.reason


def test_a_repair_report_goes_to_the_workshop_and_comes_back(house):
    set_up(house, workshop_department_id=department(house, "AFTER"))
    enquiry = desk(house, kind="rescue", question="爆胎", plate="沪A12345",
                   happened_where="沪宁高速 80 公里处", repair_items="轮胎")
    repair = house.session.scalars(select(Repair)).one()
    assert (enquiry.became, repair.kind, repair.state) == (repair.number, "rescue", "forwarded")
    assert (repair.plate, repair.items, repair.place) == ("沪A12345", "轮胎", "沪宁高速 80 公里处")
    assert repair.phone.reveal() == "13900000001" and "爆胎" in repair.situation
    assert repair.handler_id == house.actor("luoting").user_id
    step(house, repair, "luoting", "accept", arrival="半小时内到")
    step(house, repair, "luoting", "finish", result="已换备胎")
    step(house, repair, "agent", "tell", told="客户满意")
    assert (repair.state, repair.taking_result) == ("told", "kept")


def test_without_a_workshop_in_the_settings_the_agent_chooses(house):
    desk(house, kind="repair", question="异响")
    repair = house.session.scalars(select(Repair)).one()
    assert repair.state == "reported"
    step(house, repair, "agent", "forward", responsible_department_id=department(house, "AFTER"))
    assert repair.handler_id == house.actor("luoting").user_id


def test_whoever_is_to_be_rescued_has_to_be_found(house):
    with pytest.raises(Invalid):
        desk(house, kind="rescue", question="爆胎")


@pytest.mark.parametrize(("kind", "model"), [("suggestion", Suggestion), ("request", Request)])
def test_a_department_answers_and_somebody_is_told(house, kind, model):
    enquiry = desk(house, kind=kind, question="展厅加一台充电桩")
    record = house.session.scalars(select(model)).one()
    assert led_to(house, enquiry).number == record.number
    step(house, record, "agent", "hand_over",
         responsible_department_id=department(house, "SALES"))
    assert record.handler_id == house.actor("linna").user_id
    step(house, record, "linna", "reply", decision="adopted", reply="下月安装")
    step(house, record, "agent", "tell", told="很高兴")
    assert (record.state, record.decision, record.reply_result) == ("told", "adopted", "kept")


def test_a_message_becomes_the_colleagues_callback(house):
    colleague = house.actor("wanghao").user_id
    enquiry = desk(house, kind="message", question="请回电", customer_id=customer(house).id,
                   message_for_id=colleague)
    summary = led_to(house, enquiry)
    task = get(house.session, house.actor("agent"), "callbacks.task", summary.id)
    assert (task.owner_id, task.subject) == (colleague, enquiry.subject)


def test_of_an_unknown_caller_it_becomes_a_message_with_a_notice(house):
    colleague = house.actor("linna").user_id
    enquiry = desk(house, kind="message", question="请回电", message_for_id=colleague)
    message = house.session.scalars(select(Message)).one()
    assert (enquiry.became, message.owner_id) == (message.number, colleague)
    assert message.department_id == department(house, "SALES")
    step(house, message, "linna", "call_back", result="已约看车")
    assert message.state == "done"
    assert house.session.scalar(select(Notice.id).limit(1)) is None  # told by the worker


def test_a_message_needs_somebody_to_be_for(house):
    with pytest.raises(Invalid):
        desk(house, kind="message", question="请回电")


def test_one_click_on_the_page_makes_it_later_but_once(house):
    enquiry = taken(house)
    step(house, enquiry, "agent", "make_repair")
    assert enquiry.became and enquiry.state == "closed"
    offered = {one.name for one in actions(
        house.session, house.actor("agent"), enquiry)}
    assert not offered & {"make_repair", "make_complaint", "make_other"}


def test_a_plain_enquiry_stays_one(house):
    assert desk(house).became == ""


def test_a_rescue_call_does_not_wait_for_the_office_to_open(house):
    saturday_night = dt.datetime(2026, 11, 21, 18, 0, tzinfo=dt.UTC)  # 02:00 on Sunday in Shanghai
    with acting_at(saturday_night):
        for kind in ("rescue", "repair"):
            desk(house, kind=kind, question="爆胎", happened_where="沪宁高速 80 公里处")
    due = dict(house.session.execute(select(Repair.kind, Repair.due_at)).all())
    assert due["rescue"] == saturday_night + dt.timedelta(minutes=20)
    assert due["repair"] > saturday_night + dt.timedelta(hours=24)
