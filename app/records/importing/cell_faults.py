"""Cells of a sheet that hold no value to read: errors, formulas never worked out. Pure."""

from __future__ import annotations

import dataclasses
import posixpath
import re
import xml.parsers.expat
import zipfile
from pathlib import Path
from typing import IO

from app.i18n import N_, Message
from app.records.importing.files import UnreadableFile

ERROR_VALUE = N_("The formula of this cell ends in the error %(error)s.")
NO_RESULT = N_("The file holds the formula of this cell but not its result. Open it in Excel and "
               "save it again.")
MOST_FAULTS = 100_000
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})\Z")
_CHUNK = 1024 * 1024
# The element of a formula, or the type of an error; in UTF-16 there is neither, so it is parsed.
_SUSPECT = re.compile(rb"""[<:]f[\s>/]|\bt\s*=\s*["']e["']|\x00""")
_LONGEST_MARK = 64


@dataclasses.dataclass(frozen=True, slots=True)
class CellFault:
    """What stands in the place of a cell that cannot be read.

    Attributes:
        text: what a person sees there: the error, or the formula.
        message: why it cannot be read.
    """

    text: str
    message: Message

    def __str__(self) -> str:
        return self.text


Faults = dict[int, dict[int, CellFault]]


def faults_of(path: Path, sheet: str) -> Faults:
    """Return the cells of a sheet that hold no value, by row and column, counted from 1 and 0.

    The reader of workbooks gives an empty text for them, which must not pass for "nothing there".

    Args:
        path: a workbook that was found sound.
        sheet: name of the sheet.

    Raises:
        UnreadableFile: there are more of them than anybody would put right by hand.
    """
    with zipfile.ZipFile(path) as archive:
        part = _part_of(archive, sheet)
        if part not in archive.namelist():
            return {}
        with archive.open(part) as member:
            if not _may_hold_faults(member):
                return {}
        reader = _Faults()
        with archive.open(part) as member:
            while chunk := member.read(_CHUNK):
                reader.parser.Parse(chunk)
        reader.parser.Parse(b"", True)
    return reader.found


def _may_hold_faults(member: IO[bytes]) -> bool:
    """Return whether a sheet holds any formula or error; most hold none and are not parsed here."""
    last = b""
    while chunk := member.read(_CHUNK):
        if _SUSPECT.search(last + chunk):
            return True
        last = chunk[-_LONGEST_MARK:]
    return False


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """Return which file of the archive holds a sheet; empty if none is named."""
    relation = next((
        value for element in _elements(archive, "xl/workbook.xml", "sheet")
        if element.get("name") == sheet
        for name, value in element.items() if name.rpartition(":")[2] == "id"
    ), "")
    for element in _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship"):
        if relation and element.get("Id") == relation:
            return posixpath.normpath(posixpath.join("/xl", element.get("Target", "")))[1:]
    return ""


def _elements(archive: zipfile.ZipFile, part: str, wanted: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == wanted:
            found.append(attributes)

    if part in archive.namelist():
        parser = xml.parsers.expat.ParserCreate()
        parser.StartElementHandler = start
        parser.Parse(archive.read(part), True)
    return found


class _Faults:
    """Goes through the XML of a sheet and collects the cells without a value."""

    def __init__(self) -> None:
        self.found: Faults = {}
        self.parser = xml.parsers.expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self._row = self._column = 0
        self._type = ""
        self._texts: dict[str, str] = {}
        self._inside = ""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = -1
        elif local == "c":
            self._column = _column(attributes.get("r", ""), self._column + 1)
            self._type = attributes.get("t", "")
            self._texts = {}
        elif local == "f" or (local == "v" and self._looked_at()):
            self._inside = local
            self._texts[local] = ""
            self.parser.CharacterDataHandler = self._text

    def _looked_at(self) -> bool:
        # Of all other values nothing needs to be known: most cells cost no call for their text.
        return self._type == "e" or "f" in self._texts

    def _text(self, text: str) -> None:
        self._texts[self._inside] += text

    def _end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local in ("f", "v"):
            self.parser.CharacterDataHandler = None
        elif local == "c" and (self._type == "e" or "f" in self._texts):
            self._judge()

    def _judge(self) -> None:
        value = self._texts.get("v", "")
        if self._type == "e":
            error = value or "#N/A"
            self._add(CellFault(error, Message(ERROR_VALUE, {"error": error})))
        elif not value and self._type != "str":
            # An empty text is the result of many a formula; it says that it is a text.
            self._add(CellFault("=" + self._texts["f"], Message(NO_RESULT)))

    def _add(self, fault: CellFault) -> None:
        self.found.setdefault(self._row, {})[self._column] = fault
        if len(self.found) > MOST_FAULTS:
            raise UnreadableFile(
                N_("More than %(most)s rows hold formulas without a result. Open the file in "
                   "Excel and save it again."), most=MOST_FAULTS,
            )


def _column(reference: str, following: int) -> int:
    place = _REFERENCE.match(reference)
    if place is None:
        return following
    column = 0
    for letter in place[1]:
        column = column * 26 + ord(letter) - 64
    return column - 1
