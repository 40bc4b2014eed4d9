"""The command palette by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_access import LOOKS, faults

CASE = "/sample/cases/show/61"
CHOSEN = "[data-palette] [aria-selected=true]"


def opened(page: Page) -> None:
    """Open the palette with its key, once the page is ready."""
    if page.url == "about:blank":
        page.goto("/")
    page.wait_for_selector("html[data-ready=true]", state="attached")
    page.keyboard.press("Control+k")
    expect(page.locator("[data-palette-input]")).to_be_focused()


@pytest.mark.parametrize("typed", ["手续费", "争议", "13800138000", "SX-2026-000061"])
def test_a_record_is_found_and_opened_by_keyboard(visit, typed):
    page = visit("agent").page
    opened(page)
    page.keyboard.type(typed)
    expect(page.locator(CHOSEN)).to_contain_text("提前还款手续费争议")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{CASE}")


def test_what_was_found_is_marked(visit):
    page = visit("agent").page
    opened(page)
    page.keyboard.type("手续费")
    expect(page.locator(f"{CHOSEN} mark")).to_have_text("手续费")


def test_a_page_is_found_by_the_initials_of_its_pinyin(visit):
    page = visit("admin", "zh").page
    opened(page)
    page.keyboard.type("zhsz")
    expect(page.locator("[data-palette-empty]")).to_be_visible()
    page.locator("[data-palette-input]").fill("wdzh")
    expect(page.locator(CHOSEN)).to_have_text("我的账户")
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/")


def test_records_opened_lately_stand_first_without_names_in_the_browser(visit):
    page = visit("agent").page
    page.goto(CASE)
    page.goto("/")
    opened(page)
    expect(page.locator(CHOSEN)).to_contain_text("提前还款手续费争议")
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert CASE in kept
    assert "提前还款" not in kept


def test_what_can_be_done_with_the_record_is_offered(visit):
    page = visit("agent").page
    page.goto("/sample/cases/show/7")
    opened(page)
    page.keyboard.type("finish")
    expect(page.locator(CHOSEN)).to_have_text("Finish")
    page.keyboard.press("Enter")
    expect(page.locator(".modal.show textarea")).to_be_visible()


def test_commands_work_and_escape_gives_the_focus_back(visit):
    page = visit("agent").page
    page.goto("/")
    button = page.locator("[data-palette-open]")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-palette-input]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    opened(page)
    page.keyboard.type("light and dark")
    expect(page.locator(CHOSEN)).to_have_text("Switch between light and dark")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_a_late_answer_to_what_was_typed_before_is_not_shown(visit):
    page = visit("agent").page
    waiting = []
    page.route(
        "**/palette/records?q=SX-2026-000061",
        lambda route: waiting.append(route),
    )
    opened(page)
    page.keyboard.type("SX-2026-000061")
    page.wait_for_timeout(400)
    assert len(waiting) == 1
    page.locator("[data-palette-input]").fill("SX-2026-000002")
    expect(page.locator(CHOSEN)).to_contain_text("SX-2026-000002")
    waiting[0].abort()
    page.wait_for_timeout(200)
    expect(page.locator(CHOSEN)).to_contain_text("SX-2026-000002")


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_the_palette_has_no_grave_faults(visit, axe, theme, width):
    visitor = visit("admin", "zh", theme, width)
    visitor.page.goto("/")
    visitor.page.locator("[data-palette-open]").click()
    expect(visitor.page.locator("[data-palette] [role=option]").first).to_be_visible()
    visitor.page.keyboard.type("手续费")
    expect(visitor.page.locator(CHOSEN)).to_contain_text("手续费")
    assert faults(visitor, axe) == []
