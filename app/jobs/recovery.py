"""Puts right what killed workers and lost messages leave behind, and clears away the old."""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
import shutil
from pathlib import Path
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from app.database import changed_rows, write
from app.i18n import N_
from app.jobs.models import FAILED, FINISHED, QUEUED, RUNNING, Job, OutboxRow, WorkerRow
from app.jobs.queue import JobQueue, send_after_commit
from app.jobs.retries import delete_in_portions
from app.jobs.services import STALE_AFTER

log = logging.getLogger(__name__)
CRASHED = N_("The worker was stopped %(times)s times while it did this job.")
MOST_CRASHES = 3
# With an empty queue a job that waits this long has lost its message.
LOST_AFTER = dt.timedelta(seconds=10)
# With a busy queue one cannot tell; a second message does no harm.
SEND_AGAIN_AFTER = dt.timedelta(minutes=10)
KEEP_JOBS = dt.timedelta(days=90)
KEEP_EVENTS = dt.timedelta(days=30)
KEEP_WORKERS = dt.timedelta(days=1)


@dataclasses.dataclass(frozen=True, slots=True)
class Recovered:
    """What one sweep did, in numbers of jobs."""

    requeued: int
    failed: int
    sent_again: int


def recover(session: Session, queue: JobQueue, now: dt.datetime) -> Recovered:
    """Give jobs of dead workers back to the queue, send lost messages again and those now due.

    Args:
        session: outside of any writing block.
        queue: where to look for waiting messages.
        now: current time.
    """
    living = select(WorkerRow.id).where(WorkerRow.seen_at >= now - STALE_AFTER)
    abandoned = (
        Job.state == RUNNING,
        # A living worker renews the leases of what it runs; one that could not write the end of a
        # job does not run it any more.
        or_(Job.worker_id.is_(None), Job.worker_id.not_in(living), Job.lease_until < now),
    )
    lost_before = now - (LOST_AFTER if queue.is_empty() else SEND_AGAIN_AFTER)
    # A job that waits for its time was never sent; any other was, and its message may be lost.
    lost = (
        Job.state == QUEUED,
        or_(Job.next_try_at <= now, and_(Job.next_try_at.is_(None), Job.sent_at <= lost_before)),
    )
    orphans = session.execute(select(Job.id, Job.attempt, Job.crashes).where(*abandoned)).all()
    unsent = session.scalars(select(Job.id).where(*lost)).all()
    session.rollback()
    requeued = failed = sent_again = 0
    if not orphans and not unsent:
        # The usual case takes no write lock.
        return Recovered(0, 0, 0)
    with write(session):
        for job_id, attempt, crashes in orphans:
            gives_up = crashes + 1 >= MOST_CRASHES
            values: dict[str, Any] = {
                "crashes": crashes + 1, "worker_id": None, "lease_until": None, "sent_at": now}
            if gives_up:
                times = {"times": crashes + 1}
                values |= {"state": FAILED, "error": CRASHED, "error_values": times}
                values |= {"finished_at": now}
            else:
                values |= {"state": QUEUED}
            # The attempt again: the job may have ended or changed hands since the look.
            changed = session.execute(
                update(Job)
                .where(Job.id == job_id, Job.attempt == attempt, *abandoned)
                .values(values)
                .execution_options(synchronize_session=False)
            )
            if changed_rows(changed):
                log.warning("job %s was left by a dead worker (%s times)", job_id, crashes + 1)
                failed += gives_up
                requeued += not gives_up
                if not gives_up:
                    send_after_commit(session, job_id)
        for job_id in unsent:
            changed = session.execute(
                update(Job).where(Job.id == job_id, *lost).values(sent_at=now, next_try_at=None)
            )
            if changed_rows(changed):
                sent_again += 1
                send_after_commit(session, job_id)
    return Recovered(requeued, failed, sent_again)


def purge(session: Session, results: Path, now: dt.datetime) -> int:
    """Delete finished jobs with their files, delivered events and dead workers, when old.

    Args:
        session: outside of any writing block.
        results: folder of the files that jobs leave.
        now: current time.

    Returns:
        How many jobs were deleted.
    """
    old = (Job.state.in_(FINISHED), Job.finished_at < now - KEEP_JOBS)
    job_ids = delete_in_portions(session, Job, *old)
    delete_in_portions(session, OutboxRow, OutboxRow.done_at < now - KEEP_EVENTS)
    delete_in_portions(session, WorkerRow, WorkerRow.seen_at < now - KEEP_WORKERS)
    for job_id in job_ids:
        shutil.rmtree(results / str(job_id), ignore_errors=True)
    return len(job_ids)
