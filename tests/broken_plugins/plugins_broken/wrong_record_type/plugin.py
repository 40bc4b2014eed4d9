"""Its hooks."""

from __future__ import annotations

from app.sdk import hookimpl


@hookimpl
def register_record_types():
    """What it contributes."""
    return ["wrong_record_type.thing"]
