"""Its hooks."""

from __future__ import annotations

from plugins_broken.wrong_prefix.models import WrongThing

from app.sdk import hookimpl


@hookimpl
def register_models():
    """What it contributes."""
    return [WrongThing]
