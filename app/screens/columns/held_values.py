"""What a row holds in a column, as a form or a file writes it."""

from __future__ import annotations

from typing import Any

from app.screens.columns.columns import Column
from app.screens.columns.custom_fields import value_of


def value_held(record: Any, name: str, column: Column | None) -> Any:
    """Return the present value: a key for a relation, a list of keys for one to many.

    Args:
        record: the row.
        name: name of the field.
        column: its column; ``None`` for a relation to many.
    """
    if column is not None and column.field is not None:
        return value_of(record, column.field)
    if column is not None and column.kind == "relation":
        return getattr(record, column.attribute.key)
    value = getattr(record, name, None)
    return [row.id for row in value] if isinstance(value, list) else value
