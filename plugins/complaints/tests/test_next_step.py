"""Whom a complaint waits for, and what is said when there is nobody."""

from __future__ import annotations

import datetime as dt

from flask_appbuilder.security.sqla.models import Role, User
from flask_babel import force_locale
from sqlalchemy import select

from app.admin.system import health_checks
from app.sdk.models import Department
from app.sdk.services import utcnow, write
from app.workflow.candidates import next_step, stuck_records
from plugins.complaints.tests.helpers import assigned, proposed, registered, step


def line(house, username: str, complaint) -> str:
    page = house.client(username).get(f"/complaints/deadlines/{complaint.id}").text
    return page.split('id="next-step"')[1].split("</p>")[0]


def account(house, username: str) -> User:
    return house.session.scalars(select(User).where(User.username == username)).one()


def close(house, username: str) -> None:
    with write(house.session):
        account(house, username).active = False


def test_a_step_of_a_role_waits_for_the_role(house):
    complaint = registered(house)
    shown = line(house, "agent", complaint)
    assert "下一步：评估" in shown and "客服专员" in shown and "到期" in shown


def test_a_step_of_a_person_waits_for_the_person(house):
    found = next_step(house.session, assigned(house))
    assert found.label == "Propose solution"
    assert "孟蝶" in found.who.people.values()
    assert dt.timedelta(0) <= utcnow() - found.since < dt.timedelta(minutes=5)


def test_an_approval_waits_for_the_head_of_the_department(house):
    complaint = proposed(house)
    assert next(iter(next_step(house.session, complaint).who.people.values())) == "冯涛"
    assert "冯涛" in line(house, "agent", complaint)
    assert stuck_records(house.session) == []


def test_nobody_is_said_on_the_page_and_in_system_health(house):
    complaint = proposed(house)
    leaders = house.session.scalars(
        select(User.username).join(Department, Department.leader_id == User.id)).all()
    for username in set(leaders):
        close(house, username)
    assert next_step(house.session, complaint).who.is_nobody
    assert "无人可办理" in line(house, "agent", complaint)
    (stuck,) = stuck_records(house.session)
    assert (stuck.state, stuck.step, stuck.count) == ("Solution proposed", "Approve", 1)
    with house.app.test_request_context(), force_locale("en"):
        (check,) = [one for one in health_checks(utcnow()) if one.label == "Decisions"]
    assert check.state.value == "bad" and "(1)" in check.text
    # Whoever proposed it does not decide about it, head or not.
    with write(house.session):
        account(house, "mengdie").active = True
        house.session.scalars(
            select(Department).where(Department.code == "COLLECT")).one().leader_id = \
            account(house, "mengdie").id
    assert next_step(house.session, complaint).who.is_nobody


def test_rights_of_who_decides_are_read_once_until_they_change(house):
    proposed(house)
    assert stuck_records(house.session) == []
    again = house.statements_of(lambda: stuck_records(house.session))
    assert again and not [text for text in again if "ab_permission" in text]
    with write(house.session):
        for role in house.session.scalars(select(Role)):
            role.permissions = [pair for pair in role.permissions
                                if pair.permission.name != "can_approve"]
    assert [stuck.step for stuck in stuck_records(house.session)] == ["Approve"]


def test_a_closed_complaint_waits_for_nothing(house):
    complaint = step(house, registered(house), "supervisor", "withdraw",
                     withdrawal_reason="客户撤回")
    assert next_step(house.session, complaint) is None
    assert "下一步" not in line(house, "agent", complaint)
