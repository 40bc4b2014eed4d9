"""The menu: entries by category, filtered by permission, without a statement of its own.

Flask-AppBuilder's menu asks the database once for each entry and knows rights of its own
(``menu_access``). Here an entry is shown to those who may open what it leads to.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from flask import url_for
from flask_appbuilder.menu import Menu

from app.access.actor import Actor
from app.web.request import actor
from app.web.texts import translated

LAST = 1000


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class MenuEntry:
    """One line of the menu.

    Attributes:
        name: stable identifier.
        label: text shown; may be lazy.
        icon: name of an icon.
        category: name of the category it stands in; empty stands on top.
        endpoint: Flask endpoint it leads to.
        permission: name of the permission needed, e.g. ``can_list``; empty shows it to all.
        view: permission name of the view, e.g. ``complaints.Case``.
        order: place within the category, small first.
    """

    name: str
    label: Any
    icon: str = ""
    category: str = ""
    endpoint: str
    permission: str = ""
    view: str = ""
    order: int = LAST

    def visible_to(self, actor: Actor) -> bool:
        """Return whether ``actor`` may open what the entry leads to."""
        return not self.permission or actor.can(self.permission, self.view)


@dataclasses.dataclass(slots=True, kw_only=True)
class Category:
    """A heading of the menu.

    Attributes:
        name: stable identifier.
        label: text shown; may be lazy.
        icon: name of an icon.
        order: place among the categories, small first.
    """

    name: str
    label: Any
    icon: str = "folder"
    order: int = LAST


class ScreenMenu(Menu):
    """Our menu in the place of Flask-AppBuilder's."""

    def __init__(self) -> None:
        super().__init__(reverse=False)
        self.entries: dict[str, MenuEntry] = {}
        self.categories: dict[str, Category] = {}

    def add_category_entry(self, category: Category) -> None:
        """Declare a category; the first declaration of a name decides."""
        self.categories.setdefault(category.name, category)

    def add_entry(self, entry: MenuEntry) -> None:
        """Add a line.

        Raises:
            ValueError: there is a line of that name already.
        """
        if entry.name in self.entries:
            raise ValueError(f"the menu has an entry {entry.name!r} already")
        self.entries[entry.name] = entry
        if entry.category:
            self.add_category_entry(Category(name=entry.category, label=entry.category))

    def add_link(
        self, name: str, href: str = "", icon: str = "", label: Any = "", category: str = "",
        category_icon: str = "", category_label: Any = "", baseview: Any = None, cond: Any = None,
    ) -> None:
        """Add a line the way ``AppBuilder.add_view`` asks; see Flask-AppBuilder."""
        if category:
            self.add_category_entry(
                Category(name=category, label=category_label or category, icon=category_icon)
            )
        endpoint = href or f"{baseview.endpoint}.{baseview.default_view}"
        permission = view = ""
        if baseview is not None:
            view = baseview.class_permission_name
            permission = "can_" + baseview.get_method_permission(baseview.default_view)
        self.add_entry(
            MenuEntry(
                name=name, label=label or name, icon=icon, category=category,
                endpoint=endpoint, permission=permission, view=view, order=len(self.entries),
            )
        )

    def sections(self, person: Actor) -> list[tuple[Category | None, list[MenuEntry]]]:
        """Return what a person sees: entries without category first, then category by category.

        Args:
            person: who looks; rights come with it, nothing is read from the database.
        """
        visible = [entry for entry in self.entries.values() if entry.visible_to(person)]
        top = _sorted(entry for entry in visible if not entry.category)
        result: list[tuple[Category | None, list[MenuEntry]]] = [(None, top)] if top else []
        for category in sorted(self.categories.values(), key=lambda c: (c.order, c.name)):
            inside = _sorted(entry for entry in visible if entry.category == category.name)
            if inside:
                result.append((category, inside))
        return result

    def get_data(self, menu: Any = None) -> list[dict[str, Any]]:
        """Return the menu of the caller as plain data; Flask-AppBuilder's menu API asks here."""
        return [
            {
                "name": category.name if category else "",
                "label": translated(category.label) if category else "",
                "childs": [
                    {"name": e.name, "label": translated(e.label), "url": url_for(e.endpoint)}
                    for e in entries
                ],
            }
            for category, entries in self.sections(actor())
        ]


def _sorted(entries: Iterable[MenuEntry]) -> list[MenuEntry]:
    return sorted(entries, key=lambda entry: (entry.order, entry.name))
