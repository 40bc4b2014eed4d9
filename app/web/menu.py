"""The menu: entries by category, filtered by permission, without a statement of its own.

Flask-AppBuilder's menu asks the database once for each entry and knows rights of its own
(``menu_access``). Here an entry is shown to those who may open what it leads to.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any

from flask import url_for
from flask_appbuilder.menu import Menu

from app.access.actor import Actor
from app.database import AnySelect
from app.web.request import actor
from app.web.texts import translated

LAST = 1000
# Gives the SELECT of what waits for a person at an entry.
Waiting = Callable[[Actor], AnySelect | None]


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
        administration: whether it stands on the page Administration and not in the menu.
        waiting: gives the SELECT of what waits there for a person, a row for each thing, or
            ``None``.
    """

    name: str
    label: Any
    icon: str = ""
    category: str = ""
    endpoint: str
    permission: str = ""
    view: str = ""
    order: int = LAST
    administration: bool = False
    waiting: Waiting | None = None

    @property
    def screen(self) -> str:
        """Endpoint of the screen without the page."""
        return self.endpoint.split(".")[0]

    def visible_to(self, actor: Actor) -> bool:
        """Return whether ``actor`` may open what the entry leads to."""
        return not self.permission or actor.can(self.permission, self.view)


@dataclasses.dataclass(slots=True, kw_only=True)
class MenuHeading:
    """A heading of the menu.

    Attributes:
        name: stable identifier.
        label: text shown; may be lazy.
        icon: name of an icon.
        order: place among the categories, small first.
        group: name of the category in whose place of the menu it stands; its own without.
        administration: whether its entries stand on the page Administration.
    """

    name: str
    label: Any
    icon: str = "folder"
    order: int = LAST
    group: str = ""
    administration: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class MenuGroup:
    """A group of the menu that is folded and unfolded.

    Attributes:
        category: gives name, text and icon.
        parts: entries of each category in it, in order.
    """

    category: MenuHeading
    parts: list[list[MenuEntry]]

    @property
    def entries(self) -> list[MenuEntry]:
        """All entries in order."""
        return [entry for part in self.parts for entry in part]

    def first(self, most: int, active: str) -> list[list[MenuEntry]]:
        """Return the parts with their first entries, and with the open one whatever its place.

        Args:
            most: how many entries.
            active: endpoint of the open screen.
        """
        shown = self.entries[:most]
        shown += [entry for entry in self.entries[most:] if entry.screen == active]
        parts = ([entry for entry in part if entry in shown] for part in self.parts)
        return [part for part in parts if part]

    @property
    def waiting(self) -> list[str]:
        """Names of the entries at which something can wait for a person."""
        return [entry.name for entry in self.entries if entry.waiting is not None]


class ScreenMenu(Menu):
    """Our menu in the place of Flask-AppBuilder's."""

    def __init__(self) -> None:
        super().__init__(reverse=False)
        self.entries: dict[str, MenuEntry] = {}
        self.categories: dict[str, MenuHeading] = {}
        self._by_endpoint: dict[str, MenuEntry] = {}

    def add_category_entry(self, category: MenuHeading) -> None:
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
        self._by_endpoint.setdefault(entry.endpoint, entry)
        if entry.category:
            self.add_category_entry(MenuHeading(name=entry.category, label=entry.category))

    def add_link(
        self, name: str, href: str = "", icon: str = "", label: Any = "", category: str = "",
        category_icon: str = "", category_label: Any = "", baseview: Any = None, cond: Any = None,
    ) -> None:
        """Add a line the way ``AppBuilder.add_view`` asks; see Flask-AppBuilder."""
        if category:
            self.add_category_entry(
                MenuHeading(name=category, label=category_label or category, icon=category_icon)
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

    def sections(self, person: Actor) -> list[tuple[MenuHeading | None, list[MenuEntry]]]:
        """Return what a person sees: entries without category first, then category by category.

        Args:
            person: who looks; rights come with it, nothing is read from the database.
        """
        visible = [entry for entry in self.entries.values() if entry.visible_to(person)]
        top = _sorted(entry for entry in visible if not entry.category)
        result: list[tuple[MenuHeading | None, list[MenuEntry]]] = [(None, top)] if top else []
        for category in sorted(self.categories.values(), key=lambda c: (c.order, c.name)):
            inside = _sorted(entry for entry in visible if entry.category == category.name)
            if inside:
                result.append((category, inside))
        return result

    def entry_at(self, endpoint: str) -> MenuEntry | None:
        """Return the entry that leads to an endpoint, or ``None``."""
        return self._by_endpoint.get(endpoint)

    def top(self, person: Actor) -> list[MenuEntry]:
        """Return the entries of a person that stand above all groups."""
        return [entry for category, entries in self.sections(person) if category is None
                for entry in entries if not entry.administration]

    def groups(self, person: Actor) -> list[MenuGroup]:
        """Return the groups that a person sees in the menu, in order.

        A category stands in the group that it names where somebody declares that one, else it is
        a group of its own.

        Args:
            person: who looks; rights come with it, nothing is read from the database.
        """
        found: dict[str, list[list[MenuEntry]]] = {}
        for category, entries in self.sections(person):
            shown = [entry for entry in entries if not entry.administration]
            if category is not None and shown:
                name = category.group if category.group in self.categories else category.name
                found.setdefault(name, []).append(shown)
        return [MenuGroup(self.categories[name], found[name])
                for name in sorted(found, key=self._place)]

    def administration(self, person: Actor) -> list[tuple[MenuHeading | None, list[MenuEntry]]]:
        """Return what a person finds on the page Administration, by subject."""
        found = [
            (category, [entry for entry in entries if entry.administration])
            for category, entries in self.sections(person)
        ]
        # What is of the product as a whole comes before the rules of single plugins.
        return sorted(
            ((category, entries) for category, entries in found if entries),
            key=lambda section: section[0] is None or not section[0].administration,
        )

    def _place(self, name: str) -> tuple[int, str]:
        return self.categories[name].order, name

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
