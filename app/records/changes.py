"""What a change wrote, and what of it waits for the decision of somebody else. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.i18n import Message

Changes = dict[str, list[Any]]
"""``{field: [before, after]}``."""
CREATE = "create"
"""The act by which a record begins, in audit trail and events."""


class Written(Changes):
    """What a change wrote, where a part of it waits for a decision.

    Args:
        changes: ``{field: [before, after]}`` of what was written at once.
        waiting: says what waits, and leads to it.
    """

    def __init__(self, changes: Mapping[str, list[Any]], waiting: Message) -> None:
        super().__init__(changes)
        self.waiting = waiting


def waiting_of(changes: object) -> Message | None:
    """Return what of a change waits for a decision, or ``None`` where all of it was written.

    Args:
        changes: what ``Operations.change`` returned.
    """
    return changes.waiting if isinstance(changes, Written) else None
