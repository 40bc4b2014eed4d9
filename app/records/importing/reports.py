"""What an import found and did, and the file of rows it did not take. Pure."""

from __future__ import annotations

import csv
import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from app.i18n import N_, Message
from app.records.cells import as_written, harmless
from app.records.importing.fields import (
    CREATED,
    SKIPPED,
    UPDATED,
    WAITING,
    Outcome,
    Problem,
    RowChange,
)
from app.records.importing.tables import TableRow

CHECKED, WRITTEN, REFUSED = "checked", "written", "refused"
_NOT_TAKEN = N_("This row was not taken.")
LINE, REASON = N_("Line"), N_("Reason")
# All of them are in the file; this many are shown at once.
MOST_SHOWN = 200

Sentence = Callable[[Message], str]


@dataclasses.dataclass(slots=True)
class Report:
    """The numbers of an import, in rows, and its first problems.

    Attributes:
        outcome: ``checked`` (a dry run), ``written``, or ``refused`` (nothing was written).
        rows: read.
        created, updated, skipped: by what became of them; in a dry run all zero.
        waiting: rows of which at least a part waits for the decision of somebody else.
        rejected: rows with at least one problem.
        problems: the first of them, with sentences in the person's language.
        forecast: how many good rows become what, by an English message id.
        there: good rows whose record is there already and that say nothing new of it.
        differing: good rows that would change, or have changed, a record that is there already.
        changes: the first of them, with what stands there and what the file says.
        unknown: values that are in no list yet, by field, with the number of rows.
    """

    outcome: str = CHECKED
    rows: int = 0
    created: int = 0
    updated: int = 0
    skipped: int = 0
    waiting: int = 0
    rejected: int = 0
    problems: list[dict[str, Any]] = dataclasses.field(default_factory=list[dict[str, Any]])
    forecast: dict[str, int] = dataclasses.field(default_factory=dict[str, int])
    there: int = 0
    differing: int = 0
    changes: list[dict[str, Any]] = dataclasses.field(default_factory=list[dict[str, Any]])
    unknown: dict[str, dict[str, int]] = dataclasses.field(
        default_factory=dict[str, dict[str, int]]
    )

    def expect(self, numbers: Mapping[str, int]) -> None:
        """Add what good rows will become."""
        for what, number in numbers.items():
            self.forecast[what] = self.forecast.get(what, 0) + number

    def compare(self, changes: Iterable[RowChange]) -> None:
        """Add what rows would change about records that are there already."""
        for change in changes:
            if not change.fields:
                self.there += 1
                continue
            self.differing += 1
            if len(self.changes) < MOST_SHOWN:
                self.changes.append(dataclasses.asdict(change))

    def miss(self, unknown: Mapping[str, Mapping[str, int]]) -> None:
        """Add values that are in no list yet."""
        for name, values in unknown.items():
            counts = self.unknown.setdefault(name, {})
            for value, number in values.items():
                counts[value] = counts.get(value, 0) + number

    def count(self, outcomes: Iterable[Outcome]) -> None:
        """Add what became of rows; rejected ones are counted with their problems."""
        for outcome in outcomes:
            self.created += outcome.action == CREATED
            self.updated += outcome.action == UPDATED
            self.skipped += outcome.action == SKIPPED
            self.waiting += outcome.action == WAITING

    def forget_writes(self) -> None:
        """Say that nothing was written, because the transaction was undone."""
        self.outcome = REFUSED
        self.created = self.updated = self.skipped = self.waiting = 0

    def as_dict(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return dataclasses.asdict(self)


class Rejects:
    """Writes the rows that were not taken, as they were, with line and reason at their end.

    The file is made with the first such row. It can be put right and read in again.

    Args:
        path: where it goes.
        header: columns of the original file.
        report: gets numbers and first problems.
        sentence: turns a message into the person's language.
        positions: position of the column for each mapped field.
        masks: what becomes of the cells of some columns, by position: their mask.
    """

    def __init__(
        self, path: Path, header: Sequence[str], report: Report, sentence: Sentence,
        positions: Mapping[str, int], masks: Mapping[int, Callable[[Any], str]] | None = None,
    ) -> None:
        self._masks = masks or {}
        self._path = path
        self._header = header
        self._report = report
        self._sentence = sentence
        self._columns = {name: header[position] for name, position in positions.items()}
        self._file: Any = None
        self._writer: Any = None

    def __enter__(self) -> Rejects:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, row: TableRow, problems: Sequence[Problem]) -> None:
        """Write a row with everything that is wrong with it."""
        reasons = [self._sentence(problem.message) for problem in problems]
        columns = [self._columns.get(problem.field, problem.column) for problem in problems]
        self._report.rejected += 1
        for problem, column, reason in zip(problems, columns, reasons, strict=True):
            if len(self._report.problems) < MOST_SHOWN:
                self._report.problems.append(
                    {"line": problem.line, "column": column, "value": problem.value,
                     "reason": reason, **self._way_on(problem.message)}
                )
        told = "; ".join(
            f"{column}: {reason}" if column else reason
            for column, reason in zip(columns, reasons, strict=True)
        )
        if self._writer is None:
            # The mark lets Excel see that it is UTF-8.
            self._file = self._path.open("w", encoding="utf-8-sig", newline="")
            self._writer = csv.writer(self._file)
            extra = [self._sentence(Message(LINE)), self._sentence(Message(REASON))]
            self._writer.writerow([harmless(cell) for cell in (*self._header, *extra)])
        cells = (
            self._masks[place](cell) if place in self._masks
            else as_written(cell) if isinstance(cell, str) else cell
            for place, cell in enumerate(row.cells)
        )
        self._writer.writerow([harmless(cell) for cell in (*cells, row.line, told)])

    def _way_on(self, message: Message) -> dict[str, str]:
        """Return the page that helps on, as the table of bad rows shows it; a file has no links."""
        if message.link is None:
            return {}
        return {"address": message.link.address,
                "link_text": self._sentence(Message(message.link.text))}

    def add_outcome(self, row: TableRow, outcome: Outcome) -> None:
        """Write a row that the importer itself rejected while writing."""
        self.add(row, [Problem(outcome.line, outcome.message or Message(_NOT_TAKEN))])
