"""The template of customers on form and page: a wrong card is refused, a right one is masked."""

from __future__ import annotations

import re

from playwright.sync_api import expect

RIGHT, WRONG = "6222 0212 3456 7890 128", "6222 0212 3456 7890 129"


def _value(page, label: str):
    """Return the value of a line of the page."""
    name = page.locator("dt", has_text=re.compile(rf"^\s*{label}\s*$"))
    return page.locator(".fact", has=name).locator("dd")


def test_a_card_is_checked_masked_and_revealed_for_a_reason(visit):
    visitor = visit("supervisor")
    visitor.watch.expected.append("422")
    page = visitor.page
    page.goto("/customers/list/?all=1&x_credit_record__filled=1&sort=-id")
    page.locator("tbody a.row-link").first.click()
    page.wait_for_selector("html[data-ready=true]", state="attached")
    page.locator("[data-edit]").click()
    expect(page.get_by_role("heading", name="Credit information")).to_be_visible()
    expect(page.locator("#x_credit_record option:checked")).to_have_text("****")
    page.locator("#x_card_number").fill(WRONG)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#x_card_number-error")).to_contain_text("This is no card number")
    page.locator("#x_card_number").fill(RIGHT)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("body")).to_contain_text("has been saved")
    expect(_value(page, "Bank card")).to_contain_text("****0128")
    record = _value(page, "Credit record")
    expect(record).to_contain_text("****")
    record.get_by_role("link", name="Reveal").click()
    record.get_by_label("Why do you need to see it?").fill("New application")
    record.get_by_role("button", name="Reveal").click()
    expect(record.locator("[data-revealed]")).to_contain_text(
        re.compile("No overdue payment|Now and then overdue|Overdue several times|No record"))
