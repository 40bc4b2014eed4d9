"""Long work: kinds of job, schedules, and what can be done with jobs."""

from __future__ import annotations

from app.jobs.context import JobCancelled, JobContext
from app.jobs.kinds import JobFailed, JobKind, Schedule, TryLater
from app.jobs.portions import portions
from app.jobs.runner import EXTENSION as RUNTIME
from app.jobs.services import (
    CANCEL_PERMISSION,
    JobState,
    cancel,
    enqueue,
    job_state,
    recent_jobs,
    result_path,
    worker_alive,
)

__all__ = [
    "CANCEL_PERMISSION",
    "RUNTIME",
    "JobCancelled",
    "JobContext",
    "JobFailed",
    "JobKind",
    "JobState",
    "Schedule",
    "TryLater",
    "cancel",
    "enqueue",
    "job_state",
    "portions",
    "recent_jobs",
    "result_path",
    "worker_alive",
]
