"""What a file is, judged by its content: kind, encoding, delimiter. Pure."""

from __future__ import annotations

import codecs
import collections
import csv
import dataclasses
import io
import re
from pathlib import Path
from typing import Any, BinaryIO

from app.errors import Rejected
from app.i18n import N_, Message

CSV, XLSX = "csv", "xlsx"
DELIMITERS = (",", ";", "\t", "|")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "gb18030")
"""Encodings that text files may have."""
_CHUNK = 1024 * 1024
_SAMPLE_CHARACTERS = 64 * 1024
_SAMPLE_RECORDS = 20
# A line whose Chinese characters and marks, four or more, are all UTF-8. The same bytes as GB18030
# would be six or more characters of the rarest kind in a row.
_LINE_OF_UTF8 = re.compile(
    rb"(?:[\x00-\x7f]*(?:\xe2[\x80-\x9f]|[\xe3-\xe9\xef][\x80-\xbf])[\x80-\xbf]){4,}[\x00-\x7f]*"
)
_KNOWN_STARTS = (
    (b"%PDF", N_("This is a PDF file. Choose a CSV or XLSX file.")),
    (b"\x89PNG", N_("This is a picture. Choose a CSV or XLSX file.")),
    (b"\xff\xd8\xff", N_("This is a picture. Choose a CSV or XLSX file.")),
    (b"\xd0\xcf\x11\xe0", N_("This is an old or a protected Excel file. Save it as XLSX without "
                             "a password.")),
    (b"{\\rtf", N_("This is a text document. Choose a CSV or XLSX file.")),
    (b"\x1f\x8b", N_("This is a compressed file. Unpack it first.")),
)


class UnreadableFile(Rejected):
    """A file cannot be read as a table.

    Args:
        msgid: why, as a message id.
        params: values of its placeholders.
    """

    def __init__(self, msgid: str, **params: Any) -> None:
        super().__init__(Message(msgid, params))


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a file may hold.

    Attributes:
        rows: most rows below the header.
        columns: most columns.
        sheet_cells: most cells of the rectangle that an XLSX sheet spans, filled or not.
        sheet_bytes: most bytes of an XLSX file when unpacked.
    """

    rows: int = 1_000_000
    columns: int = 300
    sheet_cells: int = 5_000_000
    sheet_bytes: int = 256 * 1024 * 1024


def kind_of(path: Path) -> str:
    """Return ``csv`` or ``xlsx``, whatever the file is called.

    Raises:
        UnreadableFile: it is empty or something else.
    """
    with path.open("rb") as file:
        start = file.read(8192)
    if not start:
        raise UnreadableFile(N_("The file is empty."))
    if start.startswith(b"PK\x03\x04"):
        return XLSX
    for known, sentence in _KNOWN_STARTS:
        if start.startswith(known):
            raise UnreadableFile(sentence)
    if b"\x00" in start and not start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnreadableFile(N_("This is not a text file. Choose a CSV or XLSX file."))
    return CSV


def encoding_of(path: Path) -> str:
    """Return the encoding of a text file: UTF-8, with or without mark, UTF-16 with mark, GB18030.

    The whole file is read: a single byte far down decides between UTF-8 and GB18030.

    Raises:
        UnreadableFile: it is none of them, or both: files of two systems put together.
    """
    with path.open("rb") as file:
        start = file.read(4)
        if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
            raise UnreadableFile(N_("The file is UTF-32. Save it as UTF-8."))
        if start.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        file.seek(0)
        possible = {
            name: codecs.getincrementaldecoder(name)("strict") for name in ("utf-8", "gb18030")
        }
        while possible:
            chunk = file.read(_CHUNK)
            for name, decoder in list(possible.items()):
                try:
                    decoder.decode(chunk, final=not chunk)
                except UnicodeDecodeError:
                    del possible[name]
            if not chunk:
                break
        if list(possible) == ["gb18030"]:
            file.seek(0)
            _refuse_mixture(file)
    for name in possible:
        return name
    raise UnreadableFile(N_("The characters are neither UTF-8 nor GB18030. Save it as UTF-8."))


def _refuse_mixture(file: BinaryIO) -> None:
    """Refuse lines of UTF-8 in GB18030: every sequence of their bytes is a character there too."""
    line = 1
    # In pieces: a file without a single line break must not fill the memory.
    while piece := file.readline(_CHUNK):
        if _LINE_OF_UTF8.fullmatch(piece):
            raise UnreadableFile(
                N_("Line %(line)s is UTF-8, other lines are GB18030. "
                   "Save the whole file as UTF-8."),
                line=line,
            )
        line += piece.endswith(b"\n")


def delimiter_of(path: Path, encoding: str) -> str:
    """Return what separates the cells: the sign that gives the first lines the same width.

    A file with a single column has a comma.
    """
    with path.open(encoding=encoding, errors="strict", newline="") as file:
        sample = file.read(_SAMPLE_CHARACTERS)
    if len(sample) == _SAMPLE_CHARACTERS:
        # The last line of the sample is cut off.
        sample = sample[: sample.rfind("\n") + 1] or sample
    return max(DELIMITERS, key=lambda sign: (_evenness(sample, sign), -DELIMITERS.index(sign)))


def _evenness(sample: str, delimiter: str) -> tuple[float, int]:
    """Return the share of records that have the usual width, and that width."""
    widths: collections.Counter[int] = collections.Counter()
    try:
        for record in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            if record:
                widths[len(record)] += 1
            if widths.total() >= _SAMPLE_RECORDS:
                break
    except csv.Error:
        return (0.0, 0)
    usual, times = widths.most_common(1)[0] if widths else (1, 0)
    return (times / widths.total(), usual) if usual > 1 else (0.0, 0)
