"""Running an import: a dry run, all or nothing, or the good rows."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import logging
import uuid
import zoneinfo
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import join_change_set
from app.database import held_seconds, write
from app.jobs.context import JobCancelled, Superseded
from app.jobs.portions import Pace
from app.records.importing.all_or_nothing import AllOrNothing, AnotherImport, is_under_way
from app.records.importing.checking import Checker
from app.records.importing.fields import (
    CREATED,
    REJECTED,
    SKIP,
    SKIPPED,
    UPDATE,
    UPDATED,
    WAITING,
    Importer,
    ImportRow,
    Outcome,
    Problem,
)
from app.records.importing.mapping import constants_of, resolve
from app.records.importing.models import REVEALING
from app.records.importing.reports import WRITTEN, Rejects, Report, Sentence
from app.records.importing.staging import AT_ONCE, hidden, release_events, reveal
from app.records.importing.tables import Table, TableRow
from app.records.importing.written import (
    ImportOrigin,
    change_set_of_job,
    note_created,
    written_import,
)

log = logging.getLogger(__name__)
CHECK, ALL, GOOD = "check", "all", "good"
BATCH = 500
# Of one transaction; a row that begins a workflow takes some 10 ms.
LEAST_ROWS = 4

Progress = Callable[[int, int], None]
Transaction = Callable[[], contextlib.AbstractContextManager[Session]]
Portion = list[tuple[TableRow, ImportRow]]


class _Undo(Exception):
    """Leaves a transaction so that it is rolled back."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Import:
    """One file on its way in.

    Attributes:
        table: the file.
        importer: where the rows go.
        mapping: column name by field name.
        mode: ``check`` writes nothing; ``all`` writes all rows or none; ``good`` leaves bad rows.
        on_existing: ``skip`` or ``update`` rows that were read in before, known by their key.
        decisions: what a value of a list is taken for, by field and value; ``None`` leaves it out.
        rejects: where the file of bad rows goes; it is only made when there are some.
        zone: time zone of times that name none.
        sentence: turns a message into the person's language.
        date_order: order of day, month and year; see ``app.records.importing.dates``.
        job_id: the job that runs it; its next attempt goes on from what this one leaves.
        file_name: what the person calls the file.
    """

    table: Table
    importer: Importer
    mapping: Mapping[str, str]
    mode: str = CHECK
    on_existing: str = SKIP
    decisions: Mapping[str, Mapping[str, str | None]] = dataclasses.field(
        default_factory=dict[str, Mapping[str, str | None]]
    )
    rejects: Path
    zone: zoneinfo.ZoneInfo
    sentence: Sentence = str
    date_order: str = ""
    job_id: int | None = None
    file_name: str = ""

    def run(
        self,
        session: Session,
        actor: Actor,
        progress: Progress = lambda _done, _total: None,
        transaction: Transaction | None = None,
    ) -> Report:
        """Read the file in.

        Every portion of rows is a short transaction. All rows or none are written hidden and then
        revealed; see ``app.records.importing.all_or_nothing``.

        Args:
            session: a session outside of any writing block.
            actor: who imports.
            progress: called with rows done and rows in all; may raise to stop.
            transaction: writing block to use; a plain one on ``session`` by default.

        Returns:
            What was found and done.

        Raises:
            BadMapping: the mapping does not fit.
            UnreadableFile: the file cannot be read to its end.
            AnotherImport: an import of all rows or none of this kind is not over yet.
        """
        positions = resolve(self.importer, self.table.header, self.mapping)
        transaction = transaction or (lambda: write(session))
        run = _Run(self, session, actor, progress, transaction, positions)
        with run.rejects:
            if self.mode == ALL:
                run.all_or_nothing()
            elif self.mode == GOOD:
                run.good_rows()
            else:
                run.check_only()
        return run.report


