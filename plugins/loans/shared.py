"""What several kinds of record of the plugin have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from app.sdk.models import Record
from app.sdk.screens import Choice


class Shared(Record):
    """A record that everyone with the permission sees, whatever the department."""

    __scope_people__: ClassVar[tuple[str, ...]] = ()
    __scope_teams__: ClassVar[tuple[str, ...]] = ()
    __scope_departments__: ClassVar[tuple[str, ...]] = ()


def drawn(
    pairs: Sequence[tuple[str, str]], tones: Mapping[str, tuple[str, str]] | None = None
) -> list[Choice]:
    """Return values with their labels as choices of a screen.

    Args:
        pairs: value and label (message id).
        tones: tone and icon by value.
    """
    return [Choice(value, label, *(tones or {}).get(value, ())) for value, label in pairs]
