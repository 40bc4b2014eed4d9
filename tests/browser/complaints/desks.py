"""One person at work on one complaint: with the mouse, or by keyboard alone."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

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
        with self.page.expect_navigation():
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
        assert self.page.locator(".alert-danger, .alert-warning, .error-summary").count() == 0
        return self

    def fill(self, name: str, value: str) -> None:
        """Fill a field of the dialog, whatever kind it is."""
        dialog = self.page.locator("#dialog-body")
        field = dialog.locator(f"[name={name}]").first
        kind = field.evaluate("e => e.type || e.tagName")
        if field.evaluate("e => 'select' in e.dataset"):
            wrapper = dialog.locator(f"select[name={name}] + .ts-wrapper")
            search = wrapper.locator(".dropdown-input")
            # The first field of a dialog takes the focus and opens its list; a click closes it.
            self.page.wait_for_timeout(300)
            if not search.is_visible():
                wrapper.locator(".ts-control").click()
            search.fill(value)
            # A person looks before choosing; the list is asked for 200 ms after the last letter.
            self.page.wait_for_timeout(600)
            self.page.locator(".ts-dropdown .option", has_text=value).first.click()
        elif kind == "radio":
            dialog.locator(f"[name={name}][value={value}]").check()
        elif kind.startswith("select"):
            field.select_option(value)
        else:
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
        with self.page.expect_navigation():
            self.page.keyboard.press("Control+Enter")
        self.ready()

    def fill(self, name: str, value: str) -> None:
        """Fill a field of the dialog by keyboard, whatever kind it is."""
        dialog = self.page.locator("#dialog-body")
        field = dialog.locator(f"[name={name}]").first
        kind = field.evaluate("e => e.type || e.tagName")
        if field.evaluate("e => 'select' in e.dataset"):
            wrapper = dialog.locator(f"select[name={name}] + .ts-wrapper")
            search = wrapper.locator(".dropdown-input")
            self.page.wait_for_timeout(300)
            if not search.is_visible():
                self.reach(wrapper.locator(".ts-control"))
                if not search.is_visible():
                    self.page.keyboard.press("Enter")
            expect(search).to_be_focused()
            self.page.keyboard.type(value)
            expect(self.page.locator(".ts-dropdown .option.active", has_text=value)).to_be_visible()
            self.page.wait_for_timeout(300)
            self.page.keyboard.press("Enter")
        elif kind == "radio":
            options = dialog.locator(f"[name={name}]")
            values = options.evaluate_all("all => all.map(e => e.value)")
            checked = options.evaluate_all("all => all.findIndex(e => e.checked)")
            self.reach(options.nth(max(checked, 0)))
            self.page.keyboard.press("Space")
            for _ in range(values.index(value) - max(checked, 0)):
                self.page.keyboard.press("ArrowDown")
            for _ in range(max(checked, 0) - values.index(value)):
                self.page.keyboard.press("ArrowUp")
        elif kind.startswith("select"):
            self.reach(field)
            values = field.evaluate("e => [...e.options].map(o => o.value)")
            place = field.evaluate("e => e.selectedIndex")
            step = "ArrowDown" if values.index(value) > place else "ArrowUp"
            for _ in range(abs(values.index(value) - place)):
                self.page.keyboard.press(step)
        else:
            self.reach(field)
            self.page.keyboard.press("Control+a")
            self.page.keyboard.type(value)
