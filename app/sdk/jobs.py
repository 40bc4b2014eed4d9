"""Long work: kinds of job, schedules, and what can be done with jobs."""

from __future__ import annotations

from app.jobs.context import JobContext
from app.jobs.kinds import JobFailed, JobKind, Schedule, TryLater
from app.jobs.portions import portions
from app.jobs.services import enqueue

__all__ = [
    "JobContext",
    "JobFailed",
    "JobKind",
    "Schedule",
    "TryLater",
    "enqueue",
    "portions",
]
