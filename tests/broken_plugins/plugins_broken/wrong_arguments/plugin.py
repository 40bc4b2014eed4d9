"""Its hooks."""

from __future__ import annotations

from app.sdk import hookimpl


@hookimpl
def check_transition(ticket):
    """Never called."""
