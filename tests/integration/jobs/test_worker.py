"""Real worker processes: done, stopped, killed."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
import pytest
from sqlalchemy import create_engine, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from app.access.actor import SYSTEM
from app.database import engine_options, utcnow, write
from app.jobs.models import CANCELLED, DONE, QUEUED, RUNNING, OutboxRow, WorkerRow
from app.jobs.outbox import emit
from app.jobs.queue import JobQueue, attach
from app.jobs.services import STALE_AFTER, JobState, cancel, enqueue, job_state, worker_alive
from config import ROOT, Settings
from tests.services.choosing import further

WITHIN_SECONDS = 40


@dataclasses.dataclass
class Installation:
    """A database, a queue, and worker processes on them."""

    environment: dict[str, str]
    sessions: sessionmaker[Session]
    lines: Path

    def start(self) -> subprocess.Popen[bytes]:
        """Start a worker process."""
        return subprocess.Popen(
            [sys.executable, "-m", "tests.integration.jobs.worker_process"],
            cwd=ROOT, env=self.environment,
        )

    def enqueue(self, steps: int, pause: float) -> int:
        """Ask for a job that writes ``steps`` lines with pauses in seconds."""
        args = {"path": str(self.lines), "steps": steps, "pause": pause}
        with self.sessions() as session:
            return enqueue(session, SYSTEM, "test.steps", args, title="Test").id

    def state(self, job_id: int) -> JobState:
        """Return how the job stands."""
        with self.sessions() as session:
            return job_state(session, job_id)

    def wait(self, condition: Callable[[], bool]) -> None:
        """Wait until something has happened."""
        deadline = time.monotonic() + WITHIN_SECONDS
        while not condition():
            assert time.monotonic() < deadline, "it did not happen"
            time.sleep(0.05)

    def wait_for(self, job_id: int, state: str) -> JobState:
        """Wait until the job stands so."""
        self.wait(lambda: self.state(job_id).state == state)
        return self.state(job_id)

    def lines_written(self) -> int:
        """How many lines the jobs have written."""
        return len(self.lines.read_text().splitlines()) if self.lines.exists() else 0


@contextlib.contextmanager
def _installation(environment: dict[str, str], tmp_path: Path) -> Iterator[Installation]:
    settings = Settings.from_environment(environment)
    engine = create_engine(settings.database_url, **engine_options(settings))
    attach(engine, JobQueue.from_settings(settings))
    sessions = sessionmaker(engine, expire_on_commit=False, autoflush=False)
    started: list[subprocess.Popen[bytes]] = []
    installation = Installation(environment, sessions, tmp_path / "lines")
    start = installation.start

    def remember() -> subprocess.Popen[bytes]:
        started.append(start())
        return started[-1]

    installation.start = remember
    try:
        yield installation
    finally:
        for process in started:
            process.kill()
            process.wait()
        engine.dispose()


@pytest.fixture
def installation(environment: dict[str, str], tmp_path: Path) -> Iterator[Installation]:
    with _installation(environment, tmp_path) as made:
        yield made


def test_a_worker_does_jobs_and_says_that_it_lives(installation: Installation) -> None:
    job_id = installation.enqueue(steps=3, pause=0)
    worker = installation.start()
    assert installation.wait_for(job_id, DONE).result == {"attempt": 1}
    with installation.sessions() as session:
        assert worker_alive(session)
        known = session.scalars(select(WorkerRow)).one()
        assert known.pid == worker.pid
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(WITHIN_SECONDS) == 0
    with installation.sessions() as session:
        assert not worker_alive(session)


@pytest.mark.both_databases
def test_a_killed_workers_job_is_taken_up_again(installation: Installation) -> None:
    job_id = installation.enqueue(steps=3, pause=1.0)
    first = installation.start()
    installation.wait(lambda: installation.lines_written() > 0)
    first.kill()
    first.wait()
    assert installation.state(job_id).state == RUNNING
    # A minute passes without a sign of life.
    with installation.sessions() as session, write(session):
        session.execute(update(WorkerRow).values(seen_at=utcnow() - 2 * STALE_AFTER))
    installation.start()
    state = installation.wait_for(job_id, DONE)
    assert state.result == {"attempt": 2}
    assert installation.lines.read_text().splitlines()[-3:] == ["2:0", "2:1", "2:2"]


@pytest.mark.parametrize("signum", [signal.SIGTERM, further(signal.SIGINT)])
def test_a_stopped_worker_hands_its_job_on(
    installation: Installation, signum: signal.Signals
) -> None:
    job_id = installation.enqueue(steps=100, pause=0.2)
    worker = installation.start()
    installation.wait(lambda: installation.lines_written() > 0)
    worker.send_signal(signum)
    assert worker.wait(WITHIN_SECONDS) == 0
    assert installation.state(job_id).state == QUEUED
    with installation.sessions() as session:
        assert session.scalar(select(func.count()).select_from(WorkerRow)) == 0


def test_a_stopped_worker_leaves_events_to_the_next_one(installation: Installation) -> None:
    many, told = 600, {"path": str(installation.lines), "pause": 0.1}
    with installation.sessions() as session, write(session):
        for _ in range(many):
            emit(session, "on_test", told, ["test.lines"])
    worker = installation.start()
    installation.wait(lambda: installation.lines_written() > 0)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(WITHIN_SECONDS) == 0
    with installation.sessions() as session:
        left = session.scalar(select(func.count()).select_from(OutboxRow).where(
            OutboxRow.next_try_at.is_not(None)))
    assert left == many - installation.lines_written() > 0


def test_a_running_job_is_cancelled_and_its_progress_seen(installation: Installation) -> None:
    job_id = installation.enqueue(steps=100, pause=0.1)
    installation.start()
    installation.wait(lambda: (installation.state(job_id).percent or 0) >= 5)
    with installation.sessions() as session:
        cancel(session, SYSTEM, job_id)
    assert installation.wait_for(job_id, CANCELLED).done < 100


@pytest.mark.both_databases
def test_two_workers_share_the_jobs(installation: Installation) -> None:
    job_ids = [installation.enqueue(steps=1, pause=0.05) for _ in range(20)]
    installation.start()
    installation.start()
    for job_id in job_ids:
        assert installation.wait_for(job_id, DONE).result == {"attempt": 1}
    assert installation.lines_written() == 20


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_queue_may_be_redis(
    environment: dict[str, str], redis_url: str, tmp_path: Path
) -> None:
    with _installation(environment | {"CARELINE_REDIS_URL": redis_url}, tmp_path) as installation:
        job_id = installation.enqueue(steps=30, pause=0.1)
        installation.start()
        installation.wait(lambda: (installation.state(job_id).percent or 0) >= 5)
        with installation.sessions() as session:
            cancel(session, SYSTEM, job_id)
        installation.wait_for(job_id, CANCELLED)
        assert not (Path(environment["CARELINE_VAR_DIR"]) / "queue.sqlite").exists()


def test_a_foreign_message_does_not_run_code(tmp_path: Path) -> None:
    """huey's own pickle format would run what somebody wrote into the queue."""

    class Harm:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(tmp_path / "harm"),)

    settings = Settings.from_environment(
        {"CARELINE_SECRET_KEY": "".join(chr(33 + n) for n in range(60))}, var_dir=tmp_path,
        environment="test",
    )
    queue = JobQueue.from_settings(settings)
    queue.huey.storage.enqueue(pickle.dumps(Harm()))
    with pytest.raises(orjson.JSONDecodeError):
        queue.huey.dequeue()
    assert not (tmp_path / "harm").exists()
