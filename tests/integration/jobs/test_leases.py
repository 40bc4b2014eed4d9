"""Claims of schedules and jobs end, whether or not their end can be written."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app import database
from app.access.actor import SYSTEM
from app.database import utcnow, write
from app.jobs import retries, schedules
from app.jobs.kinds import JobKind, Schedule
from app.jobs.models import DONE, QUEUED, RUNNING, Job, ScheduleRow, WorkerRow
from app.jobs.queue import JobQueue
from app.jobs.recovery import recover
from app.jobs.runner import run_job
from app.jobs.services import LEASE, enqueue, job_state

pytestmark = pytest.mark.both_databases


SECOND = dt.timedelta(seconds=1)
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@contextlib.contextmanager
def lock_held(engine: Engine) -> Iterator[None]:
    """Hold SQLite's write lock by another connection."""
    with engine.connect().execution_options(careline_write=True) as other:
        other.begin()
        yield


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up early, so that the test need not wait."""
    monkeypatch.setattr(database, "WAIT_SECONDS", 0.1)
    monkeypatch.setattr(retries, "PAUSES_SECONDS", (0.05,))


@pytest.fixture
def living(session: Session) -> str:
    """A worker that will be alive for the whole test."""
    with write(session):
        session.add(WorkerRow(id="w1", host="", pid=1, seen_at=utcnow() + dt.timedelta(hours=1)))
    return "w1"


@ON_SQLITE
def test_a_schedule_whose_end_cannot_be_written_runs_again(
    session: Session, engine: Engine, impatient: None, living: str
) -> None:
    runs: list[dt.datetime] = []
    locks = contextlib.ExitStack()

    def run(_session: Session, now: dt.datetime) -> None:
        runs.append(now)
        if len(runs) == 1:
            locks.enter_context(lock_held(engine))

    schedule = Schedule(name="test.probe", every_seconds=10, run=run)
    now = utcnow()
    schedules.prepare(session, [schedule], now)
    with pytest.raises(DBAPIError):
        schedules.run_schedule(session, schedule, living, now)
    locks.close()
    # The worker that ran it knows that it does so no longer ...
    assert schedules.due(session, now + SECOND, living) == {"test.probe"}
    # ... and others learn it when the lease has expired, though that worker lives.
    assert schedules.due(session, now + SECOND, "w2") == set()
    later = now + LEASE + SECOND
    assert schedules.due(session, later, "w2") == {"test.probe"}
    assert schedules.run_schedule(session, schedule, "w2", later)
    assert len(runs) == 2
    assert session.get(ScheduleRow, "test.probe", populate_existing=True).worker_id is None


@ON_SQLITE
def test_the_end_is_written_once_the_lock_is_free(
    session: Session, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "WAIT_SECONDS", 0.1)
    monkeypatch.setattr(retries, "PAUSES_SECONDS", (0.1,) * 50)
    taken = threading.Event()

    def hold() -> None:
        with lock_held(engine):
            taken.set()
            time.sleep(0.6)

    def run(_session: Session, _now: dt.datetime) -> None:
        threading.Thread(target=hold).start()
        assert taken.wait(5)

    schedule = Schedule(name="test.probe", every_seconds=10, run=run)
    now = utcnow()
    schedules.prepare(session, [schedule], now)
    assert schedules.run_schedule(session, schedule, "w1", now)
    row = session.get(ScheduleRow, "test.probe", populate_existing=True)
    assert (row.worker_id, row.lease_until, row.last_error) == (None, None, None)
    assert row.next_run_at >= now + 10 * SECOND


@ON_POSTGRESQL
def test_the_end_is_written_after_the_connection_was_terminated(
    session: Session, engine: Engine
) -> None:
    def run(own: Session, _now: dt.datetime) -> None:
        backend = own.scalar(text("SELECT pg_backend_pid()"))
        with engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": backend})

    schedule = Schedule(name="test.probe", every_seconds=10, run=run)
    now = utcnow()
    schedules.prepare(session, [schedule], now)
    assert schedules.run_schedule(session, schedule, "w1", now)
    assert session.get(ScheduleRow, "test.probe", populate_existing=True).worker_id is None


def test_an_expired_run_does_not_release_the_claim_of_the_next(
    session: Session, living: str
) -> None:
    now = utcnow()

    def run(own: Session, _now: dt.datetime) -> None:
        # Meanwhile the lease expired, and another worker began.
        with write(own):
            own.execute(update(ScheduleRow).values(worker_id="w2", last_started_at=now + SECOND))

    schedule = Schedule(name="test.probe", every_seconds=10, run=run)
    schedules.prepare(session, [schedule], now)
    schedules.run_schedule(session, schedule, living, now)
    assert session.get(ScheduleRow, "test.probe", populate_existing=True).worker_id == "w2"


def test_a_worker_renews_what_it_runs_and_nothing_else(session: Session) -> None:
    now = utcnow()
    with write(session):
        session.add_all([
            ScheduleRow(name=name, next_run_at=now, worker_id=worker, lease_until=now)
            for name, worker in (("running", "w1"), ("left", "w1"), ("other", "w2"))
        ])
    with write(session):
        schedules.renew(session, "w1", ["running", "other"], now)
    found = dict(session.execute(select(ScheduleRow.name, ScheduleRow.lease_until)).all())
    assert found == {"running": now + LEASE, "left": now, "other": now}


@ON_SQLITE
def test_a_job_whose_end_cannot_be_written_is_done_again_though_its_worker_lives(
    session: Session, engine: Engine, queue: JobQueue, runtime_of: Callable[..., object],
    impatient: None, living: str,
) -> None:
    locks = contextlib.ExitStack()
    attempts: list[int] = []

    def work(context: object) -> None:
        attempts.append(context.attempt)
        if len(attempts) == 1:
            locks.enter_context(lock_held(engine))

    runtime = runtime_of(JobKind(name="test.work", run=work))
    job_id = enqueue(session, SYSTEM, "test.work", {}, title="Work").id
    with pytest.raises(DBAPIError):
        run_job(runtime, living, job_id)
    locks.close()
    assert job_state(session, job_id).state == RUNNING
    now = utcnow()
    assert recover(session, queue, now).requeued == 0
    assert recover(session, queue, now + LEASE + SECOND).requeued == 1
    assert job_state(session, job_id).state == QUEUED
    session.rollback()
    run_job(runtime, living, job_id)
    assert (job_state(session, job_id).state, attempts) == (DONE, [1, 2])
    assert session.get(Job, job_id, populate_existing=True).lease_until is None
