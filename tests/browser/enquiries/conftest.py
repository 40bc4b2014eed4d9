"""The product with its demo people and customers, the workshop and sales set."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import db
from app.people.models import Department
from app.sdk.demo import set_settings
from tests.browser.complaints.conftest import site_app as site_of_people
from tests.services.house_site import database_of_site

__all__ = ["database_of_site", "site_app", "site_of_people"]


@pytest.fixture(scope="module")
def site_app(site_of_people: Flask) -> Flask:
    """The application, with the department that repair reports are forwarded to."""
    with site_of_people.app_context():
        keys = dict(db.session.execute(select(Department.code, Department.id)).all())
        set_settings(db.session, "enquiries", {
            "workshop_department_id": keys["AFTER"], "sales_department_id": keys["SALES"]})
        db.session.remove()
    return site_of_people