class _Run:
    """One run of an import: what its steps share.

    Args:
        job: the import.
        session: outside of any writing block.
        actor: who imports.
        progress: called with rows done and rows in all.
        transaction: writing block to use.
        positions: position of the column for each mapped field.
    """

    def __init__(
        self, job: Import, session: Session, actor: Actor, progress: Progress,
        transaction: Transaction, positions: Mapping[str, int],
    ) -> None:
        self.job, self.session, self.actor = job, session, actor
        self.progress, self.transaction = progress, transaction
        self.report = Report()
        # The file of rejects is meant to be read in again: who may see the values, keeps them.
        masks = {} if actor.can("can_reveal", job.importer.view) else {
            positions[field.name]: field.shown for field in job.importer.fields
            if field.mask is not None and field.name in positions
        }
        self.rejects = Rejects(
            job.rejects, job.table.header, self.report, job.sentence, positions, masks)
        self._positions = positions
        self._total = job.table.count()
        self._pace = Pace(least=LEAST_ROWS, held=lambda: held_seconds(session))

    def check_only(self) -> None:
        """Check every row and write nothing."""
        self._check_all(self._total)

    def good_rows(self) -> None:
        """Write the rows that are right and leave the others."""
        if is_under_way(self.session, self.job.importer.name):
            raise AnotherImport
        origin = ImportOrigin(
            importer=self.job.importer.name, job_id=self.job.job_id, actor_id=self.actor.user_id,
            change_set=change_set_of_job(self.session, self.job.job_id) or str(uuid.uuid4()),
            file_name=self.job.file_name,
        )
        checker = self._checker()
        for batch in self._batches(self._total, 0):
            good = self._check(checker, batch)
            self._forecast(good)
            for portion in self._pace.portions(good):
                with self.transaction() as session:
                    join_change_set(session, origin.change_set)
                    with hidden(session, AT_ONCE) as records:
                        outcomes = self._write(portion, self.job.on_existing)
                    for model, ids in records:
                        reveal(session, model, ids, AT_ONCE, self.job.job_id, self.job.file_name)
                        note_created(session, origin, model.__record_type__, ids)
                    if any(one.action in (CREATED, UPDATED, WAITING) for one in outcomes):
                        written_import(session, origin)
                    release_events(session, AT_ONCE)
                self._reject(portion, outcomes)
                self.report.count(outcomes)
        self.report.outcome = WRITTEN

    def all_or_nothing(self) -> None:
        """Write all rows or none of them."""
        staged = AllOrNothing.find(self.session, self.job.job_id, self.transaction)
        if staged is not None and staged.state == REVEALING:
            # An earlier attempt has decided; this one finishes.
            for name, value in (staged.report or {}).items():
                setattr(self.report, name, value)
            self._finish(staged)
            return
        if staged is not None:
            staged.take_back(self.actor)
        self._check_all(self._total * 2)
        if self.report.rejected:
            self.report.forget_writes()
            return
        staged = AllOrNothing.begin(
            self.session, self.job.importer.name, self.transaction, self.job.job_id,
            self.job.file_name,
        )
        if self._prepare(staged):
            self._finish(staged)

    def _prepare(self, staged: AllOrNothing) -> bool:
        """Write everything hidden and decide; return whether there was nothing against it."""
        try:
            lines = self._write_hidden(staged)
            if not self.report.rejected:
                self.report.outcome = WRITTEN
                staged.decide(self.report.as_dict(), lines, self.actor.user_id)
                return True
        except Superseded:
            # Another worker has the job and takes back what this one wrote.
            raise
        except BaseException:
            self.session.rollback()
            try:
                staged.take_back(self.actor)
            except Exception:
                log.exception("rows of import %s are left to the sweep", staged.id)
            raise
        staged.take_back(self.actor)
        self.report.forget_writes()
        return False

    def _write_hidden(self, staged: AllOrNothing) -> list[int]:
        """Write new rows hidden, and try those that are there already.

        What is there cannot be changed in secret: such rows are written and taken back at once,
        which shows what would be refused, and written for good when everything is decided.

        Returns:
            The lines of the rows that will be brought up to date.
        """
        self.report.rows = 0
        checker = self._checker()
        lines: list[int] = []
        for batch in self._batches(self._total * 2, self._total):
            for portion in self._pace.portions(self._check_again(checker, batch)):
                with staged.portion():
                    outcomes = self._write(portion, SKIP)
                    if self.job.on_existing == UPDATE:
                        outcomes = self._tried(portion, outcomes)
                self._reject(portion, outcomes)
                self.report.count(outcomes)
                lines += [one.line for one in outcomes if one.action in (UPDATED, WAITING)]
        return lines

    def _tried(self, portion: Portion, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Return the outcomes with those of rows that are there, as an update would be."""
        there = {one.line for one in outcomes if one.action == SKIPPED}
        again = [pair for pair in portion if pair[1].line in there]
        if not again:
            return list(outcomes)
        tried: dict[int, Outcome] = {}
        with contextlib.suppress(_Undo), self.session.begin_nested():
            tried = {one.line: one for one in self._write(again, UPDATE)}
            raise _Undo
        self.session.expire_all()
        return [tried.get(one.line, one) for one in outcomes]

    def _finish(self, staged: AllOrNothing) -> None:
        """Reveal the new rows and bring the others up to date; nothing stops this for good."""
        staged.reveal()
        wanted = set(staged.lines or ())
        if wanted:
            self._update(staged, wanted)
        staged.end()

    def _update(self, staged: AllOrNothing, wanted: set[int]) -> None:
        checker = self._checker()
        for batch in self._batches_of(row for row in self.job.table.rows() if row.line in wanted):
            before = self.report.rejected
            for portion in self._pace.portions(self._check_again(checker, batch)):
                with staged.visible_portion():
                    outcomes = self._write(portion, UPDATE)
                self._reject(portion, outcomes)
            # Somebody changed or deleted it since all rows were found to be right.
            self.report.updated -= self.report.rejected - before
            with contextlib.suppress(JobCancelled):
                # Too late to be cancelled, early enough to be left to the next worker.
                self.progress(self._total * 2, self._total * 2)

    def _check_all(self, steps: int) -> None:
        checker = self._checker()
        for batch in self._batches(steps, 0):
            good = self._check(checker, batch)
            self._forecast(good)
            if self.job.mode == CHECK:
                self._compare(good)

    def _compare(self, good: Portion) -> None:
        """Note what would change about records that are there, and what is in no list yet."""
        rows, importer = [row for _, row in good], self.job.importer
        if rows and importer.compare is not None:
            self.report.compare(importer.compare(self.session, self.actor, rows))
        if rows and importer.unknown is not None:
            self.report.miss(importer.unknown(self.session, rows))

    def _forecast(self, good: Portion) -> None:
        if self.job.importer.forecast is not None and good:
            rows = [row for _, row in good]
            self.report.expect(self.job.importer.forecast(self.session, rows))

    def _checker(self) -> Checker:
        job = self.job
        constants = constants_of(job.importer, job.table.header, job.mapping)
        return Checker(job.importer, job.table.header, self._positions, job.zone, constants,
                       job.decisions, job.date_order)

    def _write(self, portion: Portion, on_existing: str) -> Sequence[Outcome]:
        """Let the importer write, in the running transaction."""
        importer = self.job.importer
        rows = [row for _, row in portion]
        outcomes = importer.write(self.session, self.actor, rows, on_existing)
        if len(outcomes) != len(rows):
            raise RuntimeError(f"importer {importer.name} must tell the outcome of every row")
        return outcomes

    def _batches(self, steps: int, before: int) -> Iterator[list[TableRow]]:
        for batch in self._batches_of(self.job.table.rows()):
            yield batch
            self.report.rows += len(batch)
            if len(batch) == BATCH:
                self.progress(before + self.report.rows, steps)
        self.progress(before + self.report.rows, steps)

    @staticmethod
    def _batches_of(rows: Iterable[TableRow]) -> Iterator[list[TableRow]]:
        waiting = iter(rows)
        while batch := list(itertools.islice(waiting, BATCH)):
            yield batch

    def _check_again(self, checker: Checker, batch: Sequence[TableRow]) -> Portion:
        """Return the rows to be written of a file that was checked as a whole before."""
        return self._check(checker, batch, knows_all=self.job.importer.refuses_alone)

    def _check(
        self, checker: Checker, batch: Sequence[TableRow], *, knows_all: bool = False
    ) -> Portion:
        """Return the rows that can be written; the others go to the file of rejects."""
        checked = [(row, *checker.check(row)) for row in batch]
        found = [good for _, good, _ in checked if good is not None]
        more: dict[int, list[Problem]] = {}
        if found and not knows_all and self.job.importer.check is not None:
            for problem in self.job.importer.check(self.session, self.actor, found):
                more.setdefault(problem.line, []).append(problem)
        good_rows: Portion = []
        for row, good, problems in checked:
            problems = [*problems, *more.get(row.line, [])]
            if problems:
                self.rejects.add(row, problems)
            elif good is not None:
                good_rows.append((row, good))
        return good_rows

    def _reject(self, portion: Portion, outcomes: Sequence[Outcome]) -> None:
        for (row, _), outcome in zip(portion, outcomes, strict=True):
            if outcome.action == REJECTED:
                self.rejects.add_outcome(row, outcome)
