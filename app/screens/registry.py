"""What has been registered with the screens of an application, looked up by every page."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from flask import current_app

from app.host.contributions import Card, Panel
from app.host.host import EXTENSION

if TYPE_CHECKING:
    from app.screens.screen import Screen

KEY = "careline.screens"


@dataclasses.dataclass(slots=True)
class Registry:
    """Cards and screens.

    Attributes:
        cards: what the home page may show.
        screens: the screens in the order in which they were registered; a model may have several.
    """

    cards: list[Card] = dataclasses.field(default_factory=list)
    screens: list[Screen] = dataclasses.field(default_factory=list)
    _by_model: dict[type[Any] | None, list[Screen]] = dataclasses.field(
        default_factory=dict, init=False)
    _indexed: int = dataclasses.field(default=0, init=False)

    def screens_of(self, model: type[Any] | None) -> list[Screen]:
        """Return the screens that show rows of ``model``, the main one first."""
        if self._indexed != len(self.screens):
            found: dict[type[Any] | None, list[Screen]] = {}
            for screen in self.screens:
                found.setdefault(screen.model, []).append(screen)
            self._by_model, self._indexed = found, len(self.screens)
        return list(self._by_model.get(model, ()))

    def screen_of(self, model: type[Any] | None, permission_name: str = "") -> Screen | None:
        """Return a screen that shows rows of ``model``, or ``None``.

        Args:
            model: mapped class.
            permission_name: what its permissions are on; the main one without.
        """
        return next(
            (screen for screen in self.screens_of(model)
             if not permission_name or screen.class_permission_name == permission_name), None,
        )

    def screen_that_allows(self, model: type[Any] | None, permission: str) -> Screen | None:
        """Return the first screen of ``model`` on which the caller holds a permission.

        Args:
            model: mapped class.
            permission: e.g. ``can_list``.
        """
        return next((one for one in self.screens_of(model) if one.can(permission)), None)

    def main_screens(self) -> dict[type[Any], Screen]:
        """Return the main screen of each model."""
        found: dict[type[Any], Screen] = {}
        for screen in self.screens:
            found.setdefault(screen.model, screen)
        return found

    def allowed(self, permission: str) -> Iterator[tuple[type[Any], Screen]]:
        """Yield each model with the first of its screens on which the caller holds a permission."""
        for model in dict.fromkeys(screen.model for screen in self.screens):
            screen = self.screen_that_allows(model, permission)
            if screen is not None:
                yield model, screen


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
