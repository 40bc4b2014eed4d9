"""A file as a table: a header and rows with their line numbers, read as often as needed. Pure."""

from __future__ import annotations

import csv
import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from app.i18n import N_, Message
from app.records.importing.files import (
    CSV,
    ENCODINGS,
    Limits,
    UnreadableFile,
    delimiter_of,
    encoding_of,
    kind_of,
)
from app.records.importing.headers import Line, header_line_of, top_of
from app.records.importing.sheets import check_workbook, sheet_rows

LONG_CELL_OF_ROW = N_("A cell has more than %(most)s characters, or a quotation mark is missing.")
TOO_SHORT = N_("The row has %(cells)s cells; the header has %(columns)s.")
TOO_LONG = N_("The row has %(cells)s cells; the header has only %(columns)s.")
_QUOTES = N_("Line %(line)s cannot be read: a quotation mark is missing or in a wrong place.")
# Of a cell; more is taken for the rest of the file behind a missing quotation mark.
_MOST_READ = 8 * 1024 * 1024
LONGEST_CELL = 131_072
_LONG_CELL = N_("Line %(line)s cannot be read: a cell has more than %(most)s characters, or a "
                "quotation mark is missing.")


@dataclasses.dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a table.

    Attributes:
        line: line in the file, or row in the sheet, where it begins; counted from 1.
        cells: as many as the header has; texts, and in XLSX numbers, booleans, dates and
            faults too.
        problem: why the row as a whole is bad, if it is.
    """

    line: int
    cells: tuple[Any, ...]
    problem: Message | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Table:
    """A file that was found readable.

    Attributes:
        path: the file.
        kind: ``csv`` or ``xlsx``.
        encoding: of a CSV file.
        delimiter: of a CSV file.
        header: names of the columns; unnamed and repeated ones are told apart by number.
        limits: how much it may hold.
        header_line: line that names the columns.
    """

    path: Path
    kind: str
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    limits: Limits
    header_line: int = 0

    @classmethod
    def open(
        cls, path: Path, limits: Limits | None = None, encoding: str = "", header_line: int = 0
    ) -> Table:
        """Judge a file by its content and read its header.

        Args:
            path: the file.
            limits: how much it may hold.
            encoding: of a CSV file, where the person knows better than the detection.
            header_line: line that names the columns, where the person knows better.

        Raises:
            UnreadableFile: it is no table that we can read.
        """
        limits = limits or Limits()
        kind = kind_of(path)
        delimiter = ""
        if kind == CSV:
            if encoding and encoding not in ENCODINGS:
                raise UnreadableFile(N_("The encoding %(name)s is not known."), name=encoding)
            encoding = encoding or encoding_of(path)
            try:
                delimiter = delimiter_of(path, encoding)
            except UnicodeError:
                raise _undecodable(encoding) from None
        else:
            check_workbook(path, limits)
            encoding = ""
        table = cls(path, kind, encoding, delimiter, (), limits)
        top = table.top()
        if not top:
            raise UnreadableFile(N_("The file holds no rows."))
        return table.headed(header_line or header_line_of(top), top)

    def top(self) -> list[Line]:
        """Return the first lines that hold anything, with their numbers and cells.

        A fault below the first one is met again by whoever reads the rows.

        Raises:
            UnreadableFile: not even the first line can be read.
        """
        found: list[Line] = []
        try:
            for record in top_of(self._records()):
                found.append(record)
        except UnreadableFile:
            if not found:
                raise
        return found

    def headed(self, line: int, top: list[Line]) -> Table:
        """Return the table whose columns a line names.

        Args:
            line: its number.
            top: the first lines.

        Raises:
            UnreadableFile: it is none of them.
        """
        for number, cells in top:
            if number == line:
                return dataclasses.replace(self, header=_named(cells), header_line=line)
        raise UnreadableFile(N_("Line %(line)s does not name the columns."), line=line)

    def rows(self) -> Iterator[TableRow]:
        """Yield every row below the header; empty ones are left out.

        Raises:
            UnreadableFile: the rest cannot be read or is too much.
        """
        width = len(self.header)
        records = (one for one in self._records() if one[0] > self.header_line)
        for count, (line, cells) in enumerate(records, start=1):
            if count > self.limits.rows:
                raise UnreadableFile(
                    N_("The table has more than %(most)s rows."), most=self.limits.rows
                )
            if self.kind == CSV and max(map(len, cells)) > LONGEST_CELL:
                yield dataclasses.replace(
                    _uneven(line, cells, width),
                    problem=Message(LONG_CELL_OF_ROW, {"most": LONGEST_CELL}),
                )
            elif len(cells) == width:
                yield TableRow(line, cells)
            else:
                yield _uneven(line, cells, width)

    def count(self) -> int:
        """Return the number of rows below the header."""
        return sum(1 for _row in self.rows())

    def _records(self) -> Iterator[tuple[int, tuple[Any, ...]]]:
        for line, cells in self._csv_records() if self.kind == CSV else sheet_rows(self.path):
            if len(cells) > self.limits.columns:
                raise UnreadableFile(
                    N_("The table has more than %(most)s columns."), most=self.limits.columns
                )
            if any(cell.strip() if isinstance(cell, str) else True for cell in cells):
                yield line, cells

    def _csv_records(self) -> Iterator[tuple[int, tuple[Any, ...]]]:
        # Of the whole process, and higher than a cell may be: one too long costs its row only.
        csv.field_size_limit(_MOST_READ)
        with self.path.open(encoding=self.encoding, errors="strict", newline="") as file:
            reader = csv.reader(_text_lines(file), delimiter=self.delimiter, strict=True)
            line = 1
            try:
                for cells in reader:
                    yield line, tuple(cells)
                    line = reader.line_num + 1
            except csv.Error as error:
                if "limit" in str(error):
                    raise UnreadableFile(
                        _LONG_CELL, line=line, most=_MOST_READ) from None
                raise UnreadableFile(_QUOTES, line=line) from None
            except UnicodeError:
                raise _undecodable(self.encoding) from None


def _text_lines(file: TextIO) -> Iterator[str]:
    for number, line in enumerate(file, start=1):
        if "\x00" in line:
            raise UnreadableFile(
                N_("Line %(line)s holds zero bytes: the file is damaged or not a text."),
                line=number,
            )
        yield line


def _undecodable(encoding: str) -> UnreadableFile:
    return UnreadableFile(
        N_("The file holds characters that are not %(encoding)s."), encoding=encoding.upper()
    )


def _named(cells: tuple[Any, ...]) -> tuple[str, ...]:
    """Return names for all columns of a header, each one once."""
    texts = [str(cell).strip() for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    names: list[str] = []
    for number, text in enumerate(texts, start=1):
        wanted = name = text or f"#{number}"
        again = 1
        while name in names:
            again += 1
            name = f"{wanted} ({again})"
        names.append(name)
    return tuple(names)


def _uneven(line: int, cells: tuple[Any, ...], width: int) -> TableRow:
    """Return a row that is not as wide as the header; blanks at its end do not matter."""
    filled = len(cells)
    while filled > width and cells[filled - 1] == "":
        filled -= 1
    even = (*cells[:width], *[""] * (width - len(cells)))
    if filled == width:
        return TableRow(line, even)
    said = {"cells": filled, "columns": width}
    return TableRow(line, even, Message(TOO_LONG if filled > width else TOO_SHORT, said))
