"""Indexing anew what was indexed by older rules, or under another key.

Until a record has been indexed anew it is found as before: by fewer words, never by wrong ones.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import SYSTEM
from app.database import held_seconds
from app.i18n import N_
from app.jobs.context import JobContext
from app.jobs.kinds import JobKind
from app.jobs.models import Job
from app.jobs.portions import PAUSE_SECONDS, Pace
from app.jobs.services import enqueue
from app.records.search import full_text, index
from app.records.search.places import models_by_type, sorted_by
from app.records.search.tokens import RULES

RENEW = "records.search_renewal"
PLACE = "records.search_placing"
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
    models, done = models_by_type(), 0
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
    # What is written from now on has the present rules; indexed once more it stays the same.
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


def place_where_unplaced(session: Session) -> Job | None:
    """Ask for the job that gives all documents their places, once for each set of kinds.

    Args:
        session: session without unsaved changes.

    Returns:
        The job, also one that has run before; ``None`` on PostgreSQL, which has no places, and
        where nothing is indexed yet.
    """
    if session.get_bind().dialect.name == "postgresql" or not index.last_document(session):
        return None
    orders = sorted(f"{kind} {sorted_by(model).key}" for kind, model in models_by_type().items())
    return enqueue(session, SYSTEM, PLACE, {}, title=N_("Put the search index in order of receipt"),
                   key=f"places {zlib.crc32(' '.join(orders).encode()):08x}")


def run_placing(context: JobContext) -> dict[str, int]:
    """Give documents their places, in portions; a job. What stands right stays where it is.

    The table is merged afterwards: who reads it from its beginning would pass over all that has
    left it.
    """
    session, models = context.session, models_by_type()
    last, read, moved = index.last_document(session), 0, 0
    for portion in Pace(held=lambda: held_seconds(session)).portions(_documents(session, last)):
        with context.write():
            for kind in {document[1] for document in portion} & models.keys():
                moved += full_text.put_in_place(
                    session, models[kind], [one for one in portion if one[1] == kind])
        read += len(portion)
        context.progress(read)
    begin, merging = True, moved > 0
    while merging:
        with context.write():
            merging = full_text.merge(session, begin=begin)
        begin = False
        context.progress(read)
        time.sleep(PAUSE_SECONDS)
    return {"records": moved}


JOBS = (JobKind(name=RENEW, run=run_renewal), JobKind(name=PLACE, run=run_placing))
