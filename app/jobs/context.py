"""What a running job may use: its arguments, progress, results, and fenced writes."""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Update, bindparam, update
from sqlalchemy.orm import Session

from app.database import changed_rows, utcnow, write
from app.jobs.models import RUNNING, Job, WorkerRow
from app.jobs.queue import JobQueue
from app.jobs.services import LEASE
from app.statements import built_once

# Seconds between two looks at the queue's store, however often a job reports.
REPORT_EVERY_SECONDS = 0.5


class JobCancelled(Exception):
    """Somebody asked the job to stop."""


class WorkerStopping(Exception):
    """The worker is shutting down; the job goes back into the queue."""


class Superseded(Exception):
    """Another worker has taken the job over, because this one seemed dead."""


@dataclasses.dataclass(kw_only=True)
class JobContext:
    """One attempt at one job.

    Attributes:
        session: for reading and for services; write inside of ``with context.write():``.
        job_id: primary key of the job.
        args: what was given to ``enqueue``.
        actor: on whose behalf the job runs, with the rights in force now.
        folder: where the job may leave files to download.
    """

    session: Session
    job_id: int
    args: Mapping[str, Any]
    actor: Any
    folder: Path
    queue: JobQueue
    worker_id: str
    attempt: int
    is_stopping: Callable[[], bool]
    done: int = 0
    total: int | None = None
    result_file: str | None = None
    _reported_at: float = 0.0

    def progress(self, done: int, total: int | None = None) -> None:
        """Report how far the job is. Cheap: call it for every item or every batch.

        Args:
            done: items done so far.
            total: items in all, if known.

        Raises:
            JobCancelled: somebody asked the job to stop.
            WorkerStopping: the worker is shutting down.
        """
        self.done, self.total = done, total
        now = time.monotonic()
        if now - self._reported_at < REPORT_EVERY_SECONDS:
            return
        self._reported_at = now
        self.queue.put_progress(self.job_id, done, total)
        if self.queue.is_asked_to_cancel(self.job_id):
            raise JobCancelled
        if self.is_stopping():
            raise WorkerStopping

    @contextlib.contextmanager
    def write(self) -> Iterator[Session]:
        """Run the block as one writing transaction that commits only while the job is still ours.

        A worker that was frozen and taken for dead must not write when it comes back: the job
        has been given to another one.

        Raises:
            Superseded: the job was given to another worker; nothing was written.
        """
        with write(self.session) as session:
            yield session
            now = utcnow()
            # Held until the commit on PostgreSQL; SQLite has only one writer anyway.
            renewed = session.execute(_renewing(), {
                "job": self.job_id, "ours": self.attempt, "until": now + LEASE})
            if not changed_rows(renewed):
                raise Superseded
            # A long transaction on SQLite keeps the worker's own sign of life waiting.
            session.execute(_seen(), {"worker": self.worker_id, "now": now})

    def result_path(self, name: str) -> Path:
        """Return where to write the file that the job leaves for download.

        Args:
            name: plain file name that the person will see.

        Raises:
            ValueError: the name is not a plain file name.
        """
        if not name or Path(name).name != name or name.startswith("."):
            raise ValueError(f"not a plain file name: {name!r}")
        self.folder.mkdir(parents=True, exist_ok=True)
        self.result_file = name
        return self.folder / name


@built_once
def _renewing() -> Update:
    return (
        update(Job.__table__)
        .where(Job.id == bindparam("job"), Job.attempt == bindparam("ours"), Job.state == RUNNING)
        .values(lease_until=bindparam("until"))
    )


@built_once
def _seen() -> Update:
    return (
        update(WorkerRow.__table__).where(WorkerRow.id == bindparam("worker"))
        .values(seen_at=bindparam("now"))
    )
