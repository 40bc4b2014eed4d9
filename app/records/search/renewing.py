"""Indexing anew what was indexed by older rules, or under another key.

Until a record has been indexed anew it is found as before: by fewer words, never by wrong ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import SYSTEM
from app.database import Base, held_seconds
from app.i18n import N_
from app.jobs.context import JobContext
from app.jobs.kinds import JobKind
from app.jobs.models import Job
from app.jobs.portions import Pace
from app.jobs.services import enqueue
from app.records.mixin import Record
from app.records.search import index
from app.records.search.tokens import RULES

RENEW = "records.search_renewal"
Document = tuple[int, str, int]
"""Id, record type and record id of a document."""
_READ = 500


def index_documents_again(session: Session, documents: Sequence[Document]) -> int:
    """Index the records of some documents anew; those of plugins that are not there stay.

    Args:
        session: session with a running write.
        documents: those of some records.

    Returns:
        How many records there were.
    """
    models = {mapper.class_.__record_type__: mapper.class_ for mapper in Base.registry.mappers
              if issubclass(mapper.class_, Record)}
    done = 0
    for record_type in dict.fromkeys(kind for _, kind, _ in documents):
        model = models.get(record_type)
        if model is not None:
            keys = [key for _, kind, key in documents if kind == record_type]
            records = session.scalars(select(model).where(model.id.in_(keys))).all()
            index.index(session, records)
            done += len(records)
    return done


def renew_where_outdated(session: Session) -> Job | None:
    """Ask for the job that indexes all records by the present rules, once for each set of rules.

    Args:
        session: session without unsaved changes.

    Returns:
        The job, also one that has run before; ``None`` where nothing is indexed yet.
    """
    if not index.last_document(session):
        return None
    return enqueue(session, SYSTEM, RENEW, {}, title=N_("Index all records anew"),
                   key=f"rules {RULES}")


def run_renewal(context: JobContext) -> dict[str, int]:
    """Index all records anew, in portions; a job. Run again, it begins anew and does no harm."""
    session, done = context.session, 0
    # What is written from now on has a higher id, and the present rules.
    last = index.last_document(session)
    for portion in Pace(held=lambda: held_seconds(session)).portions(_documents(session, last)):
        with context.write():
            index_documents_again(session, portion)
        done += len(portion)
        context.progress(done)
    return {"records": done}


def _documents(session: Session, last: int) -> Iterator[Document]:
    after = 0
    while found := index.documents(session, after, last, _READ):
        session.rollback()
        yield from found
        after = found[-1][0]


JOBS = (JobKind(name=RENEW, run=run_renewal),)
