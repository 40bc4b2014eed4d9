"""What has been registered with the screens of an application, looked up by every page."""

from __future__ import annotations

import dataclasses
from typing import Any

from flask import current_app

from app.host.contributions import Card, Panel
from app.host.host import EXTENSION

KEY = "careline.screens"


@dataclasses.dataclass(slots=True)
class Registry:
    """Cards, and the view of each model.

    Attributes:
        cards: what the home page may show.
        views: the view that shows rows of a model, by model.
    """

    cards: list[Card] = dataclasses.field(default_factory=list)
    views: dict[type[Any], Any] = dataclasses.field(default_factory=dict)

    def view_of(self, model: type[Any]) -> Any | None:
        """Return the view that shows rows of ``model``, or ``None``."""
        return self.views.get(model)


def panels_for(model: type[Any]) -> list[Panel]:
    """Return the tabs that plugins put on record pages of ``model``, in order."""
    host = current_app.extensions.get(EXTENSION)
    found = [] if host is None else host.contributions("register_panels")
    kind = getattr(model, "__record_type__", "")
    return sorted((panel for panel in found if panel.record_type == kind), key=_order)


def _order(panel: Panel) -> tuple[int, str]:
    return panel.order, panel.title


def registry() -> Registry:
    """Return the registry of the running application."""
    return current_app.extensions.setdefault(KEY, Registry())
