"""Marks for texts that are translated later. No imports: every floor may use it."""

from __future__ import annotations


def N_(message: str) -> str:
    """Mark ``message`` for extraction and return it unchanged.

    Pure modules carry English message ids; the screens translate them with gettext.
    """
    return message
