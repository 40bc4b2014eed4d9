"""One person at work on one complaint: with the mouse, or by keyboard alone."""

from __future__ import annotations

import contextlib

from playwright.sync_api import Locator, Page, TimeoutError, expect

from tests.browser.following import followed

_MOST_TABS = 250


class Desk:
    """One person at work on one complaint."""

    def __init__(self, visit, username: str, language: str) -> None:
        self.page: Page = visit(username, language).page

    def open(self, address: str) -> Desk:
        """Go to the complaint as it stands now."""
        self.page.goto(address)
        self.ready()
        return self

    def ready(self) -> None:
        """Wait until the page's scripts are bound."""
        self.page.wait_for_selector("html[data-ready=true]", state="attached")

    def press(self, target: Locator) -> None:
        """Press something that stays on the page."""
        target.click()

    def follow(self, target: Locator) -> None:
        """Press something that leads to another page."""
        with followed(self.page):
            self.press(target)
        self.ready()

    def write(self, selector: str, text: str) -> None:
        """Write into a field of the page."""
        self.page.locator(selector).first.fill(text)

    def save(self) -> None:
        """Save the form of the page."""
        self.follow(self.page.locator(".save-bar .btn-primary").first)

    def take(self, transition: str, **fields: str) -> Desk:
        """Press a next step, fill what it asks for and send it."""
        button = self.page.locator(f"[data-offer={transition}]")
        if fields:
            self.press(button)
            dialog = self.page.locator("#dialog-body")
            expect(dialog.locator("form")).to_be_visible()
            for name, value in fields.items():
                self.fill(name, value)
            button = dialog.locator("button.btn-primary")
        self.follow(button)
        told = self.page.locator(".alert-danger:visible, .alert-warning:visible, .error-summary")
        assert told.count() == 0
        return self

    def fill(self, name: str, value: str) -> None:
        """Fill a field of the dialog, whatever kind it is."""
        dialog = self.page.locator("#dialog-body")
        field = dialog.locator(f"[name={name}]").first
        kind = field.evaluate("e => e.type || e.tagName")
        if field.evaluate("e => 'select' in e.dataset"):
            self.search(dialog.locator(f"select[name={name}] + .ts-wrapper"), value)
        elif kind == "radio":
            self.tick(dialog.locator(f"[name={name}]"), value)
        elif kind.startswith("select"):
            self.choose(field, value)
        else:
            self.type(field, value)

    def search(self, wrapper: Locator, value: str) -> None:
        """Choose from a searchable list."""
        wrapper.locator(".ts-control").click()
        wrapper.locator(".dropdown-input").fill(value)
        self.page.locator(".ts-dropdown .option", has_text=value).first.click()

    def tick(self, options: Locator, value: str) -> None:
        """Tick one of several circles."""
        options.and_(self.page.locator(f"[value={value}]")).check()

    def choose(self, field: Locator, value: str) -> None:
        """Choose from a plain list."""
        field.select_option(value)

    def type(self, field: Locator, value: str) -> None:
        """Write into a field of the dialog."""
        field.fill(value)

    def state(self) -> str:
        """Return the state as shown in the header."""
        return self.page.locator(".record-chips .badge").first.inner_text().strip()


class KeyDesk(Desk):
    """The same person without a mouse: Tab, arrows, Space, Enter, and the product's own keys."""

    def reach(self, target: Locator) -> None:
        """Press Tab until something has the focus.

        Raises:
            AssertionError: the keyboard does not lead there.
        """
        expect(target).to_be_visible()
        for _ in range(_MOST_TABS):
            if target.evaluate("e => e === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {target}")

    def press(self, target: Locator) -> None:
        """Reach something and press Enter."""
        self.reach(target.first)
        self.page.keyboard.press("Enter")

    def write(self, selector: str, text: str) -> None:
        """Reach a field and type."""
        self.reach(self.page.locator(selector).first)
        self.page.keyboard.type(text)

    def save(self) -> None:
        """Save with the key for it, from whichever field has the focus."""
        with followed(self.page):
            self.page.keyboard.press("Control+Enter")
        self.ready()

    def search(self, wrapper: Locator, value: str) -> None:
        """Open the list, type, and take what stands first."""
        self.reach(wrapper.locator(".ts-control"))
        search = wrapper.locator(".dropdown-input")
        # Opens a list that has something to show, and never closes one, as Enter may.
        for _ in range(60):
            self.page.keyboard.press("ArrowDown")
            with contextlib.suppress(TimeoutError):
                search.wait_for(timeout=300)
                break
        expect(search).to_be_focused()
        self.page.keyboard.type(value)
        expect(self.page.locator(".ts-dropdown .option.active", has_text=value)).to_be_visible()
        self.page.keyboard.press("Enter")

    def _step(self, steps: int) -> None:
        for _ in range(abs(steps)):
            self.page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")

    def tick(self, options: Locator, value: str) -> None:
        """Reach the circles and go to one by arrows."""
        values = options.evaluate_all("all => all.map(e => e.value)")
        place = max(options.evaluate_all("all => all.findIndex(e => e.checked)"), 0)
        self.reach(options.nth(place))
        self.page.keyboard.press("Space")
        self._step(values.index(value) - place)

    def choose(self, field: Locator, value: str) -> None:
        """Reach the list and go to a value by arrows."""
        self.reach(field)
        values = field.evaluate("e => [...e.options].map(o => o.value)")
        self._step(values.index(value) - field.evaluate("e => e.selectedIndex"))

    def type(self, field: Locator, value: str) -> None:
        """Reach the field, type over what stands there."""
        self.reach(field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(value)
