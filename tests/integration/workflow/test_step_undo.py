"""A step is taken back by a compensating step, while nothing followed, and never an approval."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.access.models import AuditEntry
from app.deadlines.models import ClockRow
from app.errors import Rejected
from app.records.bulk import BulkStep, RecordResult, run
from app.records.operations import operations_of
from app.records.services import act, update
from app.records.undo import undo
from app.workflow import services
from tests.integration.trial import Trial

HOUR = dt.timedelta(hours=1)


def entry_of(session, record) -> AuditEntry:
    """Return the audit entry of the last step of a record."""
    return session.scalars(
        select(AuditEntry).where(
            AuditEntry.record_id == record.id, AuditEntry.action == "transition",
            AuditEntry.record_type == Trial.__record_type__,
        ).order_by(AuditEntry.id.desc())
    ).first()


def take_back(session, actor, record) -> None:
    operations_of(Trial).undo_action(session, actor, record, entry_of(session, record))


def clocks(session, record) -> list[tuple]:
    session.expire_all()
    return [
        (row.key, row.run, row.started_at, tuple(map(tuple, row.pauses)), row.stopped_at,
         row.due_at)
        for row in session.scalars(select(ClockRow).where(ClockRow.record_id == record.id)
                                   .order_by(ClockRow.key, ClockRow.run))
    ]


def standing(record) -> tuple:
    return record.state, record.is_open, record.owner_id, record.due_at


def test_everything_is_as_it_was_and_both_lines_stay(session, world, new):
    record = new()
    before, ran = standing(record), clocks(session, record)
    act(session, world.agent, record, "take")
    taken = standing(record)
    assert taken != before
    take_back(session, world.agent, record)
    assert standing(record) == before and clocks(session, record) == ran
    lines = services.log(session, record)
    assert [line.transition for line in lines] == ["", "take", "take"]
    assert lines[-1].undoes_id == lines[-2].id
    # And it can be taken again, with the same outcome.
    act(session, world.agent, record, "take")
    assert standing(record)[:3] == taken[:3]


def test_a_pause_and_an_end_are_gone_from_the_clocks(session, world, new):
    record = new()
    act(session, world.agent, record, "take")
    ran = clocks(session, record)
    act(session, world.agent, record, "ask")
    assert clocks(session, record) != ran
    take_back(session, world.agent, record)
    assert clocks(session, record) == ran
    act(session, world.agent, record, "withdraw")
    assert all(row[4] is not None for row in clocks(session, record)) and not record.is_open
    take_back(session, world.agent, record)
    assert clocks(session, record) == ran and record.is_open


def test_not_after_something_followed(session, world, new):
    record = new()
    act(session, world.agent, record, "take")
    entry = entry_of(session, record)
    update(session, world.agent, record, {"subject": "Louder noise"})
    with pytest.raises(Rejected, match="Something has happened since"):
        operations_of(Trial).undo_action(session, world.agent, record, entry)
    act(session, world.agent, record, "ask")
    with pytest.raises(Rejected, match="not taken back"):
        operations_of(Trial).undo_action(session, world.agent, record, entry)
    assert record.state == "waiting"


def test_never_twice(session, world, new):
    record = new()
    act(session, world.agent, record, "take")
    entry = entry_of(session, record)
    take_back(session, world.agent, record)
    with pytest.raises(Rejected):
        operations_of(Trial).undo_action(session, world.agent, record, entry)


def test_never_an_approval(session, world, new, put_file):
    record = new()
    act(session, world.agent, record, "take")
    act(session, world.agent, record, "propose", {"solution": "x"})
    act(session, world.leader, record, "approve", {"signature": put_file(record)})
    approved = record.state
    with pytest.raises(Rejected, match="not taken back"):
        take_back(session, world.leader, record)
    assert record.state == approved


def test_a_bulk_step_sees_what_changed_and_is_taken_back_as_one(session, world, new):
    records = [new(), new(), new()]
    versions = {record.id: record.version for record in records}
    update(session, world.supervisor, records[1], {"subject": "Changed meanwhile"})
    done = run(session, world.agent, Trial, versions, BulkStep("take"))
    assert [one.result for one in done.outcomes] == [
        RecordResult.DONE, RecordResult.STALE, RecordResult.DONE]
    session.expire_all()
    assert [record.owner_id for record in records] == [world.agent.user_id, None,
                                                       world.agent.user_id]
    result = undo(session, world.agent, Trial, done.change_set)
    assert (result.count, result.kept) == (2, ())
    session.expire_all()
    assert [record.owner_id for record in records] == [None, None, None]


def test_one_that_went_on_stays_and_is_named(session, world, new):
    first, second = new(), new()
    done = run(session, world.agent, Trial, {first.id: None, second.id: None}, BulkStep("take"))
    session.expire_all()
    act(session, world.agent, second, "ask")
    result = undo(session, world.agent, Trial, done.change_set)
    assert result.count == 1 and result.kept == (str(second),)
    session.expire_all()
    assert (first.owner_id, second.state) == (None, "waiting")


def test_others_cannot_take_it_back(session, world, new):
    record = new()
    done = run(session, world.agent, Trial, {record.id: None}, BulkStep("take"))
    result = undo(session, world.supervisor, Trial, done.change_set)
    assert (result.count, result.kept) == (0, ())
    session.expire_all()
    assert record.owner_id == world.agent.user_id


def test_a_step_meant_for_one_is_not_taken_for_many(session, world, new):
    record = new()
    act(session, world.agent, record, "take")
    proposed = BulkStep("propose", {"solution": "x"})
    done = run(session, world.agent, Trial, {record.id: None}, proposed)
    assert [one.result for one in done.outcomes] == [RecordResult.REJECTED]
    assert "one record at a time" in str(done.outcomes[0].reason)
