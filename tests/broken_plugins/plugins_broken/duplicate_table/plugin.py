"""Its hooks."""

from __future__ import annotations

from app.sdk import hookimpl
from plugins_broken.duplicate_table.models import DuplicateThing


@hookimpl
def register_models():
    """What it contributes."""
    return [DuplicateThing]
