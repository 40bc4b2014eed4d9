"""A certificate that has ended stops the assignment of a complaint, where a rule says so."""

from __future__ import annotations

import datetime as dt

import pytest

from app.sdk.errors import Rejected
from app.sdk.people import local_today
from app.sdk.records import create
from app.sdk.services import act, update
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import assessed, department
from plugins.training.tests.helpers import certificate, course, duty


def assign(house, complaint, username="supervisor"):
    return act(house.session, house.actor(username), complaint, "assign", {
        "responsible_department_id": department(house, "COLLECT"),
        "handler_id": house.actor("mengdie").user_id, "liability": "department"})


def test_an_expired_certificate_stops_an_assignment(house):
    of = course(house)
    rule = duty(house, of, gate="block", role="agent")
    certificate(house, of, "mengdie", local_today() - dt.timedelta(days=400))
    # Who registers a complaint owns it: the agent needs the certificate too.
    certificate(house, of, "agent")
    complaint = assessed(house)
    with pytest.raises(Rejected) as refused:
        assign(house, complaint)
    assert refused.value.message.params["course"] == of.name
    # The supervisor of another department may not open the record of the person.
    assert refused.value.message.link.address == f"/training/courses/show/{of.id}"
    certificate(house, of, "mengdie")
    assign(house, complaint)
    assert complaint.handler_id == house.actor("mengdie").user_id
    update(house.session, house.actor("hr"), rule, {"gate": ""})


def test_a_second_person_may_assign_in_spite_of_it(house):
    of = course(house)
    duty(house, of, gate="second_person", role="agent")
    certificate(house, of, "agent")
    complaint = assessed(house)
    assign(house, complaint)
    assert complaint.handler_id == house.actor("mengdie").user_id
    with pytest.raises(Rejected):
        create(house.session, house.actor("wanghao"), Complaint, {
            "customer_name": "王小明", "contact": "13812345678", "reason": "违约金",
            "demand": "退还"})


def test_without_a_gate_or_for_other_kinds_nothing_is_stopped(house):
    of = course(house)
    duty(house, of)
    complaint = assessed(house)
    assign(house, complaint)
    assert complaint.handler_id == house.actor("mengdie").user_id
