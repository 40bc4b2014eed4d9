"""Complaints and callbacks work together over events, and each without the other."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.customers.contacts import SETTINGS
from app.sdk.services import SYSTEM, act, update
from app.settings.services import save_settings, saved_settings
from plugins.callbacks.models import Outcome, Rule, Task
from plugins.complaints.tests.helpers import fed_back, step
from tests.integration.collaboration.conftest import without


@pytest.fixture
def rule(house) -> Rule:
    """The rule of finished complaints, switched on for the agent's team."""
    held, version = saved_settings(house.session, SETTINGS)
    save_settings(house.session, SYSTEM, SETTINGS, {
        **held, "quiet_from": 0, "quiet_until": 0, "on_holidays": True, "interval_minutes": 0},
        version)
    found = house.session.scalars(select(Rule).where(Rule.code == "complaint")).one()
    supervisor, agent = house.actor("supervisor"), house.actor("agent")
    update(house.session, supervisor, found, {
        "department_id": agent.department_id, "team_id": agent.team_id, "days": 0})
    act(house.session, supervisor, found, "rehearse")
    act(house.session, supervisor, found, "switch_on", {"open_tasks": "leave"})
    return found


def rated(house, customer):
    """Return a complaint with which the customer was content at first."""
    complaint = fed_back(house, customer_id=customer.id)
    step(house, complaint, "agent", "rate", outcome="satisfied")
    return complaint


def tasks(house) -> list[Task]:
    """Return all callbacks."""
    house.session.expire_all()
    return list(house.session.scalars(select(Task).order_by(Task.id)))


def asked(house, task: Task, satisfaction: str) -> None:
    """Make a callback with an answer."""
    agent = house.actor("agent")
    act(house.session, agent, task, "start")
    act(house.session, agent, task, "record_contact", {
        "outcome_id": house.session.scalars(
            select(Outcome.id).where(Outcome.code == "reached")).one(),
        "identity_checked": True, "satisfaction": satisfaction, "summary": "客户的说法",
        "minutes": 2})


@pytest.mark.parametrize(("satisfaction", "is_open"), [
    ("dissatisfied", True), ("fair", False), ("satisfied", False)])
def test_a_finished_complaint_is_asked_about_and_reopened_where_need_be(
    house, customer, rule, deliver, satisfaction, is_open
):
    complaint = rated(house, customer)
    for _ in range(2):
        deliver()
    [task] = tasks(house)
    assert (task.source_type, task.source_id) == ("complaints.complaint", complaint.id)
    asked(house, task, satisfaction)
    for _ in range(2):
        deliver()
    house.session.refresh(complaint)
    assert complaint.is_open is is_open
    assert len(tasks(house)) == 1


def test_callbacks_go_on_without_complaints(house, customer, rule, deliver):
    rated(house, customer)
    deliver()
    [task] = tasks(house)
    with without("complaints"):
        page = house.client("agent").get(f"/callbacks/call/task/{task.id}")
        assert page.status_code == 200 and "complaints.open" not in page.text
        asked(house, task, "dissatisfied")
        assert task.state == "closed"


def test_complaints_go_on_without_callbacks(house, customer, rule, deliver):
    with without("callbacks"):
        complaint = rated(house, customer)
        assert house.client("agent").get(f"/complaints/show/{complaint.id}").status_code == 200
    assert complaint.state == "rated"
