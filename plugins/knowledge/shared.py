"""What several screens of the plugin have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.sdk.screens import Choice


def drawn(
    pairs: Sequence[tuple[str, str]], tones: Mapping[str, tuple[str, str]] | None = None
) -> list[Choice]:
    """Return values with their labels as choices of a screen.

    Args:
        pairs: value and label (message id).
        tones: tone and icon by value.
    """
    return [Choice(value, label, *(tones or {}).get(value, ())) for value, label in pairs]
