"""The choices that a model names for its own columns."""

from __future__ import annotations

from typing import Any

from app.screens.contracts import Choice


def model_choices(model: type[Any], column: str) -> list[Choice]:
    """Return the values that a model names for a column, in order; none for other columns.

    Args:
        model: mapped class.
        column: name of the column.
    """
    mapped = model.__mapper__.columns.get(column)
    listed = mapped.info.get("choices", ()) if mapped is not None else ()
    return [item if isinstance(item, Choice) else Choice(*item) for item in listed]
