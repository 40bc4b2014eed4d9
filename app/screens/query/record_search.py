"""Records of every kind that the caller may see, by a few letters or a number said in short."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from app.database import db, utcnow
from app.records.numbers import meant_number
from app.records.search.index import kinds_found
from app.screens.registry import registry
from app.web.formats import zone

if TYPE_CHECKING:
    from app.screens.screen import Screen

MAXIMUM_LENGTH = 100
"""Most characters of what is searched for."""


def readable_screens() -> list[tuple[type[Any], Screen]]:
    """Return the kinds of record that the caller may list, each with its screen."""
    return [(model, screen) for model, screen in registry().allowed("can_list")
            if hasattr(model, "__record_type__")]


def cleaned(text: str) -> str:
    """Return what somebody has typed, as it is searched for."""
    return text.replace("\x00", "").strip()[:MAXIMUM_LENGTH]


def records_found(text: str, each: int) -> Iterator[tuple[Screen, list[Any]]]:
    """Yield the best records of each kind in which a text is found: key, number, title, state.

    Args:
        text: what is searched for, see ``cleaned``.
        each: most records of a kind.
    """
    readable = readable_screens() if text else []
    kinds = kinds_found(db.session, [model for model, _screen in readable], text)
    for model, screen in readable:
        if model in kinds:
            yield screen, screen.datamodel.search(text, each)


def records_numbered(text: str) -> Iterator[tuple[Screen, Any]]:
    """Yield the records whose number a text is, in full or in short; only then it costs anything.

    Args:
        text: what was typed, see ``cleaned``.
    """
    year = utcnow().astimezone(zone()).year
    for model, screen in readable_screens() if text else ():
        number = meant_number(model.__number_prefix__, text, year)
        for hit in screen.datamodel.find(model.number == number, 1) if number else ():
            yield screen, hit
