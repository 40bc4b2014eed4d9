"""Its hooks."""

from __future__ import annotations

from app.sdk import hookimpl


@hookimpl
def register_models():
    """What it contributes."""
    return []
