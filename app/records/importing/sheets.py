"""Reading XLSX files, guarded against files that unpack to something huge. Pure."""

# Not strict: the library that it uses comes without types.
# pyright: basic

from __future__ import annotations

import codecs
import datetime as dt
import re
import xml.parsers.expat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from app.i18n import N_
from app.records.importing.cell_faults import CellFault, faults_of
from app.records.importing.files import Limits, UnreadableFile

_CHUNK = 1024 * 1024
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})\Z")
_BEFORE_XML = codecs.BOM_UTF8 + b" \t\r\n"
_UNSOUND = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, xml.parsers.expat.ExpatError,
    NotImplementedError, RuntimeError, EOFError, OSError,
)
_BROKEN = N_("The workbook cannot be read. Open it in Excel and save it again as XLSX.")


def check_workbook(path: Path, limits: Limits) -> None:
    """Make sure that a workbook can be read without filling the memory.

    Everything is unpacked once, piece by piece, without keeping it. Counted is what comes out,
    not what the file says of itself.

    Args:
        path: the file.
        limits: how much it may hold.

    Raises:
        UnreadableFile: it is no workbook, or holds too much.
    """
    unpacked = 0
    try:
        with zipfile.ZipFile(path) as archive:
            if "xl/workbook.xml" not in archive.namelist():
                raise UnreadableFile(N_("This is a ZIP file, but not an Excel workbook."))
            for name in archive.namelist():
                with archive.open(name) as member:
                    # Any part may be declared to be a sheet, wherever it lies in the archive.
                    extent: _Extent | None = None
                    for chunk in _chunks(member):
                        if extent is None and chunk.lstrip(_BEFORE_XML).startswith(b"<"):
                            extent = _Extent(limits)
                        unpacked += len(chunk)
                        if unpacked > limits.sheet_bytes:
                            raise UnreadableFile(
                                N_("Unpacked, the workbook has more than %(most)s MB."),
                                most=limits.sheet_bytes // 1024 // 1024,
                            )
                        if extent is not None:
                            extent.add(chunk)
                    if extent is not None:
                        extent.add(b"", last=True)
    except _UNSOUND:
        raise UnreadableFile(_BROKEN) from None


def sheet_rows(path: Path) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Yield the rows of the first visible sheet, with their numbers in the sheet.

    Cells are texts, numbers, booleans, dates, an empty text, or a ``CellFault``.

    Raises:
        UnreadableFile: it cannot be read after all.
    """
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            sheet = _first_visible(workbook)
            faults, number = faults_of(path, sheet.name), 0
            # The reader begins at the first column that holds anything.
            first = sheet.start[1] if sheet.start else 0
            for number, row in enumerate(sheet.iter_rows(), start=1):
                cells = [_plain(cell) for cell in row]
                yield number, _with_faults(cells, faults.get(number), first)
            # Rows in which nothing has a value are none to the reader.
            for later in sorted(row for row in faults if row > number):
                yield later, _with_faults([], faults[later], first)
    except (CalamineError, *_UNSOUND, ValueError):
        raise UnreadableFile(_BROKEN) from None


def _with_faults(
    cells: list[Any], faults: dict[int, CellFault] | None, first: int
) -> tuple[Any, ...]:
    for column, fault in (faults or {}).items():
        place = column - first
        if place >= 0:
            cells.extend([""] * (place + 1 - len(cells)))
            cells[place] = fault
    return tuple(cells)


class _Extent:
    """The rectangle that the cells of a sheet span.

    The reader makes room for all of it: two cells at the corners of a sheet, a few bytes in the
    file, would take many gigabytes.
    """

    def __init__(self, limits: Limits) -> None:
        self._most = limits.sheet_cells
        self._cells = self._rows = self._columns = 0
        self._parser = xml.parsers.expat.ParserCreate()
        self._parser.StartElementHandler = self._element
        self._parser.StartDoctypeDeclHandler = self._doctype

    def add(self, part: bytes, *, last: bool = False) -> None:
        """Look at the next part of an XML file."""
        self._parser.Parse(part, last)

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        if name != "c" and not name.endswith(":c"):
            return
        self._cells += 1
        place = _REFERENCE.match(attributes.get("r", ""))
        if place is not None:
            column = 0
            for letter in place[1]:
                column = column * 26 + ord(letter) - 64
            self._columns = max(self._columns, column)
            self._rows = max(self._rows, int(place[2]))
        if max(self._cells, self._rows * self._columns) > self._most:
            raise UnreadableFile(
                N_("The sheet spans more than %(most)s cells. Save it as CSV."), most=self._most
            )

    def _doctype(self, *_declaration: object) -> None:
        # No spreadsheet program writes one; entities only serve to blow a file up.
        raise UnreadableFile(_BROKEN)


def _chunks(member: IO[bytes]) -> Iterator[bytes]:
    while chunk := member.read(_CHUNK):
        yield chunk


def _first_visible(workbook: CalamineWorkbook) -> CalamineSheet:
    for index, sheet in enumerate(workbook.sheets_metadata):
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet:
            return workbook.get_sheet_by_index(index)
    raise UnreadableFile(N_("The workbook has no visible sheet."))


def _plain(cell: Any) -> Any:
    # Durations mean nothing in our tables; a time of day is kept as its text.
    return str(cell) if isinstance(cell, dt.timedelta | dt.time) else cell
