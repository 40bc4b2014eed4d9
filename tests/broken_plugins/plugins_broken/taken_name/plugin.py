"""Its hooks."""

from __future__ import annotations

from plugins_broken.taken_name.models import WellPart, WellThing

from app.sdk import hookimpl


@hookimpl
def register_models():
    """What it contributes."""
    return [WellThing, WellPart]
