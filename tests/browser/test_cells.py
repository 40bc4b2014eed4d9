"""Cells of a list that are changed in their place."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.test_lists import LIST, ready


def test_a_cell_is_changed_by_double_click_and_by_keyboard(visit):
    page = visit("agent").page
    ready(page, f"{LIST}?sort=number")
    cell = page.locator("tr[data-row='30'] [data-inline=subject]")
    cell.dblclick()
    expect(cell.locator("input[name=subject]")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("changed in the list")
    page.keyboard.press("Enter")
    expect(cell).to_have_text("changed in the list")
    expect(page.locator("[data-panel]")).to_be_hidden()
    cell.focus()
    page.keyboard.press("F2")
    expect(cell.locator("input[name=subject]")).to_be_focused()
    page.keyboard.type("never")
    page.keyboard.press("Escape")
    expect(cell).to_have_text("changed in the list")


def test_a_cell_that_is_sent_the_moment_it_appears_stays_in_the_list(visit):
    page = visit("agent").page
    ready(page, f"{LIST}?sort=number")
    # The quickest of users: the form is sent as soon as it stands in the page.
    page.evaluate("""() => new MutationObserver((changes, observer) => {
        const form = document.querySelector("[data-inline-form]");
        if (form) {
            observer.disconnect();
            form.elements.subject.value = "changed at once";
            form.requestSubmit();
        }
    }).observe(document.querySelector("table"), {childList: true, subtree: true})""")
    cell = page.locator("tr[data-row='31'] [data-inline=subject]")
    cell.dblclick()
    expect(cell).to_have_text("changed at once")
    expect(page).to_have_url(re.compile(r"/list/\?sort=number$"))
