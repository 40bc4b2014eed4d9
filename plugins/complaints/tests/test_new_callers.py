"""Somebody unknown calls: the complaint is registered and the customer is made with it."""

from __future__ import annotations

import re

import pytest
from flask_babel import force_locale
from sqlalchemy import func, select

from app.forms.build import translate
from app.sdk.models import Customer
from app.sdk.services import SYSTEM
from plugins.complaints.guards_and_effects import registration_complete
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import channel, registered

CALL = {"contact": "139 0000 0001", "customer_name": "李新", "reason": "多收利息", "demand": "退还"}


@pytest.fixture
def agent(house):
    return house.client("agent")


def save(house, client, **values: str):
    page = client.get("/complaints/add").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    return client.post("/complaints/add", data={
        "csrf_token": token, "customer": "", "channel": str(channel(house).id), **CALL, **values})


def newest(house) -> Complaint:
    house.session.rollback()
    return house.session.scalars(select(Complaint).order_by(Complaint.id.desc()).limit(1)).one()


def customers(house) -> int:
    house.session.rollback()
    return house.session.scalar(select(func.count()).select_from(Customer)) or 0


def test_the_form_offers_it_as_soon_as_an_unknown_number_is_there(house, agent):
    assert "new_customer" in agent.get("/complaints/earlier?contact=13900000001").text
    assert "new_customer" not in agent.get("/complaints/earlier?contact=").text


def test_the_unknown_caller_becomes_a_customer_with_name_and_number(house, agent):
    before = customers(house)
    assert save(house, agent, new_customer="1").status_code == 302
    complaint = newest(house)
    assert customers(house) == before + 1
    assert complaint.customer.name == "李新"
    assert complaint.customer.phone.reveal() == "13900000001"
    assert complaint.state == "recorded"


def test_nobody_is_made_a_customer_unasked_or_twice(house, agent):
    before = customers(house)
    save(house, agent)
    assert newest(house).customer_id is None and customers(house) == before
    save(house, agent, new_customer="1")
    save(house, agent, new_customer="1", reason="第二件事")
    assert customers(house) == before + 1


def test_a_refused_complaint_makes_no_customer(house, agent):
    before = customers(house)
    assert save(house, agent, new_customer="1", reason="", demand="").status_code == 422
    assert customers(house) == before


def test_what_is_missing_is_named(house):
    complaint = registered(house, contact="", demand="")
    with house.app.test_request_context(), force_locale("zh"):
        said = translate(registration_complete(house.session, SYSTEM, complaint))
    assert said == "尚缺：联系方式、投诉要求"
