"""Registered and assessed on one page: in one transaction, with every refusal at its field."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from app.workflow.models import LogRow
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import channel

PAGE = "/complaints/add"


def send(house, username="agent", **values):
    client = house.client(username)
    page = client.get(PAGE, headers={"Accept-Language": "en"}).text
    token, once = (re.search(rf'name="{name}" value="([^"]+)"', page)[1]
                   for name in ("csrf_token", "once"))
    return client.post(PAGE, headers={"Accept-Language": "en"}, data={
        "csrf_token": token, "once": once, "channel": str(channel(house).id),
        "customer_name": "王小明", "contact": "13800138000", "subject": "催收电话过多",
        "reason": "一天接到十个催收电话", "demand": "停止拨打", "with_step": "assess", **values})


def made(house):
    house.session.rollback()
    return house.session.scalars(select(Complaint)).all()


@pytest.mark.both_databases
def test_both_are_saved_together_and_the_history_shows_both(house):
    answer = send(house, **{"step-severity": "serious", "step-urgency": "high",
                            "step-cause_analysis": "催收策略失当"})
    assert answer.status_code == 302, re.findall(r"invalid-feedback.*?>(.*?)<", answer.text)
    [complaint] = made(house)
    assert (complaint.state, complaint.severity, complaint.urgency) == (
        "assessed", "serious", "high")
    taken = house.session.scalars(select(LogRow.transition).where(
        LogRow.record_id == complaint.id).order_by(LogRow.id)).all()
    assert taken[-1] == "assess"


def test_what_the_step_lacks_is_said_at_its_field_and_nothing_is_saved(house):
    answer = send(house, contact="1" * 500, **{"step-severity": ""})
    assert answer.status_code == 422
    marked = re.findall(r'id="([^"]+)-error"', answer.text)
    assert {"step-severity", "step-cause_analysis", "contact"} <= set(marked)
    # The part of the step is open, and what was typed is still there.
    assert re.search(r'aria-labelledby="section-step" open', answer.text)
    assert "一天接到十个催收电话" in answer.text
    assert made(house) == []


def test_a_step_that_cannot_follow_takes_the_record_back(house):
    """What is not complete is not recorded yet, so that there is nothing to assess."""
    answer = send(house, reason="", **{"step-severity": "serious", "step-urgency": "normal"})
    assert answer.status_code == 422
    assert made(house) == []
    assert house.session.scalar(select(func.count()).select_from(LogRow).where(
        LogRow.transition == "assess")) == 0


def test_without_the_button_the_step_is_neither_asked_nor_taken(house):
    assert send(house, with_step="", **{"step-severity": "nonsense"}).status_code == 302
    [complaint] = made(house)
    assert complaint.state == "recorded"


def test_another_step_than_the_declared_one_cannot_be_smuggled_in(house):
    assert send(house, with_step="assign").status_code == 302
    assert made(house)[0].state == "recorded"


def test_who_may_not_take_the_step_is_not_offered_it(house):
    page = house.client("agent").get(PAGE).text
    assert 'name="with_step"' in page and "step-severity" in page
    admin = house.client("admin").get(PAGE)
    assert admin.status_code == 200 and 'name="with_step"' not in admin.text
