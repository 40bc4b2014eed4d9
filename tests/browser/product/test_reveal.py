"""A masked number is revealed in its place, for a reason; a form that shows the mask keeps it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

_MASK = re.compile(r"^1\d\d\*{4}\d{4}")
_NUMBER = re.compile(r"^1\d{10}$")


def _first_customer(page) -> None:
    page.goto("/customers/list/?all=1&phone__filled=1")
    page.locator("tbody a.row-link").first.click()
    page.wait_for_selector("html[data-ready=true]", state="attached")


def test_a_supervisor_reveals_a_phone_and_gives_the_reason(visit):
    page = visit("supervisor").page
    _first_customer(page)
    label = page.locator("dt", has_text=re.compile(r"^\s*Phone\s*$"))
    place = page.locator(".fact", has=label).locator("dd")
    expect(place).to_contain_text(_MASK)
    place.get_by_role("link", name="Reveal").click()
    reason = place.get_by_label("Why do you need to see it?")
    expect(reason).to_be_focused()
    # Without a reason nothing is sent.
    place.get_by_role("button", name="Reveal").click()
    assert reason.evaluate("field => field.validity.valueMissing")
    reason.fill("The customer asked")
    place.get_by_role("button", name="Reveal").click()
    shown = place.locator("[data-revealed] a")
    expect(shown).to_have_text(_NUMBER)
    expect(shown).to_have_attribute("href", f"tel:{shown.inner_text()}")
    page.reload()
    expect(place).to_contain_text(_MASK)


def test_a_form_that_shows_the_mask_is_saved_without_it(visit):
    page = visit("agent").page
    _first_customer(page)
    before = page.locator(".facts").first.inner_text()
    page.locator("[data-edit]").click()
    expect(page.locator("#phone")).to_have_value(_MASK)
    page.locator("#remarks").fill("Called back")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".facts").first).to_contain_text(before.splitlines()[1])
    expect(page.locator("body")).to_contain_text("has been saved")


def test_who_works_on_a_complaint_calls_the_number(visit):
    page = visit("agent").page
    page.goto("/complaints/list/?owner__in=me&is_open__is=true")
    page.locator("tbody a.row-link").first.click()
    page.wait_for_selector("html[data-ready=true]", state="attached")
    page.get_by_role("button", name="Call", exact=True).click()
    expect(page.locator("[data-revealed] a")).to_have_attribute("href", re.compile(r"^tel:\d+$"))
