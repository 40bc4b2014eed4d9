"""What somebody without department and team registers is seen by somebody."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from app.sdk.models import Department, Staff
from app.sdk.services import find, write
from app.settings.services import save_settings
from plugins.complaints.models import Complaint
from plugins.complaints.settings import SETTINGS
from plugins.complaints.tests.helpers import department, registered

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOBODY = "您不属于任何部门"


@pytest.fixture
def alone(house):
    """The agent belongs to no department and no team."""
    user_id = house.actor("agent").user_id
    with write(house.session):
        staff = house.session.scalar(select(Staff).where(Staff.user_id == user_id))
        staff.department_id = staff.team_id = None
    return house


def name_department(house, key) -> None:
    """Set the department that such complaints fall to."""
    save_settings(house.session, house.actor("admin"), SETTINGS, {
        "news_hours": 72, "duplicate_days": 90, "home_department_id": key}, 0)


def test_the_form_says_so_before_anything_is_saved(alone):
    page = alone.client("agent").get("/complaints/add").text
    assert NOBODY in page and "管理员" in page
    assert NOBODY not in alone.client("supervisor").get("/complaints/add").text
    assert NOBODY not in alone.client("agent").get("/customers/add").text
    complaint = registered(alone)
    assert complaint.department_id is None
    assert find(alone.session, alone.actor("supervisor"), Complaint, complaint.id) is None


def test_it_falls_to_the_department_that_the_settings_name(alone):
    home = alone.actor("supervisor").department_id
    name_department(alone, home)
    assert NOBODY not in alone.client("agent").get("/complaints/add").text
    complaint = registered(alone)
    assert complaint.department_id == home
    assert find(alone.session, alone.actor("supervisor"), Complaint, complaint.id) == complaint


def test_who_belongs_somewhere_keeps_the_own_department(house):
    name_department(house, department(house, "COLLECT"))
    assert registered(house).department_id == house.actor("agent").department_id


def test_a_department_that_is_closed_takes_nothing(alone):
    key = department(alone, "COLLECT")
    name_department(alone, key)
    with write(alone.session):
        alone.session.execute(
            update(Department).where(Department.id == key).values(active=False))
    assert NOBODY in alone.client("agent").get("/complaints/add").text
