"""Its hooks."""

from __future__ import annotations


def register_models():
    """What it would contribute."""
    return []
