"""Demo data look like the work of a department: every state is there, and few are late."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from app.access.audit import verify_chain
from app.access.models import AuditEntry
from app.deadlines.models import ClockRow
from app.sdk.demo import default_calendar
from app.sdk.services import utcnow
from app.workflow.models import LogRow
from plugins.complaints.models import Complaint
from plugins.complaints.workflow import STATES

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def database_kind() -> str:
    """The whole demonstration, which is loaded once for all tests that look at it."""
    return "demo"


def test_every_state_is_there_and_few_are_late(house):
    held = dict(map(tuple, house.session.execute(
        select(Complaint.state, func.count()).group_by(Complaint.state))))
    assert set(held) == {state.name for state in STATES}
    assert house.session.scalar(select(func.count()).where(Complaint.is_major)) > 0
    assert house.session.scalar(select(func.count()).where(Complaint.round > 1)) > 0
    is_open = house.session.scalar(select(func.count()).where(Complaint.is_open))
    late = house.session.scalar(
        select(func.count()).where(Complaint.is_open, Complaint.due_at < utcnow()))
    assert 0 < late < is_open / 4
    _follows_the_time(house)
    _keeps_most_deadlines(house)
    for username in ("supervisor", "leader"):
        waiting = house.client(username).get("/complaints/list/?view=to_approve",
                                             follow_redirects=True)
        assert waiting.text.count("data-row=") >= 2, username


def _follows_the_time(house):
    """Steps lie between receipt and now, in working time, and one after the other."""
    session, calendar = house.session, default_calendar(house.session)
    lines = session.execute(
        select(LogRow.at, Complaint.received_at)
        .join(Complaint, Complaint.id == LogRow.record_id)
        .where(LogRow.record_type == Complaint.__record_type__).order_by(LogRow.id)
    ).all()
    times = [line.at for line in lines]
    assert times == sorted(times) and times[-1] <= utcnow()
    assert times[-1] - times[0] > dt.timedelta(days=14)
    assert all(line.received_at <= line.at for line in lines)
    # A step at closing time may end some seconds later.
    a_minute = dt.timedelta(minutes=1)
    assert all(calendar.is_working(at) or calendar.is_working(at - a_minute) for at in times)
    changes = session.scalars(
        select(AuditEntry.at).where(AuditEntry.record_type == Complaint.__record_type__)
        .order_by(AuditEntry.id)
    ).all()
    assert changes == sorted(changes) and min(changes) >= min(line.received_at for line in lines)
    assert list(verify_chain(session)) == []


def _keeps_most_deadlines(house):
    """Of ten deadlines that are over about one was missed, as planned."""
    kept = house.session.scalars(select(ClockRow.kept).where(ClockRow.kept.is_not(None))).all()
    assert len(kept) > 150
    assert 0.8 <= sum(kept) / len(kept) <= 0.95
