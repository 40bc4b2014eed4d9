"""What waits for a person, as a statement that an index answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from app.access.actor import Actor
from app.database import AnySelect
from app.records.mixin import is_present


def own_open(model: type[Any], column: str = "owner_id") -> Callable[[Actor], AnySelect]:
    """Return what gives the open records of a kind that lie with a person.

    For ``Screen(waiting=...)``: the number beside the entry of the menu.

    Args:
        model: class of the record; one with a workflow.
        column: column with the user's id; it wants an index.
    """
    def waiting(actor: Actor) -> AnySelect:
        return select(model.id).where(
            getattr(model, column) == actor.user_id, model.is_open.is_(True), is_present(model))

    return waiting
