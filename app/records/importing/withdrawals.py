"""Asking for an import to be taken back: first a look at what that does, then the deed."""

# Not strict: what JSON holds, and columns found by name, have no types.
# pyright: basic

from __future__ import annotations

import dataclasses
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.errors import Rejected
from app.i18n import N_, Message
from app.jobs.context import JobContext
from app.jobs.kinds import JobFailed, JobKind, Schedule, TryLater
from app.jobs.models import Job
from app.jobs.services import enqueue
from app.records.files import FileStore
from app.records.importing.all_or_nothing import is_under_way
from app.records.importing.models import WITHDRAWN, WrittenImport
from app.records.importing.services import (
    ANOTHER,
    WAIT_FOR_ANOTHER,
    MayNotImport,
    require_right,
    sentence_in,
)
from app.records.importing.sources import importers
from app.records.importing.taking_back import TakingBack
from app.records.importing.written import purge_written

KIND = "records.import_withdrawal"
"""Kind of job that takes an import back."""
LOOK, CARRY_OUT = "look", "carry_out"
TITLES = {
    LOOK: N_("What taking %(file)s back does"),
    CARRY_OUT: N_("Taking back %(file)s"),
}


class NotTakenBack(Rejected):
    """An import cannot be taken back, or has been already."""


def import_of_job(session: Session, job_id: int) -> WrittenImport | None:
    """Return what a job has imported, if it has written anything that is known.

    Args:
        job_id: primary key of the job.
    """
    return session.scalar(select(WrittenImport).where(WrittenImport.job_id == job_id))


def may_take_back(actor: Actor, written: WrittenImport) -> bool:
    """Return whether a person may take an import back: their own, with the right to import.

    Args:
        written: the import.
    """
    importer = importers().get(written.importer)
    return (importer is not None and written.actor_id == actor.user_id
            and actor.can(importer.permission, importer.view))


def start_withdrawal(
    session: Session, actor: Actor, written: WrittenImport, *,
    mode: str = LOOK, locale: str = "", key: str | None = None,
) -> Job:
    """Start the job that looks at what taking an import back does, or does it.

    Args:
        session: session without unsaved changes.
        actor: who takes it back; the job runs with the rights in force then.
        written: the import.
        mode: ``look`` or ``carry_out``.
        locale: language of the page where it is started, for the reasons; else the actor's own.
        key: the same wish; see ``enqueue``.

    Raises:
        MayNotImport: the actor may not take it back.
        NotTakenBack: it has been taken back already.
        ValueError: an unknown mode.
    """
    if mode not in TITLES:
        raise ValueError(f"unknown mode {mode}")
    if not may_take_back(actor, written):
        raise MayNotImport
    if written.state == WITHDRAWN:
        raise NotTakenBack(Message(N_("This import has been taken back already.")))
    args = {"import": written.id, "import_job": written.job_id, "mode": mode,
            "file_name": written.file_name, "locale": locale or actor.locale}
    return enqueue(session, actor, KIND, args, title=TITLES[mode],
                   title_values={"file": written.file_name}, key=key)


def _run(context: JobContext) -> dict[str, Any]:
    args, session = context.args, context.session
    written = session.get(WrittenImport, args["import"])
    if written is None:
        raise JobFailed(N_("It is not known any more what this import has written."))
    importer = importers().get(written.importer)
    if importer is None:
        raise JobFailed(N_("The plugin that reads such files is not active."))
    try:
        require_right(context.actor, importer)
    except MayNotImport:
        raise JobFailed(N_("You have no permission to import this kind of record.")) from None
    if is_under_way(session, importer.name):
        raise TryLater(ANOTHER, WAIT_FOR_ANOTHER)
    does = args["mode"] == CARRY_OUT
    if does and written.state == WITHDRAWN and written.back_job_id != context.job_id:
        raise JobFailed(N_("This import has been taken back already."))
    if does:
        with context.write():
            written.back_job_id = context.job_id
    # A worker has no browser that names a language.
    actor = dataclasses.replace(context.actor, locale=args["locale"])
    settings = current_app.config["CARELINE_SETTINGS"]
    result = TakingBack(
        session, actor, written, sentence=sentence_in(args["locale"]), store=FileStore(settings),
        transaction=context.write if does else None, progress=context.progress,
    ).run()
    return dataclasses.asdict(result)


# Registered by the core through ``register_jobs``.
WITHDRAWAL_JOBS = (
    JobKind(name=KIND, run=_run),
    Schedule(name="records.written_imports", title=N_("Forget old imports"),
             every_seconds=24 * 3600, run=purge_written),
)
"""Kinds of job and schedules of taking imports back."""
