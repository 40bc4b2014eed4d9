"""What has been registered with the screens of an application, looked up by every page."""

from __future__ import annotations

import dataclasses
from typing import Any

from flask import current_app

from app.host.contributions import Card, Panel

KEY = "careline.screens"


@dataclasses.dataclass(slots=True)
class Registry:
    """Cards, panels, and the view of each model.

    Attributes:
        cards: what the home page may show.
        panels: tabs that plugins put on the record pages of others.
        views: the view that shows rows of a model, by model.
    """

    cards: list[Card] = dataclasses.field(default_factory=list)
    panels: list[Panel] = dataclasses.field(default_factory=list)
    views: dict[type[Any], Any] = dataclasses.field(default_factory=dict)

    def view_of(self, model: type[Any]) -> Any | None:
        """Return the view that shows rows of ``model``, or ``None``."""
        return self.views.get(model)


def registry() -> Registry:
    """Return the registry of the running application."""
    return current_app.extensions.setdefault(KEY, Registry())
