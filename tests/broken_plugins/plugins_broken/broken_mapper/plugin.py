"""Its hooks."""

from __future__ import annotations

from app.sdk import hookimpl
from plugins_broken.broken_mapper.models import BrokenThing


@hookimpl
def register_models():
    """What it contributes."""
    return [BrokenThing]
