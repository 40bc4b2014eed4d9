"""All rows of a file or none, in short transactions: written hidden, then revealed or taken back.

    begin -> portion ... portion -> decide -> finish
                 \\-> take_back (a row refused, cancelled, failed, killed)

Until ``decide`` nothing can be seen and everything can be taken back. From then on the import is
brought to its end: by the job, by its next attempt, or by the worker's sweep.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import time
import uuid
from collections.abc import Callable, Generator, Mapping
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.actor import SYSTEM, Actor
from app.access.audit import join_change_set, record_act
from app.database import held_seconds, metadata, write
from app.errors import Rejected
from app.i18n import N_, Message
from app.jobs.models import QUEUED, RUNNING, Job
from app.jobs.portions import MOST_ROWS, PAUSE_SECONDS, Pace
from app.records.importing import staging
from app.records.importing.models import (
    REVEALING,
    WRITING,
    StagedImport,
    StagedRecords,
    StagedRow,
)
from app.records.importing.written import ImportOrigin, note_created, written_import

log = logging.getLogger(__name__)
# Of one transaction, at most, that shows records or lets events go: what is there changes little.
_MOST = 2000

Transaction = Callable[[], contextlib.AbstractContextManager[Session]]


class AnotherImport(Rejected):
    """Another import of this kind has begun and is not over yet."""

    def __init__(self) -> None:
        super().__init__(Message(N_("Another import of this kind is not over yet.")))


class AllOrNothing:
    """One import on its way; every method but ``begin`` and ``find`` may run again after a crash.

    Args:
        session: outside of any writing block.
        staged: its row.
        transaction: writing block to use.
    """

    def __init__(self, session: Session, staged: StagedImport, transaction: Transaction) -> None:
        self.session = session
        self.id, self.state, self.change_set = staged.id, staged.state, staged.change_set
        self.report, self.lines = staged.report, staged.lines
        self._job_id, self._file_name = staged.job_id, staged.file_name
        self._importer = staged.importer
        self._transaction = transaction

    @classmethod
    def find(
        cls, session: Session, job_id: int | None, transaction: Transaction
    ) -> AllOrNothing | None:
        """Return what an earlier attempt of a job has left, if anything."""
        if job_id is None:
            return None
        staged = session.scalar(select(StagedImport).where(StagedImport.job_id == job_id))
        return None if staged is None else cls(session, staged, transaction)

    @classmethod
    def begin(
        cls, session: Session, importer: str, transaction: Transaction,
        job_id: int | None = None, file_name: str = "",
    ) -> AllOrNothing:
        """Begin to write.

        Args:
            session: outside of any writing block.
            importer: name of the importer.
            transaction: writing block to use.
            job_id: the job, whose next attempt finds what this one leaves.
            file_name: what the person calls the file.

        Raises:
            AnotherImport: another one of this importer is not over yet.
        """
        staged = StagedImport(
            importer=importer, job_id=job_id, state=WRITING, change_set=str(uuid.uuid4()),
            file_name=file_name[:200],
        )
        try:
            with transaction():
                session.add(staged)
                session.flush()
        except IntegrityError as error:
            raise AnotherImport from error
        return cls(session, staged, transaction)

    @contextlib.contextmanager
    def portion(self) -> Generator[Session]:
        """Run the block as one short transaction whose rows stay hidden."""
        with self._transaction() as session:
            join_change_set(session, self.change_set)
            with staging.stage(session, self.id):
                yield session

    @contextlib.contextmanager
    def visible_portion(self) -> Generator[Session]:
        """Run the block as one short transaction of the same change set, after ``decide``."""
        with self._transaction() as session:
            join_change_set(session, self.change_set)
            yield session

    def decide(
        self, report: Mapping[str, Any], lines: list[int], actor_id: int | None = None
    ) -> None:
        """Decide that the import will be brought to its end.

        Args:
            report: its numbers, for an attempt that has to finish it.
            lines: lines of rows that are there already and will be brought up to date.
            actor_id: user who imports; they may take it back.
        """
        with self._transaction() as session:
            written_import(session, self._origin(actor_id))
            row = self._row()
            row.state, row.report, row.lines = REVEALING, dict(report), lines
        self.state, self.report, self.lines = REVEALING, dict(report), lines

    def reveal(self) -> None:
        """Show all records in short transactions, and let the events go."""
        models = staging.record_models()
        for noted in self._noted(StagedRecords):
            model = models.get(noted.record_type)
            if model is None:
                continue
            # What has been revealed before a crash is not among them any more.
            ids = staging.ids_of(self.session, noted, model)
            for portion in self._pace(_MOST).portions(ids):
                with self.visible_portion() as session:
                    staging.reveal(
                        session, model, portion, self.id, self._job_id, self._file_name)
                    note_created(session, self._origin(), noted.record_type, portion)
        self._until_none(lambda most: staging.release_events(self.session, self.id, most))

    def end(self) -> None:
        """Forget the import: it is over."""
        with self._transaction() as session:
            for table in (StagedRow, StagedRecords):
                session.execute(delete(table).where(table.import_id == self.id))
            session.execute(delete(StagedImport).where(StagedImport.id == self.id))

    def take_back(self, actor: Actor = SYSTEM) -> None:
        """Delete everything that was written, in short transactions.

        Args:
            actor: whom the audit trail names.
        """
        self._until_none(lambda most: staging.drop_events(self.session, self.id, most))
        removed = sum(self._remove(noted) for noted in self._by_dependence())
        for portion in self._pace().portions(reversed(self._noted(StagedRow))):
            with self._transaction() as session:
                for noted in portion:
                    staging.remove_row(session, noted)
        with self._transaction() as session:
            join_change_set(session, self.change_set)
            record_act(session, actor, "import_taken_back", changes={
                "file": self._file_name, "records": removed})
        self.end()

    def _remove(self, noted: StagedRecords) -> int:
        model = staging.record_models().get(noted.record_type)
        if model is None:
            return 0
        ids = staging.ids_of(self.session, noted, model)
        for portion in self._pace().portions(ids):
            with self._transaction() as session:
                staging.remove_records(session, model, portion, self.id)
        return len(ids)

    def _by_dependence(self) -> list[StagedRecords]:
        """Return what was noted, records that refer to others first."""
        tables = [table.name for table in metadata().sorted_tables]
        place = {kind: tables.index(model.__tablename__)
                 for kind, model in staging.record_models().items()}
        return sorted(self._noted(StagedRecords),
                      key=lambda noted: (-place.get(noted.record_type, 0), -noted.id))

    def _noted(self, model: type[Any]) -> list[Any]:
        self.session.rollback()
        return list(self.session.scalars(
            select(model).where(model.import_id == self.id).order_by(model.id)))

    def _until_none(self, work: Callable[[int], int]) -> None:
        """Work in short transactions until there is nothing left; each is told how much it may."""
        pace = self._pace(_MOST)
        while done := self._in_transaction(work, pace.size):
            pace.took(done, held_seconds(self.session))
            time.sleep(PAUSE_SECONDS)

    def _in_transaction(self, work: Callable[[int], int], most: int) -> int:
        with self._transaction():
            return work(most)

    def _pace(self, most: int = MOST_ROWS) -> Pace:
        return Pace(most=most, held=lambda: held_seconds(self.session))

    def _origin(self, actor_id: int | None = None) -> ImportOrigin:
        return ImportOrigin(
            importer=self._importer, change_set=self.change_set, job_id=self._job_id,
            actor_id=actor_id, file_name=self._file_name)

    def _row(self) -> StagedImport:
        return self.session.get_one(StagedImport, self.id)


def is_under_way(session: Session, importer: str) -> bool:
    """Return whether an all-or-nothing import of this importer is not over yet."""
    return bool(session.scalar(select(exists().where(StagedImport.importer == importer))))


def recover(session: Session, now: dt.datetime) -> int:
    """Take back, or bring to an end, imports whose job is over or gone; for the worker's schedule.

    A job that waits or runs does this itself when it begins again.

    Args:
        session: outside of any writing block.
        now: current time.

    Returns:
        How many imports there were.
    """
    living = select(Job.id).where(Job.state.in_((QUEUED, RUNNING)))
    left = session.scalars(
        select(StagedImport)
        .where(StagedImport.job_id.is_(None) | StagedImport.job_id.not_in(living))
    ).all()
    left = [one for one in left if one.job_id is not None or staging.is_silent(one, now)]
    for staged in left:
        work = AllOrNothing(session, staged, lambda: write(session))
        log.warning("import %s was left while it was %s", staged.id, staged.state)
        if staged.state == REVEALING:
            work.reveal()
            work.end()
        else:
            work.take_back()
    session.rollback()
    return len(left)
