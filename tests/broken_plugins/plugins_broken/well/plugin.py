"""Its hooks."""

from __future__ import annotations

from app.sdk import hookimpl
from plugins_broken.well.models import WellThing


@hookimpl
def register_models():
    """What it contributes."""
    return [WellThing]
