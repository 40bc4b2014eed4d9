"""Saved views kept once, dragged into order, and moved by keyboard."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.following import followed
from tests.browser.test_access import faults

LIST = "/sample/cases/list/"
ORDER = "/sample/cases/views/order"


def _ready(page: Page) -> None:
    page.wait_for_selector("html[data-ready=true]", state="attached")


def _save(page: Page, title: str) -> None:
    page.goto(f"{LIST}?view=all")
    _ready(page)
    page.get_by_role("button", name="Views").click()
    page.get_by_role("link", name="Save as a new view").click()
    page.get_by_label("Name of the view").fill(title)
    with followed(page):
        page.get_by_role("button", name="Save", exact=True).click()


def _titles(page: Page) -> list[str]:
    return page.locator("[data-arrange=order-mine] strong").all_inner_texts()


def test_own_views_are_dragged_and_moved_by_keyboard(visit, axe):
    visitor = visit("agent")
    page = visitor.page
    for title in ("First", "Second", "Third"):
        _save(page, title)
    page.get_by_role("button", name="Views").click()
    page.get_by_role("link", name="Order the views").click()
    page.wait_for_selector("[data-arrange=order-mine][data-arrange-ready=true]")
    assert _titles(page) == ["First", "Second", "Third"]
    assert faults(visitor, axe) == []
    grips = page.locator("[data-arrange=order-mine] [data-grip-row]")
    with followed(page):
        grips.nth(0).drag_to(grips.nth(2))
    assert _titles(page) == ["Second", "Third", "First"]
    for expected in (["Second", "First", "Third"], ["First", "Second", "Third"]):
        _ready(page)
        up = page.get_by_role("button", name="Move up: First")
        if expected[0] == "Second":
            up.focus()
        # The focus stays on the button, so that the next press goes on.
        expect(up).to_be_focused()
        with followed(page):
            page.keyboard.press("Enter")
        assert _titles(page) == expected
    page.get_by_role("button", name="Begin with this view: Second").click()
    line = page.get_by_role("listitem").filter(has_text="Second")
    expect(line.last).to_contain_text("Your list begins here")
    page.goto(LIST)
    expect(page.locator(".view-tab[aria-current=page]")).to_contain_text("Second")


def test_a_double_click_saves_one_view(visit):
    page = visit("agent").page
    page.goto(f"{LIST}?state__in=new")
    _ready(page)
    page.get_by_role("button", name="Views").click()
    page.get_by_role("link", name="Save as a new view").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name of the view").fill("Twice")
    dialog.get_by_role("button", name="Save").dblclick()
    expect(page.locator(".view-tab").filter(has_text="Twice")).to_have_count(1)
    page.wait_for_load_state("networkidle")
    page.reload()
    expect(page.locator(".view-tab").filter(has_text="Twice")).to_have_count(1)
