"""Overdue duties go to the leader, and later to HR and the admins, once each."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.notices.models import Notice
from app.sdk.models import Department, Staff, Team
from app.sdk.services import SYSTEM, write
from app.settings.services import save_settings, saved_settings
from plugins.training.courses.models import Course
from plugins.training.duties.escalation import escalate, levels_due
from plugins.training.settings import SETTINGS
from plugins.training.tests.helpers import certificate, course, duty

ENDED = dt.date(2026, 3, 1)
LATE = "%(name)s: compulsory training %(course)s is %(days)s days overdue."


@settings(deadline=None)
@given(st.integers(-400, 400), st.integers(0, 365), st.integers(0, 365))
def test_levels_are_never_early_and_once_due_remain_due(late, leader_days, hr_days):
    found = levels_due(late, leader_days, hr_days)
    assert ("leader" in found) == (0 < leader_days <= late)
    assert ("hr" in found) == (0 < hr_days <= late)
    assert set(found) <= set(levels_due(late + 1, leader_days, hr_days))


@pytest.fixture
def late(house):
    """The only person with a duty: a member of a team with a leader, certificate ended."""
    agent = house.actor("agent")
    with write(house.session):
        house.session.get(Team, agent.team_id).leader_id = house.actor("supervisor").user_id
        house.session.get(Department, agent.department_id).leader_id = \
            house.actor("leader").user_id
        for staff in house.session.scalars(select(Staff).where(Staff.user_id != agent.user_id)):
            staff.hired_on = dt.date(2026, 2, 1)
    of = course(house, name="信息安全", valid_months=12)
    duty(house, of, tenure_from=600, starts_on=dt.date(2020, 1, 1))
    certificate(house, of, "agent", dt.date(2025, 3, 1))
    return agent


def informed(house):
    """Return who was informed, with the days, by user id."""
    return {one.user_id: one.text_values["days"] for one in house.session.scalars(
        select(Notice).where(Notice.text == LATE).order_by(Notice.id))}


def after(days):
    return ENDED + dt.timedelta(days=days)


def test_first_the_leader_then_hr_and_each_once(house, late):
    assert escalate(house.session, after(6)) == 0 and informed(house) == {}
    assert escalate(house.session, after(7)) == 1
    leader = house.actor("supervisor").user_id
    assert informed(house) == {leader: 7}
    for days in (7, 8, 20):
        assert escalate(house.session, after(days)) == 0
    assert escalate(house.session, after(21)) == 1
    above = {house.actor(name).user_id for name in ("hr", "admin")}
    assert informed(house) == {leader: 7, **dict.fromkeys(above, 21)}
    assert escalate(house.session, after(300)) == 0


def test_a_notice_leads_to_a_page_that_its_reader_may_open(house, late):
    escalate(house.session, after(30))
    for username in ("supervisor", "hr"):
        client = house.client(username)
        [notice] = house.session.scalars(select(Notice).where(
            Notice.user_id == house.actor(username).user_id, Notice.text == LATE))
        assert notice.record_type == "training.course"
        assert client.get(f"/training/courses/show/{notice.record_id}").status_code == 200


def test_another_end_is_another_lateness(house, late):
    escalate(house.session, after(30))
    of = house.session.scalars(select(Course)).one()
    certificate(house, of, "agent", dt.date(2026, 4, 10))
    assert escalate(house.session, after(60)) == 0
    assert escalate(house.session, dt.date(2027, 4, 30)) == 1


def test_the_leader_of_a_leader_is_the_one_above(house, late):
    with write(house.session):
        house.session.get(Team, late.team_id).leader_id = late.user_id
    escalate(house.session, after(7))
    assert informed(house) == {house.actor("leader").user_id: 7}


def test_an_admin_may_switch_it_off(house, late):
    held, version = saved_settings(house.session, SETTINGS)
    save_settings(house.session, SYSTEM, SETTINGS, {**held, "leader_days": 0, "hr_days": 0},
                  version)
    assert escalate(house.session, after(100)) == 0
