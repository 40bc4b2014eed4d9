"""What rules of callbacks start from: what the product knows, and what plugins offer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

from app.sdk.events import occasions
from app.sdk.screens import Choice
from plugins.callbacks.choices import TRIGGERS

# As long as the column that holds it.
_LONGEST = 40


def triggers() -> list[tuple[str, str]]:
    """Return all triggers as pairs of value and label; plugins' go by the name of the event."""
    offered = [(one.name, one.title) for one in occasions() if len(one.name) <= _LONGEST]
    return [*TRIGGERS, *offered]


class TriggerChoices(Sequence[Choice]):
    """The triggers as choices of a screen; which plugins are in force is asked each time."""

    @overload
    def __getitem__(self, place: int) -> Choice: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Choice]: ...

    def __getitem__(self, place: int | slice) -> Choice | Sequence[Choice]:
        return [Choice(value, label) for value, label in triggers()][place]

    def __len__(self) -> int:
        return len(triggers())
