"""What the worker does for training."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.jobs import JobContext, JobKind, Schedule
from app.sdk.records import operations_of
from app.sdk.services import settings_of, utcnow
from plugins.training.certificates.services import outdate, remind
from plugins.training.courses.operations import OUTDATING
from plugins.training.duties.escalation import escalate
from plugins.training.exams.attempts import AttemptOperations, end_overdue
from plugins.training.exams.models import Attempt


def end_certificates(context: JobContext) -> dict[str, Any]:
    """Job: end certificates of earlier editions after the grace period."""
    return {"certificates": outdate(context.session, utcnow())}


def look_after_certificates(session: Session, _due: dt.datetime, now: dt.datetime) -> None:
    """Schedule: end what is outdated, remind of what ends soon."""
    outdate(session, now)
    remind(session, settings_of(session, "training")["warning_days"])


def escalate_duties(session: Session, _due: dt.datetime, now: dt.datetime) -> None:
    """Schedule: inform leaders, HR and admins of duties that are overdue for long."""
    escalate(session)


def end_attempts(session: Session, _now: dt.datetime) -> None:
    """Schedule: end attempts whose time is up though their browser is gone."""
    operations = operations_of(Attempt)
    assert isinstance(operations, AttemptOperations)
    end_overdue(session, operations)


JOBS = (
    JobKind(name=OUTDATING, run=end_certificates),
    Schedule(name="training.certificates", title=N_("Look after certificates"), at="05:30",
             catch_up=False, run=look_after_certificates),
    Schedule(name="training.escalation", title=N_("Escalate overdue compulsory training"),
             at="06:00", catch_up=False, run=escalate_duties),
    Schedule(name="training.attempts", title=N_("End attempts whose time is up"),
             every_seconds=60, run=end_attempts),
)
