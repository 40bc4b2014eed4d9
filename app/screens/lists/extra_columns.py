"""Columns of a list that are no columns of its table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from app.screens.columns.columns import Column
from app.screens.screen import Part


class ExtraColumns(Part):
    """Columns that an author fills: what stands in another table, or is worked out."""

    labels: ClassVar[Mapping[str, Any]] = {}
    """Lazy labels by name; a list names such a column among its others."""

    def cells(self, rows: Sequence[Any]) -> Mapping[str, Mapping[int, Any]]:
        """Return ``{column: {key: shown value}}`` for the rows of one page, in one statement.

        Args:
            rows: tuples whose first item is the primary key.
        """
        return {}

    def exported(self, name: str) -> Column | None:
        """Return what a file holds for such a column, or ``None`` to leave it out.

        Args:
            name: name of the column.
        """
        return None
