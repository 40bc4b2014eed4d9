"""How a file is read: encoding, header and order of dates, detected or chosen. Pure."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from app.records.importing.dates import ORDERS, order_of
from app.records.importing.fields import Importer
from app.records.importing.files import ENCODINGS, UnreadableFile
from app.records.importing.headers import Line
from app.records.importing.mapping import suggest
from app.records.importing.tables import Table

# Rows whose dates are looked at to find their order.
SAMPLED_ROWS = 2000


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a person chose about reading a file; whatever is empty is detected.

    Attributes:
        encoding: of a CSV file, one of ``ENCODINGS``.
        header_line: line that names the columns, counted from 1.
        date_order: one of ``dates.ORDERS``.
    """

    encoding: str = ""
    header_line: int = 0
    date_order: str = ""

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Reading:
        """Return what a form, a job or a saved mapping says; what is unknown is left out."""
        line = str(values.get("header_line") or "")
        encoding, order = values.get("encoding") or "", values.get("date_order") or ""
        return cls(
            encoding=encoding if encoding in ENCODINGS else "",
            header_line=int(line) if line.isascii() and line.isdecimal() and len(line) < 8 else 0,
            date_order=order if order in ORDERS else "",
        )

    def chosen(self) -> dict[str, Any]:
        """Return what is not left to be detected, for JSON."""
        return {name: value for name, value in dataclasses.asdict(self).items() if value}

    def open(self, path: Path) -> Table:
        """Open a file so.

        Raises:
            UnreadableFile: it cannot be read, or not so.
        """
        return Table.open(path, encoding=self.encoding, header_line=self.header_line)


def best_headed(
    table: Table, top: list[Line], importer: Importer, translate: Callable[[str], str]
) -> Table:
    """Return the table with the line as header that names the most fields.

    Args:
        table: as its shape suggests.
        top: its first lines.
        importer: where the rows will go.
        translate: turns a field's label into the person's language.
    """
    found = len(suggest(importer, table.header, translate))
    for line, _cells in top:
        headed = table.headed(line, top)
        names = len(suggest(importer, headed.header, translate))
        if names > found:
            table, found = headed, names
    return table


def detected_order(table: Table, importer: Importer, mapping: Mapping[str, str]) -> str:
    """Return the order of the dates of a file, or an empty text where it is not clear.

    Args:
        table: the file.
        importer: where the rows go.
        mapping: column name by field name.
    """
    dates = {field.name for field in importer.fields if field.is_date}
    places = [table.header.index(column) for name, column in mapping.items()
              if name in dates and column in table.header]
    cells: list[Any] = []
    # A fault further down is met again by whoever reads the rows.
    with contextlib.suppress(UnreadableFile):
        for row in itertools.islice(table.rows(), SAMPLED_ROWS if places else 0):
            cells += [row.cells[place] for place in places]
    return order_of(cells)
