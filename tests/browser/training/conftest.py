"""The whole product with its demo people and two short exams in place of the sample department."""

from __future__ import annotations

import pytest
from flask import Flask

from app.database import db
from app.sdk.models import Staff
from app.sdk.people import local_today
from app.sdk.records import create, update
from app.sdk.services import SYSTEM
from app.testing.plugin_fixtures import House
from plugins.training.duties.models import DutyRule
from plugins.training.tests.helpers import course, exam
from tests.services.house_site import database_of_site

__all__ = ["database_of_site"]


@pytest.fixture(scope="module")
def site_app(product: Flask) -> Flask:
    """The application with people, two exams and the rules that make them compulsory."""
    with product.app_context():
        house = House(product, db.session)
        hr = house.actor("hr")
        for place, (code, name) in enumerate((("SEC", "信息安全"), ("LOAN", "车贷业务")), start=1):
            of = course(house, code, name=name)
            exam(house, of, name=f"{name}考试", number=2)
            create(db.session, hr, DutyRule, {"course_id": of.id, "place": place, "days": 10})
        for username in ("agent", "wanghao"):
            staff = db.session.query(Staff).filter_by(
                user_id=house.actor(username).user_id).one()
            update(db.session, SYSTEM, staff, {"hired_on": local_today()})
        db.session.remove()
    return product
