"""What can be done with jobs: enqueue, look, cancel; and whether a worker is alive."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Select, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.database import utcnow, write
from app.jobs.models import (
    CANCELLED,
    DONE,
    FAILED,
    FINISHED,
    QUEUED,
    RUNNING,
    Job,
    WorkerRow,
)
from app.jobs.queue import queue_of, send_after_commit

# A worker that gave no sign of life for this long is taken for dead.
STALE_AFTER = dt.timedelta(seconds=60)
# How long a claim of a job or schedule holds without being renewed.
LEASE = dt.timedelta(seconds=60)
CANCEL_PERMISSION = ("can_cancel", "core.Jobs")
"""Permission and view for cancelling jobs that are not one's own."""


class Requester(Protocol):
    """The part of an actor that this floor needs."""

    @property
    def user_id(self) -> int | None:
        """Primary key of the user; ``None`` for the system."""
        ...

    def can(self, permission: str, view: str) -> bool:
        """Whether the actor holds a permission."""
        ...


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class JobState:
    """A job as the screens show it.

    Attributes:
        id: primary key.
        kind: name of the ``JobKind``.
        title: shown name as a message id, with ``title_values``.
        state: ``queued``, ``running``, ``done``, ``failed`` or ``cancelled``.
        done: items done so far.
        total: items in all; ``None`` while unknown.
        result: what the job returned.
        result_file: name of the file to download, if it left one.
        error: why it failed, as a message id with ``error_values``.
        actor_user_id: who asked for it; ``None`` for the system.
    """

    id: int
    kind: str
    title: str
    title_values: Mapping[str, Any]
    state: str
    done: int
    total: int | None
    result: Mapping[str, Any] | None
    result_file: str | None
    error: str | None
    error_values: Mapping[str, Any]
    actor_user_id: int | None
    created_at: dt.datetime
    started_at: dt.datetime | None
    finished_at: dt.datetime | None

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in FINISHED

    @property
    def percent(self) -> int | None:
        """Share done, 0 to 100; ``None`` while unknown."""
        if self.state == DONE:
            return 100
        return min(100, self.done * 100 // self.total) if self.total else None


def enqueue(
    session: Session,
    actor: Requester,
    kind: str,
    args: Mapping[str, Any],
    *,
    title: str,
    title_values: Mapping[str, Any] | None = None,
    key: str | None = None,
) -> Job:
    """Ask for a job; a worker begins it once the caller's transaction is committed.

    Args:
        session: may be inside a writing block, which the row then belongs to.
        actor: on whose behalf and with whose rights the job runs.
        kind: name of a registered ``JobKind``.
        args: what it needs to know, as JSON can hold it: ids, not content.
        title: shown name as a message id.
        title_values: values of its placeholders.
        key: the same work; while a job of this kind and key waits, runs or has succeeded, that
            one is returned and nothing new is begun.
    """
    with write(session):
        if key is not None:
            known = _job_with_key(session, kind, key)
            if known is not None and known.state not in (FAILED, CANCELLED):
                return known
            if known is not None:
                known.key = None
                session.flush()
        job = Job(
            kind=kind, title=title, title_values=dict(title_values or {}), args=dict(args),
            key=key, actor_user_id=actor.user_id,
        )
        try:
            with session.begin_nested():
                session.add(job)
        except IntegrityError:
            # Another transaction was first with this key; on PostgreSQL the insert waited for it.
            winner = _job_with_key(session, kind, key) if key is not None else None
            if winner is None:
                raise
            return winner
        send_after_commit(session, job.id)
        return job


def job_state(session: Session, job_id: int) -> JobState | None:
    """Return how a job stands now, with live progress; ``None`` when there is no such job.

    Args:
        job_id: primary key of the job.
    """
    job = session.get(Job, job_id, populate_existing=True)
    return None if job is None else _state(session, job)


def recent_jobs(
    session: Session,
    *,
    actor_user_id: int | None = None,
    states: Collection[str] = (),
    quiet: Collection[str] = (),
    limit: int = 50,
) -> list[JobState]:
    """Return jobs, newest first.

    Args:
        session: a session.
        actor_user_id: only those this user asked for; ``None`` for all.
        states: only those in one of these states; empty for all.
        quiet: kinds that are left out once they are done.
        limit: most that are returned.
    """
    query = select(Job).order_by(Job.id.desc()).limit(limit)
    if actor_user_id is not None:
        query = query.where(Job.actor_user_id == actor_user_id)
    if states:
        query = query.where(Job.state.in_(states))
    if quiet:
        query = query.where(or_(Job.state != DONE, Job.kind.not_in(quiet)))
    found = session.scalars(query.execution_options(populate_existing=True))
    return [_state(session, job) for job in found]


def active_jobs_of(session: Session, actor: Requester) -> int:
    """Return how many jobs of the actor wait or run; jobs of the system are nobody's."""
    return session.scalar(count_active_jobs(actor)) or 0


def count_active_jobs(actor: Requester) -> Select[int]:
    """Return the SELECT of ``active_jobs_of``, to be read together with other numbers."""
    return select(func.count()).select_from(Job).where(
        Job.actor_user_id == actor.user_id, Job.state.in_((QUEUED, RUNNING)))


def cancel(session: Session, actor: Requester, job_id: int) -> JobState:
    """Stop a job: one that waits at once, one that runs at its next progress report.

    Args:
        session: a session.
        actor: the person who asked for the job, or one with ``can_cancel`` on ``core.Jobs``.
        job_id: the job.

    Returns:
        How the job stands now; a finished one stays as it is.

    Raises:
        LookupError: there is no such job.
        PermissionError: it is not the actor's.
    """
    state = job_state(session, job_id)
    if state is None:
        raise LookupError(f"job {job_id}")
    owns = actor.user_id is not None and actor.user_id == state.actor_user_id
    if not owns and not actor.can(*CANCEL_PERMISSION):
        raise PermissionError(f"job {job_id}")
    if state.state == QUEUED:
        with write(session):
            session.execute(
                update(Job)
                .where(Job.id == job_id, Job.state == QUEUED)
                .values(state=CANCELLED, finished_at=utcnow())
            )
        state = job_state(session, job_id) or state
    # Not through the database: on SQLite the job itself may hold the write lock.
    queue = queue_of(session)
    if state.state == RUNNING and queue is not None:
        queue.ask_to_cancel(job_id)
    return state


def result_path(results: Path, state: JobState) -> Path | None:
    """Return where the file that a job left lies; ``None`` when it left none.

    Args:
        results: folder of all results, ``VAR_DIR/results``.
        state: the job.
    """
    return results / str(state.id) / state.result_file if state.result_file else None


def worker_alive(session: Session, now: dt.datetime | None = None) -> bool:
    """Return whether any worker gave a sign of life within the last minute.

    Args:
        now: the moment, in UTC.
    """
    since = (now or utcnow()) - STALE_AFTER
    return bool(session.scalar(select(exists().where(WorkerRow.seen_at >= since))))


def _job_with_key(session: Session, kind: str, key: str) -> Job | None:
    return session.scalar(select(Job).where(Job.kind == kind, Job.key == key))


def _state(session: Session, job: Job) -> JobState:
    done, total = job.done, job.total
    queue = queue_of(session) if job.state == RUNNING else None
    told = queue.progress(job.id) if queue is not None else None
    if told is not None:
        done, total = told
    return JobState(
        id=job.id, kind=job.kind, title=job.title, title_values=job.title_values,
        state=job.state, done=done, total=total, result=job.result, result_file=job.result_file,
        error=job.error, error_values=job.error_values, actor_user_id=job.actor_user_id,
        created_at=job.created_at, started_at=job.started_at, finished_at=job.finished_at,
    )
