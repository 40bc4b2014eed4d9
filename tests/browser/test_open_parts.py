"""What opens over a page: axe-core and width, in both languages, light and dark, wide and narrow.

Pages as they stand are the business of ``test_access.py``; here it is dialogs, menus, panels and
the other shapes of a list. Each person signs in once and walks through all of them;
colours change while a thing is open, which costs less than opening it again.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import EVERY_COMBINATION, Visitor
from tests.browser.test_access import faults
from tests.services.choosing import further

# Each language and width once, or all four pairs.
SIDES = [("en", "phone"), further("zh", "desk")]
if EVERY_COMBINATION:
    SIDES = list(itertools.product(("zh", "en"), ("desk", "phone")))
LIST = "/sample/cases/list/?sort=number"
RECORD = "/sample/cases/show/61"
_OVERHANG = """(within) => {
  const part = document.querySelector(within).getBoundingClientRect();
  const page = document.documentElement;
  return [page.scrollWidth - page.clientWidth, -part.left, part.right - page.clientWidth]
    .map(Math.floor).filter((pixels) => pixels > 0);
}"""

# A step opens something and says by which selector it is found.
Step = Callable[[Page], str]


def _dialog(page: Page) -> str:
    expect(page.locator("#dialog .modal-footer, #dialog .modal-body").first).to_be_visible()
    return "#dialog"


def _close_dialog(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.locator("#dialog")).to_be_hidden()


def column_chooser(page: Page) -> str:
    """Open the choice of columns."""
    page.locator(".list-head .dropdown > .btn").first.click()
    expect(page.locator(".column-menu.show [data-columns]")).to_be_visible()
    return ".column-menu.show"


def filter_menu(page: Page) -> str:
    """Open the menu of filters, at a column with values to tick."""
    page.locator("[data-filter-open]").click()
    page.locator("[data-filter-column=state]").click()
    expect(page.locator("[data-filter-field=state]")).to_be_visible()
    return ".filter-menu.show"


def views_menu(page: Page) -> str:
    """Open the menu of saved views."""
    page.locator(".view-tools [data-bs-toggle=dropdown]").click()
    return ".view-tools .dropdown-menu.show"


def notices(page: Page) -> str:
    """Open the notices of the header."""
    page.locator(".bell").click()
    expect(page.locator("#notices-panel .panel-head")).to_be_visible()
    return "#notices-panel"


def account_menu(page: Page) -> str:
    """Open what the person can do with the own account."""
    page.locator(".avatar-button").click()
    return ".topbar-tools > .dropdown .dropdown-menu.show"


def selection(page: Page) -> str:
    """Select two rows: the bar of the selection rises."""
    for place in (0, 1):
        page.locator("tbody input[name=row]").nth(place).check()
    expect(page.locator("[data-bulk-bar]")).to_be_visible()
    return "[data-bulk-bar]"


def bulk_dialog(page: Page) -> str:
    """Ask for a step of the selected rows that needs a form."""
    page.locator("[data-bulk-bar] [value=finish]").click()
    return _dialog(page)


def keys_help(page: Page) -> str:
    """Ask which keys there are."""
    page.keyboard.press("?")
    return _dialog(page)


def palette(page: Page) -> str:
    """Open the palette with results."""
    page.keyboard.press("Control+k")
    page.keyboard.type("SX-2026-00006")
    expect(page.locator("[data-palette] [role=option]").first).to_be_visible()
    return "[data-palette]"


def more_menu(page: Page) -> str:
    """Open what else can be done with a record."""
    page.locator(".record-head .page-actions > .dropdown:last-child > .btn").click()
    return ".record-head .dropdown-menu.show"


def delete_dialog(page: Page) -> str:
    """Ask to delete a record."""
    more_menu(page)
    page.locator(".record-head .dropdown-item.text-danger").click()
    return _dialog(page)


def changed_fact(page: Page) -> str:
    """Change one fact of a record in its place."""
    page.locator(".fact-edit").first.click()
    expect(page.locator(".fact-form")).to_be_visible()
    return ".fact:has(.fact-form)"


def side_panel(page: Page) -> str:
    """Open a row: beside the list, on a narrow screen as its page."""
    page.locator("tbody tr td:nth-child(3)").first.click()
    if page.viewport_size["width"] < 1000:
        page.wait_for_url("**/show/**")
        return "main"
    expect(page.locator("[data-panel] h1")).to_be_visible()
    return "[data-panel]"


# Page, what is opened on it in this order, and how each is closed again.
WALK: tuple[tuple[str, tuple[Step, ...]], ...] = (
    (LIST, (column_chooser, filter_menu, views_menu, notices, account_menu, keys_help, palette)),
    (LIST, (selection, bulk_dialog)),
    (RECORD, (more_menu, delete_dialog, changed_fact)),
    (LIST, (side_panel,)),
)
MODES = {"board": ".board", "calendar": ".calendar-frame"}


def opened(page: Page) -> Iterator[tuple[str, str]]:
    """Walk through everything that opens; yields its name and its selector while it is open."""
    for address, steps in WALK:
        page.goto(address)
        page.wait_for_selector("html[data-ready=true]", state="attached")
        for step in steps:
            yield step.__name__, step(page)
            if page.locator("#dialog.show").count():
                _close_dialog(page)
            elif step not in (selection, changed_fact):
                page.keyboard.press("Escape")
    for mode, part in MODES.items():
        page.goto(f"{LIST}&mode={mode}")
        page.wait_for_selector("html[data-ready=true]", state="attached")
        yield mode, part


@pytest.mark.parametrize(("language", "width"), SIDES)
def test_what_opens_has_no_grave_faults_and_stays_on_the_screen(visit, axe, language, width):
    visitor: Visitor = visit("admin", language, "light", width)
    page = visitor.page
    # Colours are read as they stay, not on their way there.
    page.emulate_media(reduced_motion="reduce")
    found: dict[str, list[str]] = {}
    for name, part in opened(page):
        wrong = [f"hangs over by {pixels} px" for pixels in page.evaluate(_OVERHANG, part)]
        # The other shapes of a list are whole pages, which test_access.py reads.
        for theme in () if name in MODES else ("light", "dark"):
            page.evaluate("(theme) => { document.documentElement.dataset.bsTheme = theme; }", theme)
            needed = "" if page.evaluate("() => window.axe !== undefined") else axe
            wrong += [f"{theme}: {fault}" for fault in faults(visitor, needed, part)]
        if wrong:
            found[name] = wrong
    assert found == {}, "\n".join(f"{name}: {wrong}" for name, wrong in found.items())


def test_a_new_record_begins_in_its_first_field_and_a_dialog_in_its_own(visit):
    page = visit("admin").page
    page.goto("/sample/cases/add")
    expect(page.locator("[name=subject]")).to_be_focused()
    page.goto("/sample/cases/edit/61")
    page.wait_for_selector("html[data-ready=true]", state="attached")
    expect(page.locator("[name=subject]")).not_to_be_focused()
    page.goto("/sample/notes/add")
    # The box of a related record takes the focus without opening its list over the next field.
    expect(page.locator(".ts-wrapper").first).to_contain_class("focus")
    expect(page.locator(".ts-dropdown:visible")).to_have_count(0)


def test_a_narrow_header_keeps_the_way_back_and_the_steps_stay_under_the_thumb(visit):
    page = visit("admin", width="phone").page
    page.goto(RECORD)
    crumbs = page.locator(".crumbs li:visible")
    expect(crumbs).to_have_count(1)
    expect(crumbs.get_by_role("link")).to_have_text("Cases")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    expect(page.locator(".record-head .offers .btn").first).to_be_in_viewport()
