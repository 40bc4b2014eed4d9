"""The time of receipt put right later: the clocks that began with it begin anew."""

from __future__ import annotations

import datetime as dt
import re

from sqlalchemy import select

from app.access.models import AuditEntry
from app.deadlines.models import ClockEventRow, ClockRow
from app.deadlines.sweeping import sweep
from app.sdk.services import find, utcnow
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import registered, step

MOMENT = "%Y-%m-%dT%H:%M"


def clocks(house, complaint) -> dict[str, ClockRow]:
    """Return the clocks as the database holds them."""
    return {row.key: row for row in house.session.scalars(
        select(ClockRow).where(ClockRow.record_id == complaint.id)
        .order_by(ClockRow.run).execution_options(populate_existing=True)
    )}


def correct(house, complaint, moment):
    """Put the time of receipt right on the form and return the answer."""
    client = house.client("supervisor")
    page = client.get(f"/complaints/edit/{complaint.id}").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    house.session.rollback()
    local = moment.astimezone(dt.timezone(dt.timedelta(hours=8)))
    answer = client.post(f"/complaints/edit/{complaint.id}", data={
        "csrf_token": token, "received_at": local.strftime(MOMENT), "version": complaint.version,
        "customer_name": complaint.customer_name, "contact": complaint.contact,
        "channel": complaint.channel_id, "reason": complaint.reason, "demand": complaint.demand,
        "subject": complaint.subject,
    })
    house.session.rollback()
    return answer


def minute(**ago: int) -> dt.datetime:
    """Return a whole minute of the past."""
    return (utcnow() - dt.timedelta(**ago)).replace(second=0, microsecond=0)


def test_running_clocks_begin_with_the_new_time_and_the_audit_says_so(house):
    complaint = registered(house, received_at=minute(days=1))
    before = {key: row.due_at for key, row in clocks(house, complaint).items()}
    assert before
    earlier = minute(days=15)
    assert correct(house, complaint, earlier).status_code == 302
    after = clocks(house, complaint)
    assert {row.started_at for row in after.values()} == {earlier}
    assert all(row.due_at < before[key] for key, row in after.items())
    found = find(house.session, house.actor("supervisor"), Complaint, complaint.id)
    assert found.due_at == min(row.due_at for row in after.values())
    entry = house.session.scalar(select(AuditEntry).where(
        AuditEntry.record_type == complaint.__record_type__, AuditEntry.record_id == complaint.id, AuditEntry.action == "deadlines_moved"
    ))
    assert entry.changes["clock"].split(", ") == list(before)
    assert entry.changes["due_at"][1] == found.due_at.isoformat(timespec="microseconds")
    assert entry.actor_id == house.actor("supervisor").user_id
    page = house.client("supervisor").get(f"/complaints/show/{complaint.id}").text
    assert "moved the deadlines" in page or "调整了时限" in page


def test_what_was_told_too_early_is_told_again_at_its_time(house):
    complaint = registered(house, received_at=minute(days=60))
    sweep(house.session, utcnow())
    told = select(ClockEventRow.kind).where(ClockEventRow.record_id == complaint.id)
    assert "breach" in house.session.scalars(told).all()
    correct(house, complaint, minute(minutes=2))
    assert house.session.scalars(told).all() == []
    rows = clocks(house, complaint).values()
    assert all(row.passed == 0 and row.next_event_at > utcnow() for row in rows)
    sweep(house.session, utcnow() + dt.timedelta(days=90))
    assert "breach" in house.session.scalars(told).all()


def test_what_is_overdue_by_the_new_time_is_told_by_the_next_sweep(house):
    complaint = registered(house)
    correct(house, complaint, minute(days=60))
    sweep(house.session, utcnow())
    kinds = house.session.scalars(
        select(ClockEventRow.kind).where(ClockEventRow.record_id == complaint.id)
    ).all()
    assert "breach" in kinds


def test_a_clock_that_has_stopped_is_judged_by_the_new_time(house):
    complaint = registered(house)
    step(house, complaint, "agent", "assess", severity="minor", urgency="low",
         cause_analysis="无")
    step(house, complaint, "agent", "tell_progress", text="正在核实")
    stopped = [row for row in clocks(house, complaint).values() if row.stopped_at and row.kept]
    assert stopped
    keys = {row.key for row in stopped}
    correct(house, complaint, minute(days=60))
    after = clocks(house, complaint)
    assert {after[key].kept for key in keys} == {False}
    called_off = [row for row in house.session.scalars(
        select(ClockRow).where(ClockRow.record_id == complaint.id)
    ) if row.stopped_at and row.key not in keys]
    assert all(row.kept is None for row in called_off)


def test_receipt_cannot_follow_what_was_done_since(house):
    complaint = registered(house, received_at=minute(days=2))
    step(house, complaint, "agent", "assess", severity="normal", urgency="low",
         cause_analysis="无")
    step(house, complaint, "agent", "tell_progress", text="正在核实")
    row = next(one for one in clocks(house, complaint).values() if one.stopped_at)
    row.stopped_at = minute(days=1)
    house.session.commit()
    answer = correct(house, complaint, minute(hours=2))
    assert answer.status_code == 422 and "受理时间不能晚于" in answer.text
    assert {one.started_at for one in clocks(house, complaint).values()} != {minute(hours=2)}
