"""The job that indexes records anew, after it changed who sees a custom field.

What some people do not see is not indexed: a hit would tell them. See ``CustomField.words``.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.database import held_seconds
from app.host.host import current_host
from app.jobs.context import JobContext
from app.jobs.kinds import JobKind
from app.jobs.portions import Pace
from app.records.custom_fields.store import INDEX_AGAIN
from app.records.search.index import index


def run_index_again(context: JobContext) -> dict[str, int]:
    """Index all records that hold a custom field anew, in portions; a job.

    ``args`` hold ``record_type`` and ``name`` of the field.
    """
    session = context.session
    kind = current_host().record_type(context.args["record_type"])
    if kind is None:
        return {"records": 0}
    model: Any = kind.model
    keys = session.scalars(
        select(model.id).where(model.extra[context.args["name"]].as_string().is_not(None))
        .order_by(model.id)).all()
    session.rollback()
    done = 0
    for portion in Pace(held=lambda: held_seconds(session)).portions(keys):
        with context.write():
            index(session, session.scalars(
                select(model).where(model.id.in_(portion))).all())
        done += len(portion)
        context.progress(done, len(keys))
    return {"records": done}


JOBS = (JobKind(name=INDEX_AGAIN, run=run_index_again),)
