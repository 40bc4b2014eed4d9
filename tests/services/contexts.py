"""Contexts of the browser, used by one visitor after the other.

A new context has an empty cache: its first page reads fifty scripts and sheets once more and
compiles them. So a context is kept, and what a visitor has left in it goes before the next.
"""

from __future__ import annotations

from playwright.sync_api import Browser, BrowserContext

from app.testing.plugin_fixtures import PASSWORD

# A page waits for its turn when the machine is busy; only what never comes is wrong.
PATIENCE_MS = 30_000
WIDTHS = {"desk": (1440, 900), "phone": (390, 844)}
_LOCALES = {"zh": "zh-CN", "en": "en-GB"}


class Contexts:
    """The contexts of one browser.

    Args:
        chromium: the browser.
    """

    def __init__(self, chromium: Browser) -> None:
        self._chromium = chromium
        self._kinds: dict[BrowserContext, tuple[str, ...]] = {}
        self._free: list[BrowserContext] = []

    def lend(self, site: str, language: str, theme: str, width: str) -> BrowserContext:
        """Return a context without pages, cookies and stored values that nobody else uses.

        Args:
            site: address that paths are looked for at.
            language: ``zh`` or ``en``.
            theme: ``light`` or ``dark``.
            width: a name in ``WIDTHS``.
        """
        kind = (site, language, theme, width)
        for context in reversed(self._free):
            if self._kinds[context] == kind:
                self._free.remove(context)
                return context
        columns, rows = WIDTHS[width]
        context = self._chromium.new_context(
            base_url=site, viewport={"width": columns, "height": rows}, color_scheme=theme,
            locale=_LOCALES[language],
        )
        context.set_default_timeout(PATIENCE_MS)
        self._kinds[context] = kind
        return context

    def take_back(self, context: BrowserContext) -> None:
        """Close the pages of a context and empty it of everything but its cache."""
        for page in context.pages:
            page.close()
        context.unroute_all()
        context.set_offline(False)
        context.set_storage_state({"cookies": [], "origins": []})
        self._free.append(context)


def sign_in(context: BrowserContext, username: str) -> None:
    """Sign a person in as the form does, which need not be drawn for it.

    Args:
        context: whose cookies say afterwards who it is.
        username: a demo person.
    """
    token = context.request.get("/login/state").json()["token"]
    answer = context.request.post(
        "/login/", max_redirects=0,
        form={"username": username, "password": PASSWORD, "csrf_token": token},
    )
    assert answer.status == 302, answer.status
