"""Does one job: takes it, runs it, and writes down how it ended."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from app.database import changed_rows, reset, utcnow, write
from app.database_errors import is_passing
from app.i18n import N_
from app.jobs.context import JobCancelled, JobContext, Superseded, WorkerStopping
from app.jobs.due_moments import OfficeDays
from app.jobs.kinds import JobFailed, JobKind, Schedule, TryLater
from app.jobs.models import CANCELLED, DONE, FAILED, LONGEST_ERROR, QUEUED, RUNNING, Job
from app.jobs.queue import JobQueue
from app.jobs.retries import write_again
from app.jobs.services import LEASE

log = logging.getLogger(__name__)
EXTENSION = "careline.jobs"
"""Where the application keeps its ``Runtime`` among Flask's extensions."""
UNKNOWN_KIND = N_("No active part of the product does work of the kind %(kind)s.")
NO_ACTOR = N_("The person who asked for this job may not sign in any more.")
NO_DATABASE = N_("The database did not answer; this is tried again in a while.")
UNEXPECTED = N_("An unexpected error stopped this job; the server's log has the details.")

# Pauses before the further tries of a job whose database was busy or away.
_PAUSES = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15))

Handler = Callable[[Session, str, dict[str, Any]], object]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Runtime:
    """What a worker needs to know about the installation; put together by the application.

    Attributes:
        queue: wakes the worker.
        sessions: makes a session for each piece of work.
        results: folder of the files that jobs leave.
        kinds: kinds of job by name.
        schedules: schedules by name.
        handlers: for each outbox subscriber, ``(session, event, payload) -> None``.
        load_actor: ``(session, user_id) -> Actor``, with the rights in force now; ``None`` when
            that user may not act any more.
        ended: ``(session, job)``, called in the transaction that writes down a job's end.
        around: entered around each piece of work, e.g. ``app.app_context``.
        office_days: ``(session) -> OfficeDays``: the clock and the calendar of schedules.
    """

    queue: JobQueue
    sessions: sessionmaker[Session]
    results: Path
    kinds: Mapping[str, JobKind]
    schedules: Mapping[str, Schedule] = dataclasses.field(default_factory=dict)
    handlers: Mapping[str, Handler] = dataclasses.field(default_factory=dict)
    load_actor: Callable[[Session, int | None], Any]
    ended: Callable[[Session, Job], object] | None = None
    around: Callable[[], contextlib.AbstractContextManager[Any]] = contextlib.nullcontext
    office_days: Callable[[Session], OfficeDays] = lambda _session: OfficeDays()


def run_job(
    runtime: Runtime,
    worker_id: str,
    job_id: int,
    is_stopping: Callable[[], bool] = lambda: False,
) -> None:
    """Do a job if it waits; do nothing if another worker has it or it is over.

    Args:
        runtime: the installation.
        worker_id: the worker that does it.
        job_id: the job.
        is_stopping: whether the worker is about to end.
    """
    with runtime.around(), runtime.sessions() as session:
        job = _take(session, worker_id, job_id)
        if job is None:
            return
        name = job.kind
        context = JobContext(
            session=session, job_id=job.id, args=job.args,
            actor=runtime.load_actor(session, job.actor_user_id),
            folder=runtime.results / str(job.id), queue=runtime.queue, worker_id=worker_id,
            attempt=job.attempt, is_stopping=is_stopping,
        )
        try:
            end = _run(runtime, name, context)
        except Superseded:
            log.warning("job %s was given to another worker; this attempt ends", job_id)
            return
        # Whatever the failed work left open must not be saved with the end of the job.
        reset(session)
        write_again(session, lambda: _end(session, context, end, runtime.ended))
        runtime.queue.forget(job_id)
        if end["state"] == QUEUED and "next_try_at" not in end:
            runtime.queue.send(job_id)


def _run(runtime: Runtime, kind_name: str, context: JobContext) -> dict[str, Any]:
    """Do the work of a job; return the columns that say how it ended.

    Raises:
        Superseded: another worker has the job by now, and its end is no longer ours to write.
    """
    try:
        if context.actor is None:
            raise JobFailed(NO_ACTOR)
        kind = runtime.kinds.get(kind_name)
        if kind is None:
            raise JobFailed(UNKNOWN_KIND, kind=kind_name)
        result = kind.run(context)
    except TryLater as failure:
        return _put_off(_failed(failure.message, failure.values), failure.after)
    except JobFailed as failure:
        return _failed(failure.message, failure.values)
    except JobCancelled:
        return {"state": CANCELLED}
    except WorkerStopping:
        return {"state": QUEUED, "worker_id": None, "sent_at": utcnow()}
    except Superseded:
        raise
    except Exception as error:
        if is_passing(error) and context.attempt <= len(_PAUSES):
            log.warning("the database is busy or away for job %s: %s", context.job_id, error)
            return _put_off(_failed(NO_DATABASE, {}), _PAUSES[context.attempt - 1])
        log.exception("job %s (%s) failed", context.job_id, kind_name)
        return _failed(UNEXPECTED, {})
    # Empties what an earlier try stumbled over.
    return {"state": DONE, "result": None if result is None else dict(result),
            "error": None, "error_values": {}}


def _take(session: Session, worker_id: str, job_id: int) -> Job | None:
    with write(session):
        taken = session.execute(
            update(Job)
            # One that waits for its time is not taken on account of an old message.
            .where(Job.id == job_id, Job.state == QUEUED, Job.next_try_at.is_(None))
            .values(
                state=RUNNING, worker_id=worker_id, attempt=Job.attempt + 1,
                started_at=utcnow(), lease_until=utcnow() + LEASE, done=0, total=None,
            )
        )
        if not changed_rows(taken):
            return None
        return session.get(Job, job_id, populate_existing=True)


def _failed(message: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {"state": FAILED, "error": message[:LONGEST_ERROR], "error_values": dict(values)}


def _put_off(end: dict[str, Any], pause: dt.timedelta) -> dict[str, Any]:
    return end | {"state": QUEUED, "worker_id": None, "next_try_at": utcnow() + pause}


def _end(
    session: Session, context: JobContext, end: dict[str, Any],
    tell: Callable[[Session, Job], object] | None,
) -> None:
    finished: dt.datetime | None = None if end["state"] == QUEUED else utcnow()
    with write(session):
        ended = session.execute(
            update(Job)
            .where(Job.id == context.job_id, Job.attempt == context.attempt, Job.state == RUNNING)
            .values(
                done=context.done, total=context.total, finished_at=finished,
                result_file=context.result_file, lease_until=None, **end,
            )
        )
        job = session.get(Job, context.job_id, populate_existing=True)
        if changed_rows(ended) and finished is not None and tell is not None and job is not None:
            tell(session, job)
    if not changed_rows(ended):
        log.warning("job %s was given to another worker before it ended", context.job_id)
