"""A complaint says whether its deadlines were kept, whatever happens to its clocks."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.access.models import AuditEntry
from app.records.operations import operations_of
from app.sdk.demo import acting_at
from app.sdk.metrics import figures
from plugins.complaints.metrics import METRICS
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import assigned, fed_back, registered, step

pytestmark = pytest.mark.both_databases
MONDAY = dt.datetime(2025, 10, 13, 3, tzinfo=dt.UTC)


def results(complaint) -> tuple[str, str]:
    return complaint.first_response_result, complaint.resolution_result


def test_a_deadline_is_kept_when_its_clock_ended_in_time(house):
    with acting_at(MONDAY):
        one = registered(house)
        assert results(one) == ("", "")
        done = fed_back(house)
    assert results(done) == ("kept", "kept")


def test_a_late_first_response_is_missed(house):
    with acting_at(MONDAY):
        one = registered(house)
    with acting_at(MONDAY + dt.timedelta(days=30)):
        step(house, one, "agent", "tell_progress", text="正在核实")
    assert results(one) == ("missed", "")


def test_the_moment_of_the_first_response_is_kept_and_taken_back(house):
    with acting_at(MONDAY):
        one = registered(house)
        assert one.first_response_at is None
    heard = MONDAY + dt.timedelta(hours=2)
    with acting_at(heard):
        step(house, one, "agent", "tell_progress", text="正在核实")
    assert one.first_response_at == heard
    with acting_at(heard + dt.timedelta(hours=1)):
        step(house, one, "agent", "tell_progress", text="仍在核实")
    assert one.first_response_at == heard
    [metric] = [each for each in METRICS if each.name == "complaints.response_time"]
    figure = figures(house.session, house.actor("supervisor"), [metric])[metric.name]
    assert (figure.numerator, figure.denominator, figure.value) == (120, 1, 120)


def test_a_second_round_in_time_does_not_make_up_for_a_late_first_one(house):
    with acting_at(MONDAY):
        one = fed_back(house)
        step(house, one, "mengdie", "dissatisfied", dissatisfaction_reason="仍未退款")
    assert results(one)[1] == "kept"
    with acting_at(MONDAY + dt.timedelta(days=60)):
        step(house, one, "mengdie", "withdraw", withdrawal_reason="已自行解决")
    assert results(one)[1] == "missed"


def test_a_step_that_is_taken_back_leaves_the_clock_running(house):
    with acting_at(MONDAY):
        one = assigned(house)
        step(house, one, "mengdie", "wait", waiting_for="发票")
        assert results(one)[0] == "kept"
        entry = house.session.scalars(
            select(AuditEntry).where(AuditEntry.record_type == one.__record_type__, AuditEntry.record_id == one.id,
                                     AuditEntry.action == "transition")
            .order_by(AuditEntry.id.desc())).first()
        operations_of(Complaint).undo_action(house.session, house.actor("mengdie"), one, entry)
    assert results(one)[0] == ""
