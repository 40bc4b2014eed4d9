"""Its hooks."""

from __future__ import annotations

from app.sdk import hookimpl

from ..well import models

assert models


@hookimpl
def register_models():
    """What it contributes."""
    return []
