"""A complaint is corrected and assessed on one page, beside who calls: in one transaction."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.sdk.models import Customer
from app.sdk.services import SYSTEM, create
from app.workflow.models import LogRow
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import registered

STEP = {"step-severity": "serious", "step-urgency": "high", "step-cause_analysis": "催收策略失当"}
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def customer(house) -> Customer:
    return create(house.session, SYSTEM, Customer, {"name": "王小明", "phone": "13800138000"})


@pytest.fixture
def complaints(house, customer) -> list[Complaint]:
    """Two of one customer that nobody has assessed."""
    return [registered(house, customer_id=customer.id, subject=text) for text in ("甲", "乙")]


def page_of(house, complaint, username="agent") -> str:
    answer = house.client(username).get(f"/complaints/edit/{complaint.id}", headers=ENGLISH)
    assert answer.status_code == 200
    return answer.text


def send(house, complaint, address="", **values):
    client = house.client("agent")
    page = client.get(f"/complaints/edit/{complaint.id}", headers=ENGLISH).text
    token, version = (re.search(rf'name="{name}"[^>]* value="([^"]+)"', page)[1]
                      for name in ("csrf_token", "version"))
    return client.post(
        f"/complaints/edit/{complaint.id}{address}", headers=ENGLISH,
        data={"csrf_token": token, "version": version, **values})


def fresh(house, complaint) -> Complaint:
    key = complaint.id
    house.session.rollback()
    house.session.expire_all()
    return house.session.get(Complaint, key)


def test_what_is_needed_stands_beside_the_form(house, complaints):
    first, second = complaints
    page = page_of(house, first)
    assert 'id="caller-title"' in page and "王小明" in page
    assert f"{second.number} 乙" in page and f"{first.number} 甲</a>" not in page
    assert 'name="with_step" value="assess"' in page and 'name="step-severity"' in page
    assert 'name="with_step_next" value="assess"' in page


def test_form_and_step_are_saved_together(house, complaints):
    first, _ = complaints
    answer = send(house, first, subject="更正", with_step="assess", **STEP)
    assert answer.status_code == 302, re.findall(r"invalid-feedback.*?>(.*?)<", answer.text)
    found = fresh(house, first)
    assert (found.subject, found.state, found.severity) == ("更正", "assessed", "serious")
    assert house.session.scalars(select(LogRow.transition).where(
        LogRow.record_id == found.id).order_by(LogRow.id)).all()[-1] == "assess"
    assert 'name="with_step"' not in page_of(house, found), "an assessed one is not assessed again"


def test_refusals_stand_at_their_fields_and_nothing_is_saved(house, complaints):
    first, _ = complaints
    answer = send(house, first, subject="更正", contact="1" * 500, with_step="assess",
                  **{**STEP, "step-severity": ""})
    assert answer.status_code == 422
    marked = set(re.findall(r'id="([^"]+)-error"', answer.text))
    assert {"step-severity", "contact"} <= marked
    assert 'aria-labelledby="section-step" open' in answer.text and "更正" in answer.text
    found = fresh(house, first)
    assert (found.subject, found.state) == ("甲", "recorded")


def test_without_its_button_the_step_is_not_asked(house, complaints):
    first, _ = complaints
    assert send(house, first, subject="更正", **{"step-severity": "nonsense"}).status_code == 302
    found = fresh(house, first)
    assert (found.subject, found.state) == ("更正", "recorded")


def test_a_step_that_is_not_declared_cannot_be_smuggled_in(house, complaints):
    first, _ = complaints
    assert send(house, first, subject="更正", with_step="withdraw").status_code == 302
    assert fresh(house, first).state == "recorded"


def test_one_button_leads_on_to_the_next_complaint(house, complaints):
    first, second = complaints
    answer = send(house, second, "?list=all%3D1%26sort%3D-number", with_step_next="assess", **STEP)
    assert answer.status_code == 302
    assert f"/complaints/edit/{first.id}" in answer.location
    assert fresh(house, second).state == "assessed"


def test_the_step_goes_through_the_choice_between_two_versions(house, complaints):
    first, _ = complaints
    page = page_of(house, first)
    version = int(re.search(r'name="version"[^>]* value="([^"]+)"', page)[1])
    assert send(house, first, subject="甲方").status_code == 302
    answer = send(house, first, subject="乙方", version=version, with_step="assess", **STEP)
    assert answer.status_code == 409
    assert 'name="with_step" value="assess"' in answer.text
    assert 'name="step-severity" value="serious"' in answer.text
    assert fresh(house, first).state == "recorded"
