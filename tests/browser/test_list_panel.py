"""The panel beside a list: a record opens in it, the address and the history know of it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.test_lists import LIST, ready


def test_a_row_opens_beside_the_list_and_the_address_keeps_it(visit):
    page = visit("agent").page
    ready(page, f"{LIST}?sort=number")
    page.locator("tr[data-row='2'] td").nth(3).click()
    panel = page.locator("[data-panel]")
    expect(panel.locator("h1")).to_contain_text("SX-2026-000002")
    assert "open=2" in page.url
    page.keyboard.press("j")
    expect(panel.locator("h1")).to_contain_text("SX-2026-000003")
    page.reload()
    expect(panel.locator("h1")).to_contain_text("SX-2026-000003")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page).not_to_have_url(re.compile("open="))


def test_back_closes_the_panel_and_stays_on_the_list(visit):
    page = visit("agent").page
    ready(page, "/")
    ready(page, f"{LIST}?sort=number")
    panel = page.locator("[data-panel]")
    page.locator("tr[data-row='2'] td").nth(3).click()
    expect(panel.locator("h1")).to_contain_text("SX-2026-000002")
    page.keyboard.press("j")
    expect(panel.locator("h1")).to_contain_text("SX-2026-000003")
    page.go_back()
    expect(panel).to_be_hidden()
    expect(page).to_have_url(re.compile(r"/list/\?sort=number$"))
    page.go_forward()
    expect(panel.locator("h1")).to_contain_text("SX-2026-000003")
    # Closing goes the same step back: the next one leaves the list.
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"/list/\?sort=number$"))
    page.go_back()
    expect(page).to_have_url(re.compile("[0-9]/$"))


def test_an_action_in_the_panel_leads_back_to_the_list(visit):
    page = visit("agent").page
    ready(page, f"{LIST}?sort=number&open=10")
    page.locator("[data-panel]").get_by_role("link", name="Finish").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("textarea").fill("settled by phone")
    dialog.get_by_role("button", name="Finish").click()
    expect(page.locator(".flashes")).to_contain_text("Done.")
    assert "/list/" in page.url and "open=10" in page.url
