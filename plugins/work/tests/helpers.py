"""Short ways to reports, proposals and lines of group care for tests."""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import select

from app.sdk.demo import acting_at
from app.sdk.people import local_today, local_zone
from app.sdk.services import act, create, update
from app.testing.plugin_fixtures import House
from plugins.work import initial_data
from plugins.work.models import CustomerGroup, GroupEntry, Proposal, WeeklyReport

# A Monday, long over, so that no test depends on the day.
MONDAY = dt.date(2024, 3, 4)
WRITTEN = {"done": "完成到期回访 60 个", "problems": "", "plan": "核实联系电话"}


def at(day: int, hour: int) -> AbstractContextManager[None]:
    """Let what is done within happen at a local hour so many days after ``MONDAY``."""
    return acting_at(dt.datetime.combine(
        MONDAY + dt.timedelta(days=day), dt.time(hour), local_zone()))


def report(house: House, username: str = "agent", **values: Any) -> WeeklyReport:
    """Return the report of the present week, written and not handed in."""
    return create(house.session, house.actor(username), WeeklyReport, {**WRITTEN, **values})


def handed_in(house: House, username: str = "agent") -> WeeklyReport:
    """Return a report that was handed in."""
    made = report(house, username)
    act(house.session, house.actor(username), made, "hand_in")
    return made


def proposal(house: House, username: str = "agent", **values: Any) -> Proposal:
    """Return a proposal."""
    return create(house.session, house.actor(username), Proposal, {
        "subject": "来电先核对车架号", "proposal": "先核对后四位再登记",
        "situation": "同名客户较多", "expected_effect": "减少登记错误", **values})


def adopted(house: House, username: str = "agent", **values: Any) -> Proposal:
    """Return a proposal that the supervisor has adopted."""
    made = proposal(house, username)
    act(house.session, house.actor("supervisor"), made, "review")
    act(house.session, house.actor("supervisor"), made, "adopt", {
        "responsible": house.actor("wanghao").user_id, "reward_points": 20,
        "due_on": local_today() + dt.timedelta(days=7), **values})
    return made


def group(house: House) -> int:
    """Return the key of a group of customers."""
    initial_data.load(house.session)
    house.session.commit()
    return house.session.scalars(select(CustomerGroup.id).order_by(CustomerGroup.id)).first()


def member(house: House, name: str = "晨风", username: str = "agent", **values: Any) -> GroupEntry:
    """Return the line of a member who came in."""
    return create(house.session, house.actor(username), GroupEntry, {
        "group_id": group(house), "act": "added", "member": name,
        "vetting": "已核对购车门店", **values})


__all__ = ["MONDAY", "WRITTEN", "adopted", "at", "group", "handed_in", "member", "proposal",
           "report", "update"]
