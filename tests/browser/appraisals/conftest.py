"""The whole product with its demo people and two low months of one agent behind it."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import db, write
from app.people.models import Absence
from app.sdk.models import Staff
from app.sdk.records import create
from app.sdk.services import SYSTEM, act, utcnow
from app.testing.plugin_fixtures import House
from plugins.appraisals.consequences.services import ship_rules
from plugins.appraisals.cycles.models import Cycle, PostForm
from plugins.appraisals.cycles.operations import OPEN_SHEETS, RELEASE
from plugins.appraisals.ready_made import MONTHLY
from plugins.appraisals.rules.periods import months_later
from plugins.appraisals.sheets.models import Sheet
from plugins.appraisals.tests.helpers import (
    BEGIN,
    LOW,
    chain,
    form_id,
    forms,
    hold,
    post_id,
    rated,
    signed,
)
from tests.services.house_site import database_of_site

__all__ = ["database_of_site"]

# With the agents, who are more, twelve people and above are appraised.
POSTS = ("agent", "complaint_handler", "customer_care_agent", "supervisor", "sales_consultant",
         "service_advisor", "approval_officer")


@pytest.fixture(scope="module")
def site_app(product: Flask) -> Flask:
    """The application with forms, a chain of signers, a deputy and two months released."""
    with product.app_context():
        house = House(product, db.session)
        forms(house)
        with write(db.session):
            ship_rules(db.session)
        chain(house)
        hold(house, "marketing_director", "songwei", deputy_order=1)
        for post in POSTS:
            create(db.session, house.actor("hr"), PostForm, {
                "post_id": post_id(house, post), "form_id": form_id(house, MONTHLY),
                "quota": 300})
        for back in (2, 1):
            _low_month(house, months_later(BEGIN, -back))
        _away(house, "gaoqiang")
        db.session.remove()
    return product


def _low_month(house: House, begin: dt.date) -> None:
    """Release a month in which the agent was rated low and everybody else was absent."""
    hr = house.actor("hr")
    cycle = create(house.session, hr, Cycle, {"starts_on": begin})
    act(house.session, hr, cycle, OPEN_SHEETS)
    agent = house.actor("agent").user_id
    for sheet in house.session.scalars(select(Sheet).where(Sheet.cycle_id == cycle.id)).all():
        if sheet.owner_id == agent:
            signed(house, rated(house, sheet, **LOW))
        else:
            act(house.session, hr, sheet, "mark_absent", {"reason": "整月外派"})
    act(house.session, hr, cycle, RELEASE)


def _away(house: House, username: str) -> None:
    staff = house.session.scalars(select(Staff).where(
        Staff.user_id == house.actor(username).user_id)).one()
    create(house.session, SYSTEM, Absence, {
        "staff_id": staff.id, "starts_at": utcnow() - dt.timedelta(days=1),
        "ends_at": utcnow() + dt.timedelta(days=30)})
