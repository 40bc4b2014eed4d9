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
# Lines of folded groups of the menu come when somebody unfolds them.
_LINKS = """async () => {
  const parts = [document];
  for (const group of document.querySelectorAll("[data-lines]")) {
    const text = await (await fetch(group.dataset.lines)).text();
    parts.push(new DOMParser().parseFromString(text, "text/html"));
  }
  return parts.flatMap((part) => [...part.querySelectorAll("a[href]:not([download])")])
    .map((link) => new URL(link.getAttribute("href"), location.href))
    .filter((link) => link.origin === location.origin)
    .map((link) => link.pathname + link.search);
}"""


class Reach(enum.IntEnum):
    """How far a crawl goes; each goes further than those before."""

    # What the first page leads to: the lines of the menu and the cards of home.
    MENU = 1
    # Of each record screen a list, a record and a form; of the other pages one of each sort.
    SCREENS = 2
    # Of each record screen both forms, the board and the calendar too.
    MODES = 3
    # Every generated page of every record screen.
    EVERY = 4


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
                    self._note(self._page.evaluate(_LINKS))

    def is_new(self, path: str) -> bool:
        """Whether a page has parts that no page before had: forms are all made of the same.

        Whoever goes as far as modes looks at all pages as if they were new.
        """
        if self._reach >= Reach.MODES:
            return True
        kind = self._kind(path)
        made_of = ("form",) if kind[-1] == "form" else kind
        if made_of in self._examined:
            return False
        self._examined.add(made_of)
        return True

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
        if self._reach < Reach.MODES and name in _FORMS:
            return (endpoint.rpartition(".")[0], "form")
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
