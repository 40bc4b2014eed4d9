"""Doing one job: how it may end, what is seen meanwhile, and who may write its end."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import psycopg
import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from app.access.actor import SYSTEM
from app.database import utcnow, write
from app.jobs import context as contexts
from app.jobs.context import JobContext
from app.jobs.kinds import JobFailed, JobKind, TryLater
from app.jobs.models import CANCELLED, DONE, FAILED, QUEUED, RUNNING, Job, WorkerRow
from app.jobs.queue import JobQueue
from app.jobs.recovery import recover
from app.jobs.runner import NO_ACTOR, NO_DATABASE, UNEXPECTED, UNKNOWN_KIND, Runtime, run_job
from app.jobs.services import JobState, cancel, enqueue, job_state, result_path

pytestmark = pytest.mark.both_databases


RuntimeOf = Callable[..., Runtime]


@pytest.fixture(autouse=True)
def _report_always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contexts, "REPORT_EVERY_SECONDS", 0.0)


def _kind(run: Callable[[JobContext], Mapping[str, Any] | None]) -> JobKind:
    return JobKind(name="test.kind", run=run)


def _enqueue(session: Session, actor: Any = SYSTEM, **args: Any) -> int:
    return enqueue(session, actor, "test.kind", args, title="Test").id


def _state(session: Session, job_id: int) -> JobState:
    state = job_state(session, job_id)
    assert state is not None
    session.rollback()
    return state


def test_done_with_result_and_file(session: Session, runtime_of: RuntimeOf, clerk: Any) -> None:
    def run(context: JobContext) -> dict[str, Any]:
        context.result_path("rejects.csv").write_text("a,b")
        for row in range(context.args["rows"]):
            context.progress(row + 1, context.args["rows"])
        return {"actor": context.actor.user_id}

    runtime, wang = runtime_of(_kind(run)), clerk()
    job_id = _enqueue(session, wang, rows=4)
    run_job(runtime, "w1", job_id)
    state = _state(session, job_id)
    assert (state.state, state.done, state.total, state.percent) == (DONE, 4, 4, 100)
    assert state.result == {"actor": wang.user_id}
    assert state.is_finished
    assert state.finished_at >= state.started_at
    path = result_path(runtime.results, state)
    assert path.read_text() == "a,b"
    assert runtime.queue.progress(job_id) is None


def test_a_job_is_done_once(session: Session, runtime_of: RuntimeOf) -> None:
    runs: list[int] = []
    runtime = runtime_of(_kind(lambda context: runs.append(context.job_id)))
    job_id = _enqueue(session)
    for worker in ("w1", "w2"):
        run_job(runtime, worker, job_id)
    assert runs == [job_id]


@pytest.mark.parametrize("name", ["", "../x.csv", "a/b.csv", ".hidden", ".."])
def test_result_files_stay_in_their_folder(
    session: Session, runtime_of: RuntimeOf, name: str
) -> None:
    job_id = _enqueue(session)
    run_job(runtime_of(_kind(lambda context: context.result_path(name) and None)), "w1", job_id)
    assert _state(session, job_id).state == FAILED


def test_failure_tells_its_sentence(session: Session, runtime_of: RuntimeOf) -> None:
    def run(_context: JobContext) -> None:
        raise JobFailed("%(rows)s rows are bad.", rows=3)

    job_id = _enqueue(session)
    run_job(runtime_of(_kind(run)), "w1", job_id)
    state = _state(session, job_id)
    assert (state.state, state.error) == (FAILED, "%(rows)s rows are bad.")
    assert state.error_values == {"rows": 3}


def test_unexpected_failure_keeps_details_in_the_log_and_saves_nothing(
    session: Session, runtime_of: RuntimeOf, caplog: pytest.LogCaptureFixture
) -> None:
    def run(context: JobContext) -> None:
        context.session.add(WorkerRow(id="unsaved", host="", pid=1))
        context.session.flush()
        raise ZeroDivisionError("secret detail")

    job_id = _enqueue(session)
    run_job(runtime_of(_kind(run)), "w1", job_id)
    assert _state(session, job_id).error == UNEXPECTED
    assert "secret detail" in caplog.text
    assert session.scalar(select(func.count()).select_from(WorkerRow)) == 0


def test_kind_that_nobody_knows(session: Session, runtime_of: RuntimeOf) -> None:
    job_id = _enqueue(session)
    run_job(runtime_of(), "w1", job_id)
    state = _state(session, job_id)
    assert (state.state, state.error) == (FAILED, UNKNOWN_KIND)
    assert state.error_values == {"kind": "test.kind"}


def test_nothing_is_done_for_a_person_who_may_not_sign_in(
    session: Session, runtime_of: RuntimeOf, clerk: Any
) -> None:
    runs: list[int] = []
    runtime = runtime_of(_kind(lambda context: runs.append(context.job_id)))
    runtime = dataclasses.replace(runtime, load_actor=lambda _session, _user_id: None)
    job_id = _enqueue(session, clerk())
    run_job(runtime, "w1", job_id)
    assert (runs, _state(session, job_id).error) == ([], NO_ACTOR)


def test_progress_and_cancel_reach_a_job_that_holds_the_write_lock(
    session: Session, sessions: sessionmaker[Session], runtime_of: RuntimeOf, clerk: Any
) -> None:
    wang = clerk()
    seen: list[tuple[str, int, int | None]] = []

    def run(context: JobContext) -> None:
        with context.write() as own:
            own.add(WorkerRow(id="unsaved", host="", pid=1))
            own.flush()
            for done in range(1000):
                context.progress(done, 1000)
                with sessions() as other:
                    state = cancel(other, wang, context.job_id) if done == 2 else None
                    now = state or job_state(other, context.job_id)
                    seen.append((now.state, now.done, now.percent))

    job_id = _enqueue(session, wang)
    run_job(runtime_of(_kind(run)), "w1", job_id)
    assert seen == [(RUNNING, 0, 0), (RUNNING, 1, 0), (RUNNING, 2, 0)]
    state = _state(session, job_id)
    assert (state.state, state.done) == (CANCELLED, 3)
    assert session.scalar(select(func.count()).select_from(WorkerRow)) == 0


def test_cancelled_before_it_began(session: Session, runtime_of: RuntimeOf, clerk: Any) -> None:
    runs: list[int] = []
    wang = clerk()
    job_id = _enqueue(session, wang)
    cancel(session, wang, job_id)
    run_job(runtime_of(_kind(lambda context: runs.append(context.job_id))), "w1", job_id)
    assert runs == []


def test_a_stopping_worker_gives_its_job_back(
    session: Session, runtime_of: RuntimeOf, queue: JobQueue
) -> None:
    def run(context: JobContext) -> None:
        context.progress(1, 2)

    runtime = runtime_of(_kind(run))
    job_id = _enqueue(session)
    run_job(runtime, "w1", job_id, is_stopping=lambda: True)
    assert _state(session, job_id).state == QUEUED
    run_job(runtime, "w2", job_id)
    assert _state(session, job_id).state == DONE


def test_a_superseded_worker_writes_nothing(
    session: Session, sessions: sessionmaker[Session], runtime_of: RuntimeOf
) -> None:
    """A worker that was frozen comes back after its job was given to another one."""

    def run(context: JobContext) -> None:
        with sessions() as other, write(other):
            other.execute(update(Job).values(state=RUNNING, attempt=Job.attempt + 1, worker_id="2"))
        with context.write() as own:
            own.add(WorkerRow(id="unsaved", host="", pid=1))

    job_id = _enqueue(session)
    run_job(runtime_of(_kind(run)), "w1", job_id)
    assert _state(session, job_id).state == RUNNING
    assert session.scalar(select(func.count()).select_from(WorkerRow)) == 0


def test_a_superseded_worker_does_not_end_the_job(
    session: Session, sessions: sessionmaker[Session], runtime_of: RuntimeOf
) -> None:
    def run(_context: JobContext) -> None:
        with sessions() as other, write(other):
            other.execute(update(Job).values(attempt=Job.attempt + 1, worker_id="w2"))

    job_id = _enqueue(session)
    run_job(runtime_of(_kind(run)), "w1", job_id)
    assert _state(session, job_id).state == RUNNING


def test_a_write_is_a_sign_of_life(session: Session, runtime_of: RuntimeOf) -> None:
    with write(session):
        old = utcnow().replace(year=2020)
        session.add(WorkerRow(id="w1", host="", pid=1, seen_at=old))

    def run(context: JobContext) -> None:
        with context.write():
            pass

    run_job(runtime_of(_kind(run)), "w1", _enqueue(session))
    assert session.scalar(select(WorkerRow.seen_at)).year > 2020


def test_a_job_that_asks_for_a_later_try_waits_and_shows_why(
    session: Session, runtime_of: RuntimeOf, queue: JobQueue
) -> None:
    def run(context: JobContext) -> dict[str, Any]:
        if context.attempt == 1:
            raise TryLater("Not before %(day)s.", dt.timedelta(minutes=5), day="Monday")
        return {"attempt": context.attempt}

    runtime = runtime_of(_kind(run))
    job_id = _enqueue(session)
    queue.huey.flush()
    run_job(runtime, "w1", job_id)
    state = _state(session, job_id)
    assert (state.state, state.error, state.error_values) == (
        QUEUED, "Not before %(day)s.", {"day": "Monday"})
    assert state.finished_at is None and queue.is_empty()
    # A message that was left over from before does not make it run early.
    run_job(runtime, "w1", job_id)
    assert _state(session, job_id).state == QUEUED
    soon, due = (utcnow() + dt.timedelta(minutes=minutes) for minutes in (4, 6))
    # Nor does a busy queue keep it waiting for longer.
    queue.send(0)
    assert recover(session, queue, soon).sent_again == 0
    assert recover(session, queue, due).sent_again == 1
    run_job(runtime, "w1", job_id)
    state = _state(session, job_id)
    assert (state.state, state.result, state.error) == (DONE, {"attempt": 2}, None)


def test_a_job_whose_database_was_away_is_tried_again(
    session: Session, runtime_of: RuntimeOf
) -> None:
    def run(context: JobContext) -> dict[str, Any]:
        if context.attempt == 1:
            raise psycopg.OperationalError("the server closed the connection")
        return {"attempt": context.attempt}

    runtime = runtime_of(_kind(run))
    job_id = _enqueue(session)
    run_job(runtime, "w1", job_id)
    state = _state(session, job_id)
    assert (state.state, state.error) == (QUEUED, NO_DATABASE)
    recover(session, runtime.queue, utcnow() + dt.timedelta(minutes=2))
    run_job(runtime, "w1", job_id)
    state = _state(session, job_id)
    assert (state.state, state.result, state.error) == (DONE, {"attempt": 2}, None)


def test_a_job_whose_database_stays_away_is_given_up(
    session: Session, runtime_of: RuntimeOf
) -> None:
    def run(_context: JobContext) -> None:
        raise psycopg.OperationalError("the server closed the connection")

    runtime = runtime_of(_kind(run))
    job_id = _enqueue(session)
    states = []
    for hours in range(1, 5):
        run_job(runtime, "w1", job_id)
        state = _state(session, job_id)
        states.append((state.state, state.error))
        recover(session, runtime.queue, utcnow() + dt.timedelta(hours=hours))
    assert states == [(QUEUED, NO_DATABASE)] * 3 + [(FAILED, UNEXPECTED)]


def test_a_waiting_job_can_be_cancelled(session: Session, runtime_of: RuntimeOf) -> None:
    def run(_context: JobContext) -> None:
        raise TryLater("Later.", dt.timedelta())

    runtime = runtime_of(_kind(run))
    job_id = _enqueue(session)
    run_job(runtime, "w1", job_id)
    assert cancel(session, SYSTEM, job_id).state == CANCELLED
    assert recover(session, runtime.queue, utcnow() + dt.timedelta(days=1)).sent_again == 0
