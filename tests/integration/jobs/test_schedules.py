"""Schedules: once in the whole installation, however many workers there are."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.database import utcnow, write
from app.jobs import schedules
from app.jobs.kinds import Schedule
from app.jobs.models import ScheduleRow, WorkerRow
from app.jobs.services import STALE_AFTER, worker_alive

pytestmark = pytest.mark.both_databases


SECOND = dt.timedelta(seconds=1)


class _Work:
    """Counts its runs."""

    def __init__(self) -> None:
        self.runs: list[dt.datetime] = []
        self.schedule = Schedule(name="test.work", every_seconds=60, run=self)

    def __call__(self, _session: Session, now: dt.datetime) -> None:
        self.runs.append(now)


@pytest.fixture
def work(session: Session) -> _Work:
    work = _Work()
    schedules.prepare(session, [work.schedule], utcnow())
    return work


def _appear(session: Session, worker_id: str, seen_at: dt.datetime) -> None:
    with write(session):
        session.merge(WorkerRow(id=worker_id, host="", pid=1, seen_at=seen_at))


def _row(session: Session) -> ScheduleRow:
    return session.scalars(select(ScheduleRow).execution_options(populate_existing=True)).one()


def test_due_at_once_and_then_after_its_interval(session: Session, work: _Work) -> None:
    start = utcnow()
    for seconds, runs in ((0, 1), (59, 1), (60, 2), (61, 2), (3600, 3)):
        now = start + seconds * SECOND
        assert (work.schedule.name in schedules.due(session, now)) == (runs > len(work.runs))
        schedules.run_schedule(session, work.schedule, "w1", now)
        assert len(work.runs) == runs


def test_preparing_again_changes_nothing(session: Session, work: _Work) -> None:
    now = utcnow()
    schedules.run_schedule(session, work.schedule, "w1", now)
    schedules.prepare(session, [work.schedule], now)
    assert schedules.due(session, now) == set()


def test_two_workers_run_it_once(
    session: Session, sessions: sessionmaker[Session], work: _Work
) -> None:
    start = utcnow()
    for worker in ("w0", "w1", "w2", "w3"):
        _appear(session, worker, start + 600 * SECOND)
    for turn in range(10):
        barrier = threading.Barrier(4)

        def run(worker: str, barrier: threading.Barrier, now: dt.datetime) -> None:
            with sessions() as own:
                barrier.wait()
                schedules.run_schedule(own, work.schedule, worker, now)

        now = start + turn * 60 * SECOND
        threads = [
            threading.Thread(target=run, args=(f"w{n}", barrier, now)) for n in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(work.runs) == turn + 1


def test_a_living_worker_keeps_what_it_runs_a_dead_one_does_not(
    session: Session, work: _Work
) -> None:
    now = utcnow()
    _appear(session, "w1", now)
    with write(session):
        _row(session).worker_id = "w1"
    assert not schedules.run_schedule(session, work.schedule, "w2", now + SECOND)
    assert schedules.run_schedule(session, work.schedule, "w2", now + STALE_AFTER + SECOND)


def test_failure_is_written_down_and_the_next_run_comes(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(session: Session, _now: dt.datetime) -> None:
        session.add(WorkerRow(id="unsaved", host="", pid=1))
        raise ValueError("out of order")

    schedule = Schedule(name="test.work", every_seconds=60, run=fail)
    now = utcnow()
    schedules.prepare(session, [schedule], now)
    assert schedules.run_schedule(session, schedule, "w1", now)
    row = _row(session)
    assert (row.last_error, row.worker_id) == ("ValueError: out of order", None)
    assert "schedule test.work failed" in caplog.text
    assert session.scalar(select(WorkerRow.id)) is None
    assert schedules.due(session, now + 60 * SECOND) == {"test.work"}


def test_a_worker_is_alive_while_it_gives_signs_of_life(session: Session) -> None:
    now = utcnow()
    assert not worker_alive(session, now)
    _appear(session, "w1", now)
    assert worker_alive(session, now + STALE_AFTER)
    assert not worker_alive(session, now + STALE_AFTER + SECOND)
