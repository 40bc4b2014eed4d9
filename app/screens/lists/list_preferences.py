"""What each person has set up for a list: columns, widths, density, where it begins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g

from app.database import db
from app.screens.preferences import keep_preference, read_preference
from app.screens.screen import Part
from app.web.request import actor


class ListPreferences(Part):
    """The caller's set-up of the list of a screen."""

    @property
    def name(self) -> str:
        """Name under which they are kept."""
        return f"list:{self.screen.class_permission_name}"

    def read(self) -> dict[str, Any]:
        """Return what the caller has set up for this list; read once a request."""
        if self.name not in g.setdefault("careline_lists", {}):
            g.careline_lists[self.name] = read_preference(db.session, actor(), self.name)
        return g.careline_lists[self.name]

    def save(self, values: Mapping[str, Any]) -> None:
        """Keep a set-up in the place of the one before."""
        keep_preference(db.session, actor(), self.name, values)
