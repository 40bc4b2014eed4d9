"""Running an import: a dry run, all or nothing, or the good rows."""

from __future__ import annotations

import contextlib
import dataclasses
import zoneinfo
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.database import write
from app.records.importing.checking import Checker
from app.records.importing.fields import REJECTED, UPDATE, Importer, ImportRow, Outcome, Problem
from app.records.importing.mapping import constants_of, resolve
from app.records.importing.reports import WRITTEN, Rejects, Report, Sentence
from app.records.importing.tables import Row, Table

CHECK, ALL, GOOD = "check", "all", "good"
BATCH = 500

Progress = Callable[[int, int], None]
Transaction = Callable[[], contextlib.AbstractContextManager[Session]]


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
        rejects: where the file of bad rows goes; it is only made when there are some.
        zone: time zone of times that name none.
        sentence: turns a message into the person's language.
    """

    table: Table
    importer: Importer
    mapping: Mapping[str, str]
    mode: str = CHECK
    on_existing: str = UPDATE
    rejects: Path
    zone: zoneinfo.ZoneInfo
    sentence: Sentence = str

    def run(
        self,
        session: Session,
        actor: Actor,
        progress: Progress = lambda _done, _total: None,
        transaction: Transaction | None = None,
    ) -> Report:
        """Read the file in.

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
        """
        positions = resolve(self.importer, self.table.header, self.mapping)
        total = self.table.count()
        # All or nothing reads twice: nothing is locked while rows are checked.
        steps = total * 2 if self.mode == ALL else total
        transaction = transaction or (lambda: write(session))
        report = Report()
        checker = self._checker(positions)

        # The file of rejects is meant to be read in again: who may see the values, keeps them.
        masks = {} if actor.can("can_reveal", self.importer.view) else {
            positions[field.name]: field.shown for field in self.importer.fields
            if field.mask is not None and field.name in positions
        }
        with Rejects(
            self.rejects, self.table.header, report, self.sentence, positions, masks
        ) as rejects:
            for batch in self._batches(report, progress, steps, 0):
                good = self._check(session, actor, checker, batch, rejects)
                if self.importer.forecast is not None and good:
                    report.expect(self.importer.forecast(session, [row for _, row in good]))
                if self.mode == GOOD and good:
                    with transaction():
                        outcomes = self.importer.write(
                            session, actor, [row for _, row in good], self.on_existing
                        )
                    self._reject(rejects, good, outcomes)
                    report.count(outcomes)
            if self.mode == GOOD:
                report.outcome = WRITTEN
            elif self.mode == ALL and report.rejected:
                report.forget_writes()
            elif self.mode == ALL:
                with contextlib.suppress(_Undo), transaction():
                    self._write_all(session, actor, positions, rejects, report, progress, total)
        return report

    def _checker(self, positions: Mapping[str, int]) -> Checker:
        constants = constants_of(self.importer, self.table.header, self.mapping)
        return Checker(self.importer, self.table.header, positions, self.zone, constants)

    def _write_all(
        self,
        session: Session,
        actor: Actor,
        positions: Mapping[str, int],
        rejects: Rejects,
        report: Report,
        progress: Progress,
        total: int,
    ) -> None:
        """Write every row within the caller's transaction; one bad row undoes it all."""
        report.rows = 0
        checker = self._checker(positions)
        for batch in self._batches(report, progress, total * 2, total):
            good = self._check(session, actor, checker, batch, rejects)
            outcomes = self.importer.write(
                session, actor, [row for _, row in good], self.on_existing
            )
            self._reject(rejects, good, outcomes)
            report.count(outcomes)
        if report.rejected:
            report.forget_writes()
            raise _Undo
        report.outcome = WRITTEN

    def _batches(
        self, report: Report, progress: Progress, steps: int, before: int
    ) -> Iterator[list[Row]]:
        batch: list[Row] = []
        for row in self.table.rows():
            batch.append(row)
            if len(batch) == BATCH:
                yield batch
                report.rows += len(batch)
                progress(before + report.rows, steps)
                batch = []
        if batch:
            yield batch
            report.rows += len(batch)
        progress(before + report.rows, steps)

    def _check(
        self,
        session: Session,
        actor: Actor,
        checker: Checker,
        batch: Sequence[Row],
        rejects: Rejects,
    ) -> list[tuple[Row, ImportRow]]:
        """Return the rows that can be written; the others go to the file of rejects."""
        checked = [(row, *checker.check(row)) for row in batch]
        found = [good for _, good, _ in checked if good is not None]
        more: dict[int, list[Problem]] = {}
        if found and self.importer.check is not None:
            for problem in self.importer.check(session, actor, found):
                more.setdefault(problem.line, []).append(problem)
        good_rows: list[tuple[Row, ImportRow]] = []
        for row, good, problems in checked:
            problems = [*problems, *more.get(row.line, [])]
            if problems:
                rejects.add(row, problems)
            elif good is not None:
                good_rows.append((row, good))
        return good_rows

    def _reject(
        self,
        rejects: Rejects,
        good: Sequence[tuple[Row, ImportRow]],
        outcomes: Sequence[Outcome],
    ) -> None:
        if len(outcomes) != len(good):
            raise RuntimeError(f"importer {self.importer.name} must tell the outcome of every row")
        for (row, _), outcome in zip(good, outcomes, strict=True):
            if outcome.action == REJECTED:
                rejects.add_outcome(row, outcome)
