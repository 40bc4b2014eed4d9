"""Copies of all data that were made, and that go when their customer is erased."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.jobs.models import FINISHED, Job

KIND = "customers.copy"
"""Name of the kind of job that makes a copy."""


def discard_copies(session: Session, people: Collection[int]) -> list[int]:
    """Delete the finished copies of some customers; part of the running write.

    Args:
        session: session with a running write.
        people: keys of the customers.

    Returns:
        Keys of the deleted jobs, whose files are still to go.
    """
    made = session.execute(
        select(Job.id, Job.args).where(Job.kind == KIND, Job.state.in_(FINISHED))).all()
    found = [row.id for row in made if row.args.get("customer") in people]
    session.execute(delete(Job).where(Job.id.in_(found)))
    return found
