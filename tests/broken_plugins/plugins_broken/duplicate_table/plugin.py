"""Its hooks."""

from __future__ import annotations

from plugins_broken.duplicate_table.models import DuplicateThing

from app.sdk import hookimpl


@hookimpl
def register_models():
    """What it contributes."""
    return [DuplicateThing]
