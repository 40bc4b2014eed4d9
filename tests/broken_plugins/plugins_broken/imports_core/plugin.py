"""Its hooks."""

from __future__ import annotations

from plugins_broken.imports_core import services

from app.sdk import hookimpl

assert services


@hookimpl
def register_models():
    """What it contributes."""
    return []
