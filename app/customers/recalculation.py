"""The job that works out anew how complete customers are, after their rules were changed."""

from __future__ import annotations

from sqlalchemy import select

from app.customers.completeness import recalculate
from app.customers.models import Customer
from app.customers.profile_settings import wanted_items
from app.customers.template import RECALCULATE
from app.database import held_seconds
from app.jobs.context import JobContext
from app.jobs.kinds import JobKind
from app.jobs.portions import Pace


def run_recalculation(context: JobContext) -> dict[str, int]:
    """Work out anew how complete all customers are, in portions; a job.

    It reads the rules once for each portion: rules that are changed again meanwhile count from
    then on, and their own job goes over the others.
    """
    session = context.session
    keys = session.scalars(
        select(Customer.id).where(Customer.erased_at.is_(None)).order_by(Customer.id)).all()
    session.rollback()
    done = changed = 0
    for portion in Pace(held=lambda: held_seconds(session)).portions(keys):
        with context.write():
            changed += recalculate(session, wanted_items(session), portion)
        done += len(portion)
        context.progress(done, len(keys))
    return {"customers": done, "changed": changed}


JOBS = (JobKind(name=RECALCULATE, run=run_recalculation),)
