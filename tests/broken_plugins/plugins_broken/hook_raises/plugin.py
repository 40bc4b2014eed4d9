"""Its hooks."""

from __future__ import annotations

from app.sdk import hookimpl


@hookimpl
def register_screens():
    """What it contributes."""
    raise ValueError("on purpose")
