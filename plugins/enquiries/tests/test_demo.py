"""The demonstration: two weeks at the desk, with every kind of call and today's work."""

from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy import func, select

from app.sdk.demo import DemoContext, Story
from app.sdk.models import Customer
from app.sdk.services import SYSTEM, create
from plugins.enquiries import demo_public
from plugins.enquiries.choices import KINDS
from plugins.enquiries.demo import load
from plugins.enquiries.models import Call, Enquiry, Message, Repair, Suggestion, Summary

# It writes through the operations, whose tests run on both databases.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_two_weeks_at_the_desk(house, monkeypatch):
    monkeypatch.setattr("plugins.enquiries.demo.A_DAY", 2)
    for place in range(10):
        create(house.session, SYSTEM, Customer, {
            "name": f"客户{place}", "phone": f"138{place:08d}"})
    context = DemoContext(house.session, house.app.config["CARELINE_SETTINGS"], 1, "x")
    assert "enquiries of two weeks" in load(context)

    def held(column):
        return set(house.session.scalars(select(column).distinct()))

    assert held(Enquiry.kind) >= {name for name, _ in KINDS} - {"complaint", "request", "other"}
    assert {"new", "at_department", "closed"} <= held(Enquiry.state)
    assert {"satisfied", ""} <= held(Enquiry.satisfaction)
    assert {"taken", "told"} <= held(Repair.state)
    assert len(held(Suggestion.state)) > 1 and held(Call.answered) == {True, False}
    given = house.session.scalars(select(Enquiry.sales_id).where(Enquiry.for_sales)).all()
    assert None in given and any(given)
    assert house.session.scalar(select(func.count()).select_from(Summary)) == 1
    assert house.session.scalar(select(func.count()).select_from(Message)) >= 0
    assert load(context) == "Enquiries are there already."


def test_public_enquiries_come_in_and_wait_for_nobody(house, data_dir):
    settings = dataclasses.replace(house.app.config["CARELINE_SETTINGS"], data_dir=data_dir)
    context = DemoContext(house.session, settings, 1, "x")
    number = demo_public.load(context, Story(context, "enquiries"))
    assert number == house.session.scalar(
        select(func.count()).select_from(Enquiry).where(Enquiry.state == "closed"))
    assert number > len(KINDS)
    # Without the data there are none.
    settings = dataclasses.replace(settings, data_dir=settings.var_dir)
    context = DemoContext(house.session, settings, 1, "x")
    assert demo_public.load(context, Story(context, "enquiries")) == 0
