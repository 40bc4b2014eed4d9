"""The side menu and the bar at the bottom of a phone, drawn from what is kept by rights.

Every page has them, and they ask the database nothing: rights come with the person, folding and
favourites with the session, and numbers of what waits are read after the page.
"""

from __future__ import annotations

import dataclasses

from flask import g, render_template, request, session
from flask_babel import get_locale
from markupsafe import Markup

from app.access.actor import Actor
from app.access.security import current_actor
from app.database import db
from app.settings.company import company_name
from app.web.fragment_cache import FragmentStore, shared_key
from app.web.logo import logo_address
from app.web.menu import MenuEntry, MenuGroup, ScreenMenu
from app.web.menu_state import LINES_MOST, MenuState

SESSION_KEY = "menu"
BAR_MOST = 3
_KEPT_MOST = 500


@dataclasses.dataclass(frozen=True, slots=True)
class Favourite:
    """A line among the favourites.

    Attributes:
        item: as the state names it.
        entry: what it leads to.
        view: key of a saved view of the entry; empty for the entry itself.
    """

    item: str
    entry: MenuEntry
    view: str = ""


def menu_state() -> MenuState:
    """Return what the caller has set up, as the session has it."""
    return MenuState.read(session.get(SESSION_KEY))


def favourites(menu: ScreenMenu, person: Actor, state: MenuState) -> list[Favourite]:
    """Return the favourites that a person may open, in their order."""
    found = []
    for item in state.favourites:
        name, _, view = item.partition(":")
        entry = menu.entries.get(name)
        if entry is not None and entry.visible_to(person):
            found.append(Favourite(item, entry, view))
    return found


class Sidebar:
    """Draws the menu.

    Args:
        menu: its entries.
    """

    def __init__(self, menu: ScreenMenu) -> None:
        self._menu = menu
        self._whole, self._lines, self._bars = (FragmentStore(_KEPT_MOST) for _ in range(3))

    def draw(self, active: str = "") -> Markup:
        """Return the side menu of the caller, nothing before sign-in.

        Args:
            active: endpoint of the open screen; the one of the request without.
        """
        person = current_actor()
        if person is None:
            return Markup("")
        active, state = active or open_screen(), menu_state()
        key = (*shared_key(person), active, state, company_name(db.session, str(get_locale())),
               logo_address())
        markup = self._whole.get(key)
        if markup is None:
            markup = self._drawn(person, active, state)
            self._whole.put(key, markup)
        return markup

    def _drawn(self, person: Actor, active: str, state: MenuState) -> Markup:
        groups = self._menu.groups(person)
        top = self._menu.top(person)
        lines = len(top) + sum(len(group.entries) for group in groups)
        first = groups[0].category.name if groups else ""
        shown = []
        for group in groups:
            is_here = any(entry.screen == active for entry in group.entries)
            unfolded = is_here or state.is_unfolded(
                group.category.name, lines=lines, first=first)
            # What a folded group holds is asked for when it is unfolded: pages stay as small as
            # before, however many plugins stand in it.
            is_whole = group.category.name in state.unfolded or len(group.entries) <= LINES_MOST
            body = self._body(person, group, active if is_here else "", is_whole=is_whole
                              ) if unfolded else ""
            shown.append((group, unfolded, body, unfolded and not is_whole))
        administration = self._menu.administration(person)
        return Markup(render_template(
            "web/_sidebar.html", active=active, top=top, groups=shown,
            favourites=favourites(self._menu, person, state), administration=administration,
            administers=any(entry.screen == active for _, entries in administration
                            for entry in entries),
        ))

    def lines(self, name: str, active: str) -> Markup | None:
        """Return all lines of a group that the page holds folded, or with its first lines alone.

        Args:
            name: name of the group.
            active: endpoint of the open screen.

        Returns:
            The markup, or ``None`` where the caller sees no such group.
        """
        person = current_actor()
        groups = self._menu.groups(person) if person else ()
        found = next((group for group in groups if group.category.name == name), None)
        return self._body(person, found, active) if person and found else None

    def _body(
        self, person: Actor, group: MenuGroup, active: str, *, is_whole: bool = True
    ) -> Markup:
        key = (*shared_key(person), group.category.name, active, is_whole)
        markup = self._lines.get(key)
        if markup is None:
            parts = group.parts if is_whole else group.first(LINES_MOST, active)
            markup = Markup(render_template("web/_menu_lines.html", parts=parts, active=active))
            self._lines.put(key, markup)
        return markup

    def bar(self) -> Markup:
        """Return the bar at the bottom of a phone: home, what is used most, the menu.

        Favourites come first, then what counts the work that waits, then the rest in order.
        """
        person = current_actor()
        if person is None:
            return Markup("")
        active, state = open_screen(), menu_state()
        key = (*shared_key(person), active, state.favourites)
        markup = self._bars.get(key)
        if markup is None:
            pinned = [one.entry for one in favourites(self._menu, person, state) if not one.view]
            entries = [*self._menu.top(person),
                       *(entry for group in self._menu.groups(person) for entry in group.entries)]
            working = [entry for entry in entries if entry.waiting is not None]
            most = list(dict.fromkeys([*pinned, *working, *entries]))[:BAR_MOST]
            markup = Markup(render_template("web/_bottom_bar.html", entries=most, active=active))
            self._bars.put(key, markup)
        return markup

    def pinnable(self) -> str:
        """Return the name of the entry whose page is open, or an empty text."""
        entry = self._menu.entry_at(request.endpoint or "")
        person = current_actor()
        return entry.name if entry is not None and person and entry.visible_to(person) else ""


def open_screen() -> str:
    """Return the endpoint of the screen that is open."""
    return g.get("careline_active") or (request.endpoint or "").split(".")[0]
