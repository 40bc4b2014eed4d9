"""Lines in an order that a person changes, a place at a time."""

from __future__ import annotations

from typing import Any

from flask import abort


def stepped(items: list[Any], move: str) -> list[Any]:
    """Return a list in which one item has gone a place up or down.

    Args:
        items: the list; its items are read as texts.
        move: ``up`` or ``down`` and the item, with a space between.

    Raises:
        BadRequest: there is no such way or item.
    """
    way, _, text = move.partition(" ")
    place = next((place for place, item in enumerate(items) if str(item) == text), None)
    if place is None or way not in ("up", "down"):
        abort(400)
    rest = [*items[:place], *items[place + 1:]]
    rest.insert(max(0, place + (1 if way == "down" else -1)), items[place])
    return rest
