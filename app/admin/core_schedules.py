"""What the worker does for the core again and again."""

from __future__ import annotations

import datetime as dt

from flask import current_app
from sqlalchemy.orm import Session

from app.access.deferred_notes import write_deferred
from app.deadlines.sweeping import sweep
from app.metrics.folding import fold
from app.notices.services import forget_old
from app.records.followers import forget_absent
from app.screens.forms.submissions import forget_submissions
from app.sdk import N_
from app.sdk.jobs import Schedule


def _write_deferred_notes(session: Session, _now: dt.datetime) -> None:
    write_deferred(session, current_app.config["CARELINE_SETTINGS"].var_dir)


def _forget_notices(session: Session, _due: dt.datetime, now: dt.datetime) -> None:
    forget_old(session, now)


SCHEDULES = (
    Schedule(name="deadlines.sweep", title=N_("Warn of deadlines and escalate"),
             every_seconds=30, run=sweep),
    Schedule(name="metrics.fold", title=N_("Add up figures"), every_seconds=60, run=fold),
    Schedule(name="notices.forget", title=N_("Delete old notices"), at="03:20",
             catch_up=False, run=_forget_notices),
    Schedule(name="screens.submissions", title=N_("Forget submitted forms"),
             every_seconds=86_400, run=forget_submissions),
    Schedule(name="access.deferred_notes",
             title=N_("Write denied accesses to the audit trail"), every_seconds=10,
             run=_write_deferred_notes),
    Schedule(name="records.presence", title=N_("Forget who had a record open"),
             every_seconds=600, run=forget_absent),
)
