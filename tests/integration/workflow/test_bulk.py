"""One transition for many records: each decided alone, one outcome for each."""

from __future__ import annotations

from app.workflow import bulk, services
from app.workflow.bulk import Result
from tests.integration.trial import Trial


def test_bulk_has_one_outcome_for_each(session, world, new):
    free, taken, stale, waiting = new(), new(), new(), new()
    services.perform(session, world.supervisor, taken, "take", {})
    seen = stale.version
    services.perform(session, world.agent, stale, "note", {"comment": "x"})
    services.perform(session, world.agent, waiting, "take", {})
    services.perform(session, world.agent, waiting, "ask", {})
    outcomes = bulk.perform_many(
        session, world.agent, Trial,
        [free.id, taken.id, stale.id, waiting.id, 999, free.id], "take", {}, {stale.id: seen},
    )
    assert [(one.record_id, one.result) for one in outcomes] == [
        (free.id, Result.DONE),
        (taken.id, Result.TAKEN),
        (stale.id, Result.STALE),
        (waiting.id, Result.NOT_ALLOWED),
        (999, Result.NOT_FOUND),
    ]
    assert free.owner_id == world.agent.user_id
    assert all(one.reason for one in outcomes[1:])


def test_bulk_takes_only_what_may_be_taken_in_bulk(session, world, new, put_file):
    record = new()
    services.perform(session, world.agent, record, "take", {})
    services.perform(session, world.agent, record, "propose", {"solution": "x"})
    scan = put_file(record)
    (outcome,) = bulk.perform_many(
        session, world.leader, Trial, [record.id], "approve", {"signature": scan}
    )
    assert outcome.result is Result.NOT_ALLOWED and record.state == "proposed"


def test_bulk_does_not_see_what_the_person_does_not_see(session, world, new, actor):
    record = new()
    stranger = actor("sun", roles={"agent"})
    (outcome,) = bulk.perform_many(session, stranger, Trial, [record.id], "take", {})
    assert (outcome.result, outcome.number) == (Result.NOT_FOUND, "")
