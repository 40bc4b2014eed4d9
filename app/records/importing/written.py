"""What an import has written, noted while it writes, so that it can be taken back as one."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs.recovery import KEEP_JOBS, delete_in_portions
from app.records.importing.models import ImportedRecords, WrittenImport


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ImportOrigin:
    """Where an import comes from.

    Attributes:
        importer: name of the importer.
        change_set: the change set of all that it writes.
        job_id: the job, if any; its attempts write one import.
        actor_id: user who imports; ``None`` for the system.
        file_name: what the person calls the file.
    """

    importer: str
    change_set: str
    job_id: int | None = None
    actor_id: int | None = None
    file_name: str = ""


def change_set_of_job(session: Session, job_id: int | None) -> str:
    """Return the change set of what an earlier attempt of a job has written, or an empty text."""
    if job_id is None:
        return ""
    return session.scalar(
        select(WrittenImport.change_set).where(WrittenImport.job_id == job_id)) or ""


def written_import(session: Session, origin: ImportOrigin) -> WrittenImport:
    """Return the row of an import, made with its first portion; part of the running write."""
    found = session.scalar(
        select(WrittenImport).where(WrittenImport.change_set == origin.change_set))
    if found is None:
        found = WrittenImport(
            importer=origin.importer, job_id=origin.job_id, actor_id=origin.actor_id,
            file_name=origin.file_name[:200], change_set=origin.change_set,
        )
        session.add(found)
        session.flush()
    return found


def note_created(
    session: Session, origin: ImportOrigin, record_type: str, ids: Iterable[int]
) -> None:
    """Note records that an import has created; part of the running write.

    Args:
        session: session with a running write.
        origin: of the import.
        record_type: kind of the records.
        ids: their keys.
    """
    number = written_import(session, origin).id
    session.add_all(
        ImportedRecords(import_id=number, record_type=record_type, first_id=first, last_id=last)
        for first, last in runs(ids)
    )


def runs(ids: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last number of each run of consecutive numbers, in order."""
    first = last = None
    for one in sorted(ids):
        if last is not None and one == last + 1:
            last = one
            continue
        if first is not None and last is not None:
            yield first, last
        first = last = one
    if first is not None and last is not None:
        yield first, last


def purge_written(session: Session, now: dt.datetime) -> None:
    """Forget imports whose job is purged by now: they cannot be taken back any more."""
    old = session.scalars(
        select(WrittenImport.id).where(WrittenImport.written_at < now - KEEP_JOBS)).all()
    session.rollback()
    for number in old:
        delete_in_portions(session, ImportedRecords, ImportedRecords.import_id == number)
    delete_in_portions(session, WrittenImport, WrittenImport.id.in_(old))


def created_of(session: Session, number: int) -> Sequence[ImportedRecords]:
    """Return the keys of records that an import created, as it wrote them."""
    return session.scalars(
        select(ImportedRecords).where(ImportedRecords.import_id == number)
        .order_by(ImportedRecords.id)
    ).all()
