"""Extensions in the database: asked for with a reason, decided once by another person."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.deadlines import extensions
from app.deadlines.clocks import ClockRefused
from app.deadlines.models import ClockEventRow, ExtensionRow
from app.deadlines.sweeping import sweep
from tests.integration.trial import Trial

pytestmark = pytest.mark.both_databases


MONDAY = dt.datetime(2024, 5, 13, 1, tzinfo=dt.UTC)  # 09:00 in Shanghai
HOUR = dt.timedelta(hours=1)


def test_an_extension_is_asked_for_and_approved_by_another(session, world, new, clock):
    record = new()
    sweep(session, MONDAY + 7 * HOUR)
    now, row = MONDAY + 7 * HOUR, clock(record)
    request = extensions.request_extension(
        session, world.agent.user_id, row.id, 480, "Expert needed", now
    )
    with pytest.raises(ClockRefused, match="waiting for approval"):
        extensions.request_extension(session, world.agent.user_id, row.id, 60, "More", now)
    for user, roles, sentence in (
        (world.agent.user_id, {"supervisor"}, "Somebody else"),
        (world.leader.user_id, {"leader"}, "Only supervisor"),
    ):
        with pytest.raises(ClockRefused, match=sentence):
            extensions.approve_extension(session, user, request.id, roles, now)
    extensions.approve_extension(session, world.supervisor.user_id, request.id, {"supervisor"}, now)
    row = clock(record)
    assert row.due_at == MONDAY + 24 * HOUR + 7 * HOUR
    session.expire_all()
    assert session.get(Trial, record.id).due_at == row.due_at
    with pytest.raises(ClockRefused, match="decided already"):
        extensions.refuse_extension(
            session, world.supervisor.user_id, request.id, {"supervisor"}, now, "no"
        )
    # The shares of the longer time count anew.
    sweep(session, MONDAY + 48 * HOUR)
    kinds = session.scalars(
        select(ClockEventRow.kind).where(
            ClockEventRow.record_id == record.id, ClockEventRow.extended == 480
        )
    ).all()
    assert sorted(kinds) == ["breach", "escalation", "escalation", "warning", "warning"]


def test_a_refused_extension_moves_nothing(session, world, new, clock):
    record = new()
    row = clock(record)
    before = row.due_at
    request = extensions.request_extension(
        session, world.agent.user_id, row.id, 60, "Expert needed", MONDAY
    )
    extensions.refuse_extension(
        session, world.supervisor.user_id, request.id, {"supervisor"}, MONDAY, "Not this time"
    )
    assert clock(record).due_at == before
    assert session.get(ExtensionRow, request.id).state == "refused"


def test_the_law_without_extension_cannot_be_extended(session, world, new, clock):
    row = clock(new(), "decision")
    with pytest.raises(ClockRefused, match="cannot be extended"):
        extensions.request_extension(session, world.agent.user_id, row.id, 15, "Why", MONDAY)
    with pytest.raises(LookupError):
        extensions.request_extension(session, world.agent.user_id, 999, 15, "Why", MONDAY)
