"""Its hooks."""

from __future__ import annotations

from plugins_broken.broken_mapper.models import BrokenThing

from app.sdk import hookimpl


@hookimpl
def register_models():
    """What it contributes."""
    return [BrokenThing]
