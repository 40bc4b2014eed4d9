"""Columns by which SQLite is not to find rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.visitors import InternalTraversal


class Unindexed(ColumnElement[Any]):
    """A column that SQLite compares row by row, without its index (a "+" in front of it).

    Without statistics SQLite answers "mine or my team's or …" from the indexes of all these
    columns and sorts what it found, a hundred thousand rows of a large team, to show the first
    fifty. PostgreSQL weighs that by itself; there this is the column as it is.
    See https://www.sqlite.org/optoverview.html, "Disqualifying WHERE clause terms".

    Args:
        column: the column.
    """

    inherit_cache = True
    _traverse_internals = [("column", InternalTraversal.dp_clauseelement)]

    def __init__(self, column: ColumnElement[Any]) -> None:
        self.column = column
        self.type = column.type

    @property
    def _from_objects(self) -> Any:
        return self.column._from_objects


@compiles(Unindexed)
def _plain(element: Unindexed, compiler: Any, **options: Any) -> str:
    return compiler.process(element.column, **options)


@compiles(Unindexed, "sqlite")
def _disqualified(element: Unindexed, compiler: Any, **options: Any) -> str:
    return f"+{compiler.process(element.column, **options)}"
