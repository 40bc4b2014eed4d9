"""Whoever is made responsible can work on the complaint, and somebody else can approve."""

from __future__ import annotations

import datetime as dt

import pytest
from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import select

from app.access.services import invalidate_rights
from app.people.models import Absence, Department, Staff
from app.people.services import place_department
from app.sdk.errors import Invalid
from app.sdk.services import utcnow, write
from app.workflow.services import available_transitions
from plugins.complaints.tests.helpers import assessed, assigned, department, step

NO_RIGHT = "This person may not work on complaints."
ELSEWHERE = "This person does not belong to the responsible department."
NOBODY_ELSE = "Nobody else could approve what this person proposes."


def assign(house, handler: str, complaint=None):
    """Give a complaint to a person of the collections department, or so they say."""
    return step(
        house, complaint or assessed(house), "supervisor", "assign", liability="department",
        responsible_department_id=department(house, "COLLECT"),
        handler_id=house.actor(handler).user_id,
    )


def hand_over(house, handler: str):
    """Hand one over to the same department, to somebody else."""
    return step(
        house, assigned(house), "supervisor", "hand_over", liability_note="换人",
        responsible_department_id=department(house, "COLLECT"),
        handler_id=house.actor(handler).user_id,
    )


def give(house, username: str, role: str) -> None:
    """Give a person one more role."""
    with write(house.session):
        user = house.session.scalar(select(User).where(User.username == username))
        user.roles.append(house.session.scalar(select(Role).where(Role.name == role)))
        invalidate_rights(house.session)


def staff(house, username: str) -> Staff:
    """Return a person among the staff."""
    return house.session.scalar(
        select(Staff).where(Staff.user_id == house.actor(username).user_id))


@pytest.mark.parametrize("act", [assign, hand_over])
@pytest.mark.parametrize(("handler", "why"), [
    ("fengtao", NO_RIGHT), ("hr", NO_RIGHT), ("linna", ELSEWHERE), ("agent", ELSEWHERE),
])
def test_who_could_not_bring_it_to_its_end_is_refused(house, act, handler, why):
    with pytest.raises(Invalid) as refused:
        act(house, handler)
    assert {name: str(error) for name, error in refused.value.errors.items()} == {
        "handler_id": why}


def test_somebody_of_a_department_below_may_be_responsible(house):
    with write(house.session):
        below = Department(code="COLLECT-1", name="催收一部",
                           parent_id=department(house, "COLLECT"))
        house.session.add(below)
        house.session.flush()
        place_department(house.session, below)
        staff(house, "linna").department_id = below.id
        invalidate_rights(house.session)
    complaint = assign(house, "linna")
    assert complaint.state == "assigned"


def test_the_only_one_who_could_approve_is_not_made_responsible(house):
    give(house, "fengtao", "supervisor")
    with pytest.raises(Invalid) as refused:
        assign(house, "fengtao")
    assert str(refused.value.errors["handler_id"]) == NOBODY_ELSE
    with write(house.session):
        house.session.add(Absence(
            staff_id=staff(house, "fengtao").id, substitute_id=staff(house, "gaoqiang").id,
            starts_at=utcnow() - dt.timedelta(days=1), ends_at=utcnow() + dt.timedelta(days=1),
            reason="年假"))
        invalidate_rights(house.session)
    complaint = step(house, assign(house, "fengtao"), "fengtao", "propose", solution="退款")
    approve = [offer for offer in available_transitions(house.session, house.actor("gaoqiang"), complaint)
               if offer.transition.name == "approve"]
    assert [offer.is_allowed for offer in approve] == [True]


def test_a_leader_further_up_can_approve_too(house):
    give(house, "fengtao", "supervisor")
    with write(house.session):
        house.session.get(Department, department(house, "HQ")).leader_id = (
            house.actor("leader").user_id)
        invalidate_rights(house.session)
    complaint = step(house, assign(house, "fengtao"), "fengtao", "propose", solution="退款")
    step(house, complaint, "leader", "approve")
    assert complaint.state == "approved"


def test_bulk_work_leaves_them_out_and_says_why(house):
    complaint = assessed(house)
    client = house.client("supervisor")
    headers = {"Accept-Language": "en"}
    token = client.get("/").text.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]
    answer = client.post("/complaints/bulk", headers=headers, follow_redirects=True, data={
        "csrf_token": token, "action": "assign", "row": [complaint.id], "confirmed": "1",
        "responsible_department_id": department(house, "COLLECT"), "liability": "department",
        "handler_id": house.actor("hr").user_id,
    })
    assert NO_RIGHT in answer.text
    house.session.rollback()
    assert (complaint.state, complaint.handler_id) == ("assessed", None)


def test_a_supervisor_who_leads_the_department_approves(house):
    """To assign and to approve are duties of a supervisor, the latter for the own department."""
    assert house.actor("supervisor").can("can_approve", "complaints.Complaint")
    with write(house.session):
        house.session.get(Department, department(house, "COLLECT")).leader_id = (
            house.actor("huangbin").user_id)
        invalidate_rights(house.session)
    complaint = step(house, assigned(house), "mengdie", "propose", solution="退款")
    step(house, complaint, "huangbin", "approve")
    assert complaint.approver_id == house.actor("huangbin").user_id
