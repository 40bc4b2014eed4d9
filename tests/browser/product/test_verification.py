"""An item of a customer is verified from its row, in a dialog that names it already."""

from __future__ import annotations

from playwright.sync_api import expect


def test_an_item_is_verified_from_its_row(visit):
    page = visit("agent").page
    page.goto("/customers/list/?view=all&information_state__in=to_verify&sort=-id")
    page.locator("tbody a.row-link").first.click()
    page.wait_for_selector("html[data-ready=true]", state="attached")
    card = page.locator("section", has=page.locator("#items-title"))
    row = card.get_by_role("row").filter(has_text="Address")
    expect(row).to_contain_text("Unverified")
    row.get_by_role("link", name="Verify: Address").click()
    dialog = page.locator("#dialog-body")
    expect(dialog.locator("select[name=items] option:checked")).to_have_text("Address")
    dialog.locator("[name=document_kind_id] + .ts-wrapper .ts-control").click()
    page.get_by_role("option", name="Proof of address").click()
    dialog.locator("[name=note]").fill("Water bill")
    page.get_by_role("dialog").get_by_role("button", name="Verify information").click()
    expect(row).to_contain_text("Verified")
    expect(row).to_contain_text("Proof of address")
    expect(row).to_contain_text("Water bill")
