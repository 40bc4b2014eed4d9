"""Short ways through the workflow for tests."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from app.records.services import create
from app.sdk.models import Department
from app.sdk.services import act, write
from app.testing.plugin_fixtures import House
from plugins.complaints.models import Channel, Complaint

REGISTRATION = {
    "customer_name": "王小明", "contact": "13812345678", "reason": "提前还款被收取违约金。客户不认可。",
    "demand": "退还违约金",
}


def channel(house: House) -> Channel:
    """Return the channel of phone calls."""
    found = house.session.scalar(select(Channel).where(Channel.code == "phone"))
    assert found is not None
    return found


def registered(house: House, username: str = "agent", **values: Any) -> Complaint:
    """Return a complaint as registered from a phone call."""
    given = {**REGISTRATION, "channel_id": channel(house).id, **values}
    return create(house.session, house.actor(username), Complaint, given)


def department(house: House, code: str) -> int:
    """Return the id of a department."""
    found = house.session.scalar(select(Department.id).where(Department.code == code))
    assert found is not None
    return found


def step(house: House, complaint: Complaint, username: str, name: str, **values: Any) -> Complaint:
    """Take one transition as a demo person."""
    act(house.session, house.actor(username), complaint, name, values, complaint.version)
    return complaint


def assessed(house: House, **values: Any) -> Complaint:
    """Return a complaint that a supervisor has to assign."""
    return step(house, registered(house, **values), "agent", "assess", severity="serious",
                urgency="high", cause_analysis="合同条款告知不足")


def assigned(house: House, **values: Any) -> Complaint:
    """Return a complaint that the collections department has to solve."""
    return step(
        house, assessed(house, **values), "supervisor", "assign",
        responsible_department_id=department(house, "COLLECT"),
        handler_id=house.actor("mengdie").user_id, liability="department",
    )


def proposed(house: House, **values: Any) -> Complaint:
    """Return a complaint whose solution waits for the department's leader."""
    return step(house, assigned(house, **values), "mengdie", "propose", solution="退还违约金 500 元")


def fed_back(house: House, **values: Any) -> Complaint:
    """Return a complaint whose result the customer knows."""
    complaint = proposed(house, **values)
    step(house, complaint, "fengtao", "approve")
    step(house, complaint, "mengdie", "consent")
    step(house, complaint, "mengdie", "carry_out", result="已退款")
    return step(house, complaint, "agent", "collect_feedback", feedback="客户已收到")


def put(house: House, complaint: Complaint, **values: Any) -> None:
    """Give a complaint values that no way in would give it, as if it had always had them."""
    with write(house.session):
        house.session.execute(
            update(Complaint.__table__).where(Complaint.__table__.c.id == complaint.id)
            .values(**values)
        )
    house.session.refresh(complaint)
