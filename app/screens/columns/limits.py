"""What a column holds at most."""

from __future__ import annotations

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
