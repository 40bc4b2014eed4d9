"""The queue that wakes workers: huey on a SQLite file, or on Redis where the settings name one.

Live progress and requests to cancel travel here too, beside the database: on SQLite a job that
writes holds the database's only write lock, and its progress must be seen meanwhile.
"""

from __future__ import annotations

import logging
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from app.made_once import made_once
from config import Settings

if TYPE_CHECKING:
    from huey import Huey
    from huey.api import TaskWrapper
    from huey.consumer import Consumer
    from huey.registry import Message

log = logging.getLogger(__name__)
NAME = "careline"
TASK = "run_job"
_TO_SEND = "careline_jobs_to_send"
# The queue belongs to the database whose rows its messages name.
_queues: weakref.WeakKeyDictionary[Engine, JobQueue] = weakref.WeakKeyDictionary()


class _JsonMessages:
    """Messages as JSON: huey's own pickle would run whatever somebody puts into the queue."""

    def serialize(self, data: Message) -> bytes:
        return orjson.dumps([data.id, data.name, data.args])

    def deserialize(self, data: bytes) -> Message:
        from huey.registry import Message

        identifier, name, args = orjson.loads(bytes(data))
        return Message(identifier, name, args=tuple(args), retries=0, retry_delay=0)


class JobQueue:
    """Messages to the workers, and what is told about a running job meanwhile.

    Args:
        opened: opens the queue. It is called when somebody first needs it: huey brings the drivers
            of every database that it knows, and most processes never send a message.
    """

    def __init__(self, opened: Callable[[], Huey]) -> None:
        self._opened = opened
        self._run: Callable[[int], None] | None = None

    @made_once
    def huey(self) -> Huey:
        """The queue itself."""
        return self._opened()

    @made_once
    def _task(self) -> TaskWrapper:
        return self.huey.task(name=TASK)(self._execute)

    @classmethod
    def from_settings(cls, settings: Settings) -> JobQueue:
        """Return the queue of an installation.

        Args:
            settings: ``redis_url`` chooses Redis; otherwise a file under ``var_dir`` is used.
        """
        return cls(lambda: _opened(settings))

    def send(self, job_id: int) -> None:
        """Wake a worker for a job; never raises, because the sweep sends again what was lost."""
        try:
            self._task(job_id)
        except Exception:
            log.exception("the message for job %s was not sent; the sweep will send it", job_id)

    def is_empty(self) -> bool:
        """Whether no message waits."""
        return self.huey.pending_count() == 0

    def put_progress(self, job_id: int, done: int, total: int | None) -> None:
        """Tell how far a running job is, in items."""
        self.huey.storage.put_data(f"progress.{job_id}", orjson.dumps([done, total]))

    def progress(self, job_id: int) -> tuple[int, int | None] | None:
        """Return how far a running job is, if it has told."""
        told = self.huey.storage.peek_data(f"progress.{job_id}")
        if not isinstance(told, bytes | memoryview):
            return None  # huey's mark of nothing
        done, total = orjson.loads(told)
        return done, total

    def ask_to_cancel(self, job_id: int) -> None:
        """Ask a running job to stop at its next progress report."""
        self.huey.storage.put_data(f"cancel.{job_id}", b"1")

    def is_asked_to_cancel(self, job_id: int) -> bool:
        """Whether somebody asked a running job to stop."""
        return self.huey.storage.has_data_for_key(f"cancel.{job_id}")

    def forget(self, job_id: int) -> None:
        """Remove progress and requests of a job that has ended."""
        self.huey.storage.delete_data(f"progress.{job_id}")
        self.huey.storage.delete_data(f"cancel.{job_id}")

    def consumer(self, run: Callable[[int], None], threads: int) -> Consumer:
        """Return huey's consumer, which calls ``run`` with the id of each job.

        Args:
            run: does a job; called in one of the consumer's threads.
            threads: how many jobs run at the same time.
        """
        self._run = run
        _ = self._task  # huey must know the task that messages name
        return self.huey.create_consumer(
            workers=threads, periodic=False, max_delay=1.0, graceful_signal="TERM",
            shutdown_timeout=20,
        )

    def _execute(self, job_id: int) -> None:
        if self._run is None:
            raise RuntimeError("only a worker takes messages from the queue")
        self._run(job_id)


def _opened(settings: Settings) -> Huey:
    from huey import RedisHuey, SqliteHuey

    common: dict[str, Any] = {"results": False, "serializer": _JsonMessages()}
    if settings.redis_url:
        return RedisHuey(NAME, url=settings.redis_url, **common)
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    path = settings.var_dir / "queue.sqlite"
    # fsync off: a message that a power cut takes is sent again by the sweep.
    return SqliteHuey(NAME, filename=str(path), fsync=False, cache_mb=1, **common)


def attach(engine: Engine, queue: JobQueue) -> None:
    """Say which queue wakes workers for the jobs in the database of ``engine``."""
    _queues[engine] = queue


def queue_of(session: Session) -> JobQueue | None:
    """Return the queue of the session's database; ``None`` leaves waking to the sweep."""
    bind = session.get_bind()
    return _queues.get(bind if isinstance(bind, Engine) else bind.engine)


def send_after_commit(session: Session, job_id: int) -> None:
    """Send the message for a job once the transaction that holds its row is committed."""
    session.info.setdefault(_TO_SEND, []).append(job_id)


@event.listens_for(Session, "after_commit")
def _send(session: Session) -> None:
    # Releasing a savepoint calls this too, and then the row is not visible to workers yet.
    if _TO_SEND in session.info and not session.in_nested_transaction():
        queue = queue_of(session)
        for job_id in session.info.pop(_TO_SEND):
            if queue is not None:
                queue.send(job_id)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_TO_SEND, None)
