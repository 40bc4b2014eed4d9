"""What has been registered with the screens of an application: cards and record views."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from app.access.actor import Actor

_KEY = "careline.screens"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CardRow:
    """One line of a card: text that leads to a record, with a remark and chips beside it."""

    title: Any
    url: str
    remark: Any = ""
    chips: tuple[Any, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CardFigure:
    """A number that opens the records behind it."""

    label: Any
    value: Any
    url: str = ""
    tone: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CardContent:
    """What a card shows: figures, lines, a chart or nothing but a hint."""

    figures: tuple[CardFigure, ...] = ()
    rows: tuple[CardRow, ...] = ()
    chart_url: str = ""
    empty: Any = ""
    more_url: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card of the home page.

    Attributes:
        name: stable identifier.
        title: text shown; may be lazy.
        content: ``content(session, actor)`` gives what it shows, or ``None`` to leave it out.
        permission: pair of permission and view needed to see it; ``None`` shows it to all.
        icon: name of an icon.
        width: columns taken of twelve on a wide screen.
        order: place on the page, small first.
    """

    name: str
    title: Any
    content: Callable[[Session, Actor], CardContent | None]
    permission: tuple[str, str] | None = None
    icon: str = "layout-dashboard"
    width: int = 6
    order: int = 1000


@dataclasses.dataclass(slots=True)
class Registry:
    """Cards of the home page, and the view of each record type.

    Attributes:
        cards: what the home page may show.
        views: the view that shows records of a model, by model.
    """

    cards: list[Card] = dataclasses.field(default_factory=list)
    views: dict[type[Any], Any] = dataclasses.field(default_factory=dict)

    def view_of(self, model: type[Any]) -> Any | None:
        """Return the view that shows records of ``model``, or ``None``."""
        return self.views.get(model)


def registry() -> Registry:
    """Return the registry of the running application."""
    return current_app.extensions.setdefault(_KEY, Registry())
