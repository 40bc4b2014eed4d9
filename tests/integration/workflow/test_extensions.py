"""Extensions of a record's deadlines: rights by role and relation, written to the audit trail."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.access.models import AuditEntry
from app.deadlines.clocks import ClockRefused
from app.deadlines.models import ClockRow
from app.workflow import extensions
from tests.integration.trial import new_trial

pytestmark = pytest.mark.both_databases


@pytest.fixture
def case(session, world):
    """A case that has just begun, and the id of its internal clock."""
    record = new_trial(session, world.agent, {"subject": "x"})
    clock_id = session.scalar(
        select(ClockRow.id).where(ClockRow.record_id == record.id, ClockRow.key == "resolution")
    )
    return record, clock_id


def test_a_request_is_decided_by_the_one_with_the_right(session, world, case):
    record, clock_id = case
    before = record.due_at
    asked = extensions.request(session, world.agent, record, clock_id, 60, "Expert needed")
    with pytest.raises(ClockRefused, match="Only supervisor"):
        extensions.decide(session, world.leader, record, asked.id, True)
    extensions.decide(session, world.supervisor, record, asked.id, True, "Agreed")
    assert record.due_at > before
    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert [one for one in actions if one.startswith("extension")] == [
        "extension_pending", "extension_approved",
    ]


def test_a_clock_of_another_record_is_out_of_reach(session, world, case):
    _, clock_id = case
    other = new_trial(session, world.agent, {"subject": "y"})
    with pytest.raises(LookupError):
        extensions.request(session, world.agent, other, clock_id, 60, "Why")
    asked = extensions.request(session, world.agent, case[0], clock_id, 60, "Why")
    with pytest.raises(LookupError):
        extensions.decide(session, world.supervisor, other, asked.id, True)
    assert asked.state == "pending"
