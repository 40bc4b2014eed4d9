"""What a column holds at most, and what it holds where nobody says anything."""

from __future__ import annotations

from typing import Any

from app.forms.definition import LONGEST_LONG_TEXT
from app.screens.columns.columns import Column

LARGEST_INTEGER = 2**31 - 1
"""Of an INTEGER column."""
LONGEST_TEXT = LONGEST_LONG_TEXT
"""Of a text whose column names no length; characters."""
_DECIMAL_LIMIT = 10**15


def largest_number(column: Column) -> int:
    """Return what a number of the column must stay below, by the digits that it holds."""
    kind = column.attribute.property.columns[0].type
    digits, places = getattr(kind, "precision", None), getattr(kind, "scale", None)
    return 10 ** (digits - (places or 0)) if digits else _DECIMAL_LIMIT


def default_of(column: Column | None) -> Any:
    """Return what a new row holds in a column of the table where nothing is said.

    Args:
        column: the column; one that is none, or a custom field, has no default.
    """
    if column is None or column.custom is not None:
        return None
    columns: Any = getattr(getattr(column.attribute, "property", None), "columns", None)
    default = columns[0].default if columns else None
    return default.arg if default is not None and default.is_scalar else None
