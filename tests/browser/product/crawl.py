"""The pages that a person reaches from the menu by following links, one of each kind."""

from __future__ import annotations

import enum
import inspect
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from playwright.sync_api import Error, Page, Response
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

# Where one begins; search is typed and no link leads there. Years stand in many texts.
BEGIN = ("/", "/search/?q=138", "/search/?q=1990")
# Pages that a record screen has of its own: its fields, columns and texts stand there. The other
# generated pages are the same for all record screens.
_FORMS = {"add", "edit"}
_OWN_PAGES = {"list", "show", *_FORMS}
# Answers to a link that are no page to look at.
_NO_PAGES = ("Download is starting", "net::ERR_ABORTED")
# Lines of folded groups of the menu come when somebody unfolds them, and are those of every page.
_LINKS = """async (known) => {
  const parts = [document];
  const groups = [...document.querySelectorAll("[data-lines]")].map((group) => group.dataset.lines)
    .filter((address) => !known.includes(address));
  for (const address of groups) {
    const text = await (await fetch(address)).text();
    parts.push(new DOMParser().parseFromString(text, "text/html"));
  }
  const links = parts.flatMap((part) => [...part.querySelectorAll("a[href]:not([download])")])
    .map((link) => new URL(link.getAttribute("href"), location.href))
    .filter((link) => link.origin === location.origin)
    .map((link) => link.pathname + link.search);
  return { links, groups };
}"""


class Reach(enum.IntEnum):
    """How far a crawl goes; each goes further than those before."""

    # What the first page leads to, the lines of the menu and the cards of home; of the lists of
    # each plugin one.
    MENU = 1
    # Of each record screen a list and a record, of those of each plugin one form; of the other
    # pages one of each sort.
    SCREENS = 2
    # Of each record screen both forms, the board and the calendar.
    MODES = 3
    # Every generated page of every record screen.
    EVERY = 4


class Look(enum.Enum):
    """How much of a page is examined for faults."""

    NOTHING = enum.auto()
    # Names, roles and order, which each page has of its own.
    STRUCTURE = enum.auto()
    # Colours and sizes too.
    WHOLE = enum.auto()


class Crawl:
    """Opens pages, and after each of them what it links to.

    Args:
        page: page of a signed-in person.
        app: the application, which knows what page answers to an address.
        reach: how far it goes.
    """

    def __init__(self, page: Page, app: Flask, reach: Reach = Reach.MODES) -> None:
        self._page = page
        self._app = app
        self._reach = reach
        self._kinds: set[tuple[str, ...]] = set()
        self._ways: list[str] = []
        self._examined: set[tuple[str, ...]] = set()
        self._groups: list[str] = []

    def pages(self) -> Iterator[tuple[str, Response]]:
        """Open one page after the other and give its address and the answer.

        Whoever takes them looks at the open page; its links are read afterwards.
        """
        self._note(BEGIN)
        while self._ways:
            path = self._ways.pop(0)
            answer = self._open(path)
            if answer is not None:
                yield path, answer
                if path == BEGIN[0] or self._reach > Reach.MENU:
                    found = self._page.evaluate(_LINKS, self._groups)
                    self._groups += found["groups"]
                    self._note(found["links"])

    def look(self, path: str) -> Look:
        """Return how much of a page is to be examined.

        Forms are all made of the same, and so are the colours and sizes of all lists and of all
        records. Whoever goes as far as modes examines the whole of every page.
        """
        if self._reach >= Reach.MODES:
            return Look.WHOLE
        kind = self._kind(path)
        if kind[-1] == "form":
            return Look.WHOLE if self._is_new(("form",)) else Look.NOTHING
        function = self._app.view_functions.get(kind[0])
        if function is None:
            return Look.WHOLE
        same = (inspect.unwrap(function).__qualname__, *kind[1:])
        return Look.WHOLE if self._is_new(same) else Look.STRUCTURE

    def _is_new(self, sort: tuple[str, ...]) -> bool:
        """Return whether no page of a sort was examined before."""
        is_new = sort not in self._examined
        self._examined.add(sort)
        return is_new

    def _note(self, paths: list[str] | tuple[str, ...]) -> None:
        for path in paths:
            kind = self._kind(path)
            # A file is no page; and the template of the demonstration has none of its octets.
            if kind not in self._kinds and not kind[-1].endswith(".file"):
                self._kinds.add(kind)
                self._ways.append(path)

    def _kind(self, path: str) -> tuple[str, ...]:
        """Return what makes a page another one than those seen; an unknown address is one."""
        parts = urlsplit(path)
        try:
            endpoint, _ = self._app.url_map.bind("").match(parts.path)
        except RequestRedirect:
            return ("redirect", parts.path)
        except HTTPException:
            return ("unknown", parts.path)
        asked = parse_qs(parts.query)
        name = endpoint.rpartition(".")[2]
        function = inspect.unwrap(self._app.view_functions[endpoint])
        # Of lists all modes are taken, of the search both starting points.
        variant = (*(asked.get("mode", []) if name == "list" else []),
                   *(asked.get("q", []) if path in BEGIN else []))
        # The first part of an address is that of a plugin, or of a screen of the core.
        area = parts.path.split("/")[1]
        if self._reach < Reach.MODES and name in _FORMS:
            return (area, "form")
        if self._reach is Reach.MENU and name == "list":
            return (endpoint, *variant) if variant else (area, "list")
        if self._reach < Reach.MODES and name == "list" and "mode" in asked:
            return (function.__module__, function.__qualname__, *variant)
        if self._reach is Reach.EVERY or name in _OWN_PAGES:
            return (endpoint, *variant)
        return (function.__module__, function.__qualname__, *variant)

    def _open(self, path: str) -> Response | None:
        """Return the answer, or ``None`` for a file, a part of a page and what was seen already."""
        try:
            answer = self._page.goto(path)
        except Error as error:
            if any(text in error.message for text in _NO_PAGES):
                return None
            raise
        if answer.request.redirected_from:
            kind = self._kind(urlsplit(self._page.url)._replace(scheme="", netloc="").geturl())
            if kind in self._kinds:
                return None
            self._kinds.add(kind)
        is_page = answer.headers.get("content-type", "").startswith("text/html") and (
            not answer.ok or self._page.locator("#sidebar").count()
        )
        return answer if is_page else None
