"""Checking rows by the rules of their fields, and for twins within the file. Pure."""

from __future__ import annotations

import array
import zoneinfo
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from app.forms.cleaning import InvalidValue
from app.i18n import N_, Message
from app.records.importing.fields import ADD, Addition, Importer, ImportRow, Problem
from app.records.importing.tables import TableRow

TWIN = N_("Line %(line)s has the same %(fields)s already.")
SAME_ROW = N_("Line %(line)s says the same already.")


class Checker:
    """Checks the rows of one file, in their order.

    Args:
        importer: where the rows go.
        header: columns of the file.
        positions: position of the column for each mapped field.
        zone: time zone of times that name none.
        constants: what every row holds besides its columns.
        decisions: what a value of a list is taken for, by field and value; ``None`` leaves it out.
        date_order: order of day, month and year; see ``app.records.importing.dates``.
    """

    def __init__(
        self,
        importer: Importer,
        header: tuple[str, ...],
        positions: Mapping[str, int],
        zone: zoneinfo.ZoneInfo,
        constants: Mapping[str, Any] = MappingProxyType({}),
        decisions: Mapping[str, Mapping[str, str | None]] = MappingProxyType({}),
        date_order: str = "",
    ) -> None:
        self._importer = importer
        self._header = header
        self._fields = [
            (field, positions[field.name]) for field in importer.fields if field.name in positions
        ]
        self._zone = zone
        self._constants = constants
        self._decisions = decisions
        self._date_order = date_order
        self._lines = _FirstLines()

    def check(self, row: TableRow) -> tuple[ImportRow | None, list[Problem]]:
        """Return the row with its values, or why it cannot be taken."""
        if row.problem is not None:
            return None, [Problem(row.line, row.problem)]
        values = dict(self._constants)
        problems: list[Problem] = []
        for field, position in self._fields:
            cell = row.cells[position]
            try:
                values[field.name] = field.read(cell, self._zone, self._date_order)
            except InvalidValue as refused:
                shown = field.shown(cell)
                problems.append(Problem(row.line, refused.message, self._header[position], shown))
        if problems:
            return None, problems
        for name, taken_for in self._decisions.items():
            if values.get(name) in taken_for:
                decided = taken_for[values[name]]
                values[name] = Addition(values[name]) if decided == ADD else decided
        if self._importer.complete is not None:
            values = dict(self._importer.complete(values))
        twin = self._twin(row.line, values)
        return (None, [twin]) if twin is not None else (ImportRow(row.line, values), [])

    def _twin(self, line: int, values: Mapping[str, Any]) -> Problem | None:
        key = tuple(values[name] for name in self._importer.key)
        first = self._lines.first(key, line)
        if first == line:
            return None
        columns = [
            self._header[position]
            for field, position in self._fields
            if field.name in self._importer.key
        ]
        if not columns:
            return Problem(line, Message(SAME_ROW, {"line": first}))
        fields = ", ".join(columns)
        message = Message(TWIN, {"line": first, "fields": fields})
        by_name = {field.name: field for field in self._importer.fields}
        shown = [by_name[name].shown(part) for name, part in
                 zip(self._importer.key, key, strict=True)]
        return Problem(line, message, fields, ", ".join(shown))


class _FirstLines:
    """The line in which each key came first.

    Keys are held by their hashes of 64 bits, in arrays: for 100,000 rows 2 MB, where a dictionary
    of the keys takes 29. That two keys of a million have the same hash happens once in
    40 million files.
    """

    _BUCKETS = 4096

    def __init__(self) -> None:
        self._hashes = [array.array("q") for _ in range(self._BUCKETS)]
        self._lines = [array.array("q") for _ in range(self._BUCKETS)]

    def first(self, key: tuple[Any, ...], line: int) -> int:
        """Return the line in which a key came first; this one if it is new.

        Args:
            key: values of a row.
            line: its line.
        """
        # Numbers that differ by sign may have the same hash; their texts do not.
        found = hash((key, *(str(part) for part in key if isinstance(part, int))))
        place = found % self._BUCKETS
        hashes, lines = self._hashes[place], self._lines[place]
        if found in hashes:
            return lines[hashes.index(found)]
        hashes.append(found)
        lines.append(line)
        return line
