"""The first response is what the customer got, not a step that is taken within the house."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.access.models import AuditEntry
from app.deadlines.clock_status import ClockStatus
from app.deadlines.models import ClockRow
from app.records.operations import operations_of
from app.sdk.demo import acting_at
from app.sdk.services import update
from app.workflow.deadline_requests import deadlines_of
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import assessed, assigned, fed_back, proposed, step

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MONDAY = dt.datetime(2025, 10, 13, 3, tzinfo=dt.UTC)


def responses(house, complaint) -> list[bool | None]:
    """Return how the first response of each round came out, the first round first."""
    lines = deadlines_of(house.session, house.actor("supervisor"), complaint)
    mine = [line for line in lines if line.rule.key == "first_response"]
    return [line.kept for line in sorted(mine, key=lambda line: line.round_number)]


def tell(house, complaint):
    return step(house, complaint, "agent", "tell_progress", text="正在核实")


def test_what_is_decided_within_the_house_is_no_response(house):
    with acting_at(MONDAY):
        assert responses(house, assessed(house)) == [None]
        assert responses(house, proposed(house)) == [None]


@pytest.mark.parametrize("hear", [
    tell,
    lambda house, one: step(house, one, "mengdie", "wait", waiting_for="发票"),
])
def test_it_is_kept_when_the_customer_hears_from_us_in_time(house, hear):
    with acting_at(MONDAY):
        complaint = hear(house, assigned(house))
    assert responses(house, complaint) == [True]
    assert complaint.first_response_result == "kept"


def test_reopening_keeps_no_response_in_the_moment_in_which_it_begins(house):
    with acting_at(MONDAY):
        complaint = fed_back(house)
        step(house, complaint, "agent", "rate", outcome="satisfied")
    later = MONDAY + dt.timedelta(days=1)
    with acting_at(later):
        step(house, complaint, "supervisor", "reopen", reopen_reason="又发生了")
    assert not house.session.scalars(select(ClockRow).where(
        ClockRow.record_id == complaint.id, ClockRow.key == "first_response",
        ClockRow.started_at == later, ClockRow.kept.is_not(None))).all()


def test_it_is_missed_when_the_customer_hears_too_late(house):
    with acting_at(MONDAY):
        complaint = assigned(house)
    with acting_at(MONDAY + dt.timedelta(days=20)):
        tell(house, complaint)
    assert responses(house, complaint) == [False]


def test_each_round_has_a_response_of_its_own(house):
    with acting_at(MONDAY):
        complaint = fed_back(house)
        step(house, complaint, "agent", "dissatisfied", dissatisfaction_reason="金额不符")
        assert responses(house, complaint) == [True, None]
        tell(house, complaint)
    assert responses(house, complaint) == [True, True]


def test_it_stands_when_the_clocks_are_worked_out_anew(house):
    with acting_at(MONDAY):
        complaint = tell(house, assessed(house))
        # Under a stricter rule from the beginning on: what the customer heard still counts.
        step(house, complaint, "supervisor", "escalate", escalation_reason="媒体关注")
        update(house.session, house.actor("supervisor"), complaint,
               {"received_at": MONDAY - dt.timedelta(minutes=5)})
    assert responses(house, complaint) == [True]


def test_it_stands_when_a_step_after_it_is_taken_back(house):
    with acting_at(MONDAY):
        complaint = tell(house, assessed(house))
        step(house, complaint, "supervisor", "escalate", escalation_reason="媒体关注")
        entry = house.session.scalars(
            select(AuditEntry).where(AuditEntry.record_type == complaint.__record_type__, AuditEntry.record_id == complaint.id,
                                     AuditEntry.action == "transition")
            .order_by(AuditEntry.id.desc())).first()
        operations_of(Complaint).undo_action(
            house.session, house.actor("supervisor"), complaint, entry)
    assert responses(house, complaint) == [True]


def test_what_is_told_while_the_customer_has_the_turn_leaves_the_other_clock_standing(house):
    with acting_at(MONDAY):
        complaint = step(house, assigned(house), "mengdie", "wait", waiting_for="发票")
        tell(house, complaint)
        lines = deadlines_of(house.session, house.actor("supervisor"), complaint)
    assert [line.status for line in lines if line.rule.key == "resolution"] == [ClockStatus.PAUSED]
