"""One person changes a protected number, another one approves it with both values before them."""

from __future__ import annotations

import re

from playwright.sync_api import expect

_READY = "html[data-ready=true]"


def test_a_changed_phone_is_approved_by_another_person(visit):
    page = visit("agent").page
    page.goto("/customers/list/?all=1&phone__filled=1&sort=id")
    page.locator("tbody a.row-link").nth(4).click()
    page.wait_for_selector(_READY, state="attached")
    page.locator("[data-edit]").click()
    page.locator("#phone").fill("19900007777")
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator("main .alert a", has_text=re.compile("^BG-")).first.click()
    page.wait_for_selector(_READY, state="attached")
    address = page.url
    page.locator("[data-offer=document]").click()
    page.locator("#dialog-body").get_by_label("Reason").fill("The customer has a new number")
    page.get_by_label("Kind of document").select_option("recording")
    page.get_by_label("Number of the document").fill("REC-1")
    page.locator("#dialog-body").get_by_role("button", name="Add reason and document").click()
    expect(page.locator(".facts").first).to_contain_text("To be decided")

    page = visit("supervisor").page
    page.goto(address)
    row = page.locator("tr", has_text="Phone")
    expect(row.locator("ins")).to_have_text("199****7777")
    page.locator("[data-offer=approve]").click()
    page.locator("#dialog-body").get_by_role("button", name="Approve").click()
    expect(page.locator(".facts").first).to_contain_text("Approved")
