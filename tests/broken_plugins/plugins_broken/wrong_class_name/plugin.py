"""Its hooks."""

from __future__ import annotations

from plugins_broken.wrong_class_name.models import WellPart, WellThing

from app.sdk import hookimpl


@hookimpl
def register_models():
    """What it contributes."""
    return [WellThing, WellPart]
