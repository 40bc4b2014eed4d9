"""The month of all people of a cycle as one job: sheets opened, figures computed and stored.

It writes in portions. A run that was cancelled, or whose worker was killed, leaves whole sheets;
the next one opens those that are missing and finds the others as it would have made them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.forms import ScoredForm, published
from app.sdk.jobs import JobContext, JobFailed, JobKind, enqueue, portions
from app.sdk.services import Actor, is_present
from plugins.appraisals.choices import FINISHED, RELEASED
from plugins.appraisals.cycles.models import Cycle
from plugins.appraisals.cycles.opening import fit_for_a_sheet, open_sheets
from plugins.appraisals.sheets.facts import PeriodFacts
from plugins.appraisals.sheets.models import Sheet
from plugins.appraisals.sheets.operations import sheet_operations

COMPUTE = "appraisals.compute"
# Longer than usual: each portion reads anew who has a sheet, whatever its size.
_SECONDS = 0.5


def begin(session: Session, actor: Actor, cycle: Cycle) -> int:
    """Ask for the job of a cycle; return its number.

    Args:
        session: session with a running write.
        actor: who asks.
        cycle: the cycle.
    """
    job = enqueue(session, actor, COMPUTE, {"cycle": cycle.id},
                  title=N_("Compute the appraisals of %(title)s"),
                  title_values={"title": cycle.title})
    return int(job.id)


def compute_month(context: JobContext) -> dict[str, Any]:
    """Job: open the sheets that are missing, and store the figures of now where none are frozen.

    Raises:
        JobFailed: the cycle is not there any more, or released.
    """
    session = context.session
    cycle = session.get(Cycle, context.args["cycle"])
    if cycle is None or cycle.is_away:
        raise JobFailed(N_("The cycle is not there any more."))
    if cycle.status == RELEASED:
        raise JobFailed(N_("The cycle has been released."))
    missing = fit_for_a_sheet(session, cycle)
    held = _open_sheets_of(session, cycle.id)
    total, done, opened, changed = 2 * len(missing) + len(held), 0, 0, 0
    context.progress(0, total)
    for portion in portions(missing, _SECONDS):
        with context.write():
            opened += open_sheets(session, context.actor, cycle, portion)
        done += len(portion)
        context.progress(done, total)
    for sheets, number in _computed(context, cycle):
        done, changed = done + sheets, changed + number
        context.progress(done, max(total, done))
    return {"opened": opened, "computed": done - len(missing), "changed": changed}


def _open_sheets_of(session: Session, cycle_id: int) -> list[tuple[int, int]]:
    """Return key and person of the sheets whose figures are not frozen."""
    rows = session.execute(
        select(Sheet.id, Sheet.owner_id).where(
            Sheet.cycle_id == cycle_id, Sheet.status.not_in(FINISHED), Sheet.frozen_hash == "",
            Sheet.owner_id.is_not(None), is_present(Sheet)).order_by(Sheet.id))
    return [(row.id, row.owner_id) for row in rows]


def _computed(context: JobContext, cycle: Cycle) -> Iterator[tuple[int, int]]:
    """Compute in portions; yield the number of sheets of each, and how many have changed."""
    session, forms = context.session, dict[int, ScoredForm]()
    keys = _open_sheets_of(session, cycle.id)
    facts = PeriodFacts(session, cycle.starts_on, cycle.ends_on, [owner for _, owner in keys])
    operations = sheet_operations()
    for portion in portions([key for key, _ in keys], _SECONDS):
        changed = 0
        with context.write():
            for sheet in session.scalars(
                    select(Sheet).where(Sheet.id.in_(portion)).order_by(Sheet.id)
                    .with_for_update().execution_options(populate_existing=True)):
                version = sheet.form_version_id
                if version not in forms:
                    forms[version] = published(session, version).form
                changed += operations.compute(
                    session, context.actor, sheet, forms[version], facts)
        yield len(portion), changed


JOBS = (JobKind(name=COMPUTE, run=compute_month),)
