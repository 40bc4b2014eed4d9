"""The command palette: records, pages and actions by a few letters, from every page.

The browser asks for pages and actions once, and for records while somebody types. What was opened
lately is kept in the browser as addresses alone; their names come from here, by the rights in
force now.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from flask import Response, abort, current_app, make_response, request, url_for
from flask_appbuilder.baseviews import BaseView, expose
from flask_babel import gettext
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from app.access.actor import Actor
from app.access.security import current_actor
from app.records.mixin import named
from app.records.search.tokens import initials
from app.screens.current_builder import current_builder
from app.screens.query.record_search import (
    cleaned,
    readable_screens,
    records_found,
    records_numbered,
)
from app.screens.registry import registry
from app.screens.screen import Screen
from app.web.input_limits import whole_number
from app.web.texts import translated

RESULTS_EACH = 6
RECENT_MOST = 8


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A line of the palette.

    Attributes:
        label: shown text.
        url: address it leads to; empty for one that presses a button of the page.
        press: selector of that button.
        icon: name of an icon.
        hint: quiet text at the end of the line.
        badge: state of a record, as markup.
        keys: further words that find it, e.g. the initials of its pinyin.
    """

    label: str
    url: str = ""
    press: str = ""
    icon: str = ""
    hint: str = ""
    badge: Any = ""
    keys: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CommandGroup:
    """Lines under one heading."""

    name: str
    label: str
    commands: tuple[Command, ...]


def _keys(label: str) -> str:
    return " ".join(initials(label))


def _page(label: str, url: str, icon: str, hint: str = "") -> Command:
    return Command(label=label, url=url, icon=icon, hint=hint, keys=_keys(label))


def _pages(person: Actor) -> tuple[Command, ...]:
    found = [_page(gettext("Home"), url_for("HomeView.index"), "home")]
    for category, entries in current_builder().menu.sections(person):
        hint = translated(category.label) if category else ""
        found += [
            _page(translated(entry.label), url_for(entry.endpoint), entry.icon or "list", hint)
            for entry in entries
        ]
    if current_builder().menu.administration(person):
        found.append(
            _page(gettext("Administration"), url_for("AdministrationView.index"), "settings"))
    found.append(_page(gettext("Favourites"), url_for("NavigationView.favourites"), "star"))
    found.append(_page(gettext("My account"), url_for("AccountView.profile"), "user"))
    return tuple(found)


def _new_records() -> tuple[Command, ...]:
    found = []
    for _model, screen in registry().allowed("can_add"):
        name = translated(screen.record_label)
        found.append(Command(
            label=gettext("New: %(kind)s", kind=name), url=screen.url("add"), icon="plus",
            keys=_keys(name),
        ))
    return tuple(found)


def _presses() -> tuple[Command, ...]:
    lines = (
        (gettext("Switch between light and dark"), "[data-theme-switch]", "sun"),
        (gettext("Switch the language"), "[data-language-switch]", "language"),
        (gettext("Sign out"), "[data-sign-out]", "logout"),
    )
    return tuple(
        Command(label=label, press=press, icon=name, keys=_keys(label))
        for label, press, name in lines
    )


def _record(screen: Screen, hit: Any) -> Command:
    state = getattr(hit, "state", None)
    return Command(
        label=named(hit.number, hit.title), url=screen.url("show", pk=hit.id), icon=screen.icon,
        hint=translated(screen.record_label),
        badge=screen.badge("state", state) if state else "",
    )


def _adapter() -> MapAdapter:
    return current_app.url_map.bind("localhost", script_name="/")


def _key_of(path: str, adapter: MapAdapter) -> tuple[str, int] | None:
    """Return endpoint and key of a record page's address, or ``None`` for any other address."""
    try:
        endpoint, values = adapter.match(path, method="GET")
    except HTTPException:
        return None
    key = whole_number(str(values.get("pk", "")))
    return (endpoint, key) if endpoint.endswith(".show") and key is not None else None


class PaletteView(BaseView):
    """Parts of the palette; each one is a list of options without a page around it."""

    route_base = "/palette"
    default_view = "commands"
    class_permission_name = "core.Palette"
    base_permissions: list[str] = []

    @staticmethod
    def _person() -> Actor:
        person = current_actor()
        if person is None:
            abort(401)
        return person

    def _answer(self, groups: list[CommandGroup]) -> Response:
        shown = [group for group in groups if group.commands]
        page = self.render_template("screens/home/palette_options.html", groups=shown)
        return make_response(page)

    @expose("/")
    def commands(self) -> Response:
        """Give pages and actions."""
        person = self._person()
        return self._answer([
            CommandGroup(name="new", label=gettext("New"), commands=_new_records()),
            CommandGroup(name="pages", label=gettext("Go to"), commands=_pages(person)),
            CommandGroup(name="settings", label=gettext("Settings"), commands=_presses()),
        ])

    @expose("/records")
    def records(self) -> Response:
        """Give the best records of each kind for what has been typed."""
        self._person()
        text = cleaned(request.args.get("q", ""))
        # Whose number it is stands first, in full or in short; further ones may hold it somewhere.
        numbered = tuple(_record(screen, hit) for screen, hit in records_numbered(text))
        groups = [CommandGroup(name="number", label=gettext("Number"), commands=numbered)]
        for screen, found in records_found(text, RESULTS_EACH):
            hits = (_record(screen, hit) for hit in found)
            groups.append(CommandGroup(
                name=screen.endpoint, label=translated(screen.list_title),
                commands=tuple(hit for hit in hits if hit not in numbered),
            ))
        return self._answer(groups)

    @expose("/recent")
    def recent(self) -> Response:
        """Give the names of record pages that the browser remembers, as far as they may be seen."""
        self._person()
        adapter = _adapter()
        asked = [_key_of(path[:200], adapter) for path in request.args.getlist("path")]
        wanted = list(dict.fromkeys(key for key in asked if key))[:RECENT_MOST]
        found: dict[tuple[str, int], Command] = {}
        for model, screen in readable_screens():
            endpoint = f"{screen.endpoint}.show"
            keys = [key for name, key in wanted if name == endpoint]
            if keys:
                condition = model.id.in_(keys)
                for hit in screen.datamodel.find(condition, RECENT_MOST):
                    found[endpoint, hit.id] = _record(screen, hit)
        commands = tuple(found[key] for key in wanted if key in found)
        return self._answer([
            CommandGroup(name="recent", label=gettext("Opened lately"), commands=commands)
        ])
