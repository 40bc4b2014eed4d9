"""The job that makes the copy of all that is held of a customer."""

from __future__ import annotations

from typing import Any

from flask_babel import force_locale

from app.admin.pages import settings
from app.admin.personal_copies.archive import heading_of, write_archive
from app.customers.models import Customer
from app.customers.privacy.copying import COPY, copied_customer, note_copy
from app.customers.privacy.held import held_of
from app.customers.privacy.made_copies import KIND
from app.jobs.context import JobContext
from app.jobs.kinds import JobFailed, JobKind
from app.records.files import FileStore
from app.sdk import N_
from app.sdk.services import utcnow

GONE = N_("This customer is not there any more, or you may not copy its data any more.")
# Each row is read for the JSON and for the page.
_PASSES = 2


def make_copy(context: JobContext) -> dict[str, Any]:
    """Make the copy that ``ask_for_copy`` asked for; nothing is left of one that is stopped.

    Args:
        context: the running job.

    Raises:
        JobFailed: the customer was purged, or who asked may not copy its data any more.
    """
    session, args = context.session, context.args
    customer = copied_customer(session, context.actor, args["customer"])
    if customer is None:
        raise JobFailed(GONE)
    context.folder.mkdir(parents=True, exist_ok=True)
    part = context.folder / ".part"
    try:
        with force_locale(args["language"]):
            return _write(context, customer, part)
    finally:
        part.unlink(missing_ok=True)


def _write(context: JobContext, customer: Customer, part: Any) -> dict[str, Any]:
    session, args = context.session, context.args
    held = held_of(session, context.actor, customer)
    now, number, total = utcnow(), customer.number, held.number * _PASSES
    done = 0

    def step() -> None:
        nonlocal done
        done = min(done + 1, total)
        context.progress(done, total)

    files = write_archive(
        part, session, context.actor, FileStore(settings()), held,
        heading_of(session, customer, args["language"], now), step)
    with context.write():
        note_copy(session, context.actor, customer, args["reason"], held, files)
    # Whoever asks for the result finds all of it or nothing.
    part.replace(context.result_path(f"{number}-{now:%Y%m%d}.zip"))
    return {"rows": held.number, "files": files}


JOBS = (JobKind(name=KIND, run=make_copy, file_needs=COPY),)
