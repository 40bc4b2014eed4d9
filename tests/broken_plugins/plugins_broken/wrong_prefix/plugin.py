"""Its hooks."""

from __future__ import annotations

from app.sdk import hookimpl
from plugins_broken.wrong_prefix.models import WrongThing


@hookimpl
def register_models():
    """What it contributes."""
    return [WrongThing]
