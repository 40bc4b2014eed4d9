"""The sweep: jobs of dead workers, lost messages, and clearing away the old."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.access.actor import SYSTEM
from app.database import utcnow, write
from app.jobs import recovery
from app.jobs.models import DONE, FAILED, QUEUED, RUNNING, Job, OutboxRow, WorkerRow
from app.jobs.outbox import emit
from app.jobs.queue import JobQueue
from app.jobs.recovery import Recovered, recover
from app.jobs.services import STALE_AFTER, enqueue, job_state

pytestmark = pytest.mark.both_databases


SECOND = dt.timedelta(seconds=1)


def _job(session: Session, **values: Any) -> int:
    job = enqueue(session, SYSTEM, "test.kind", {}, title="Test")
    if values:
        with write(session):
            session.execute(update(Job).where(Job.id == job.id).values(**values))
    return job.id


def _worker(session: Session, seen_at: dt.datetime) -> None:
    with write(session):
        session.add(WorkerRow(id="w1", host="", pid=1, seen_at=seen_at))


def _drain(queue: JobQueue) -> None:
    queue.huey.flush()


def test_the_job_of_a_dead_worker_goes_back_into_the_queue(
    session: Session, queue: JobQueue
) -> None:
    now = utcnow()
    _worker(session, now)
    job_id = _job(session, state=RUNNING, worker_id="w1", attempt=1)
    _drain(queue)
    assert recover(session, queue, now + STALE_AFTER) == Recovered(0, 0, 0)
    assert recover(session, queue, now + STALE_AFTER + SECOND) == Recovered(1, 0, 0)
    assert job_state(session, job_id).state == QUEUED
    assert not queue.is_empty()


def test_a_worker_that_is_gone_altogether_is_dead(session: Session, queue: JobQueue) -> None:
    _job(session, state=RUNNING, worker_id="gone", attempt=1)
    assert recover(session, queue, utcnow()).requeued == 1


def test_a_job_that_kills_its_workers_fails_in_the_end(session: Session, queue: JobQueue) -> None:
    job_id = _job(session)
    for crash in range(1, recovery.MOST_CRASHES + 1):
        with write(session):
            session.execute(update(Job).values(state=RUNNING, worker_id="gone", attempt=crash))
        recover(session, queue, utcnow())
    state = job_state(session, job_id)
    assert (state.state, state.error) == (FAILED, recovery.CRASHED)
    assert state.error_values == {"times": recovery.MOST_CRASHES}
    assert state.finished_at is not None


def test_a_lost_message_is_sent_again(session: Session, queue: JobQueue) -> None:
    _job(session)
    now = utcnow()
    _drain(queue)
    assert recover(session, queue, now) == Recovered(0, 0, 0)
    assert recover(session, queue, now + recovery.LOST_AFTER).sent_again == 1
    assert not queue.is_empty()


def test_a_long_queue_is_not_taken_for_lost_messages(session: Session, queue: JobQueue) -> None:
    _job(session)
    now = utcnow()
    assert recover(session, queue, now + recovery.LOST_AFTER) == Recovered(0, 0, 0)
    assert recover(session, queue, now + recovery.SEND_AGAIN_AFTER).sent_again == 1


@pytest.mark.parametrize("age", [29, 31, 91])
def test_the_old_is_cleared_away(
    session: Session, queue: JobQueue, tmp_path: Path, age: int
) -> None:
    now = utcnow()
    then = now - dt.timedelta(days=age)
    finished = _job(session, state=DONE, finished_at=then, created_at=then)
    waiting = _job(session, created_at=then)
    (tmp_path / str(finished)).mkdir()
    (tmp_path / str(finished) / "rejects.csv").write_text("a")
    _worker(session, then)
    with write(session):
        emit(session, "done", {}, ["a"])
        emit(session, "waits", {}, ["a"])
        session.execute(
            update(OutboxRow)
            .where(OutboxRow.event == "done")
            .values(done_at=then, next_try_at=None)
        )
    gone = age > recovery.KEEP_JOBS.days
    assert recovery.purge(session, tmp_path, now) == gone
    assert (job_state(session, finished) is None) == gone
    assert (tmp_path / str(finished)).exists() != gone
    assert job_state(session, waiting) is not None
    events = set(session.scalars(select(OutboxRow.event)))
    assert events == ({"waits"} if age > recovery.KEEP_EVENTS.days else {"waits", "done"})
    assert session.scalar(select(func.count()).select_from(WorkerRow)) == 0
