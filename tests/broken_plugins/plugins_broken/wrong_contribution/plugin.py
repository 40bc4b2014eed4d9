"""Its hooks."""

from __future__ import annotations

from app.sdk import hookimpl


class Bare:
    """A view that no declaration is about."""


@hookimpl
def register_screens():
    """What it contributes."""
    return [Bare]
