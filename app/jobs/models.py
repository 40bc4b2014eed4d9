"""Tables of jobs, schedules, workers and the outbox."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, BigId, CodeString, Json, UTCDateTime, utcnow

QUEUED = "queued"
RUNNING = "running"
DONE = "done"
FAILED = "failed"
CANCELLED = "cancelled"
LONGEST_ERROR = 500
FINISHED = (DONE, FAILED, CANCELLED)


class Job(Base):
    """Long work that somebody asked for.

    ``attempt`` counts up each time a worker takes the job: a worker that was believed dead and
    comes back finds another number and may not finish the job any more. ``next_try_at`` is set
    while a job waits for its time: it stands in no queue until the worker's sweep sends it.
    """

    __tablename__ = "jobs_job"
    __table_args__ = (
        UniqueConstraint("kind", "key"),
        Index(None, "state", "sent_at"),
        Index(None, "actor_user_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200))
    title_values: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    args: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    key: Mapped[str | None] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(12), default=QUEUED)
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int | None] = mapped_column(Integer)
    result: Mapped[dict[str, Any] | None] = mapped_column(Json)
    result_file: Mapped[str | None] = mapped_column(String(200))
    error: Mapped[str | None] = mapped_column(String(LONGEST_ERROR))
    error_values: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    # No SET NULL: the job of a deleted user would turn into one of the system, with all rights.
    actor_user_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    worker_id: Mapped[str | None] = mapped_column(String(40))
    # Renewed while the worker runs the job; past it another worker may take the job.
    lease_until: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    attempt: Mapped[int] = mapped_column(Integer, default=0)
    crashes: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    sent_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    next_try_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    started_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    finished_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)


class OutboxRow(Base):
    """An event on its way to one subscriber.

    ``next_try_at`` is empty when nothing is left to do: delivered, or given up (``done_at`` tells).
    """

    __tablename__ = "jobs_outbox"
    __table_args__ = (
        UniqueConstraint("event_id", "subscriber"),
        Index(
            "ix_jobs_outbox_next_try_at",
            "next_try_at",
            sqlite_where=text("next_try_at IS NOT NULL"),
            postgresql_where=text("next_try_at IS NOT NULL"),
        ),
        # Whether an earlier event of the same record still waits for the subscriber.
        Index(
            "ix_jobs_outbox_record", "subscriber", "record_key", "id",
            sqlite_where=text("next_try_at IS NOT NULL"),
            postgresql_where=text("next_try_at IS NOT NULL"),
        ),
        # Events that were given up, among all that were delivered.
        Index(
            "ix_jobs_outbox_given_up", "id",
            sqlite_where=text("next_try_at IS NULL AND done_at IS NULL"),
            postgresql_where=text("next_try_at IS NULL AND done_at IS NULL"),
        ),
        # Without what is under way, so that nobody looks there for what was given up.
        Index(
            "ix_jobs_outbox_done_at", "done_at",
            sqlite_where=text("done_at IS NOT NULL"),
            postgresql_where=text("done_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    event_id: Mapped[str] = mapped_column(String(32))
    event: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    subscriber: Mapped[str] = mapped_column(String(80))
    # Kind and key of the record that it is about: its events are delivered in their order.
    record_key: Mapped[str | None] = mapped_column(CodeString(80))
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_try_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    done_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    last_error: Mapped[str | None] = mapped_column(String(LONGEST_ERROR))


class ScheduleRow(Base):
    """When a schedule runs next, and which worker runs it now, if any.

    ``due_at`` is the moment for which a schedule with a time of day runs next; ``next_run_at`` is
    the same, or later where a run failed and is tried again. ``declared`` is the time of day and
    the days for which ``due_at`` was found. Those at an interval have none of these.

    The claim of a worker is a lease: it renews it while it runs the schedule, and past
    ``lease_until`` any worker may run it.
    """

    __tablename__ = "jobs_schedule"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    next_run_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    worker_id: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    due_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    declared: Mapped[str] = mapped_column(String(80), default="", server_default="")
    attempts: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    last_due_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    last_started_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    last_finished_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    last_error: Mapped[str | None] = mapped_column(String(LONGEST_ERROR))


class WorkerRow(Base):
    """A worker process and when it last gave a sign of life."""

    __tablename__ = "jobs_worker"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    host: Mapped[str] = mapped_column(String(120))
    pid: Mapped[int] = mapped_column(Integer)
    started_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    seen_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
