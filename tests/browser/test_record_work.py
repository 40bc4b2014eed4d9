"""Record pages and forms in a real browser: what their scripts add."""

from __future__ import annotations

import re

from playwright.sync_api import expect

CASE = "/sample/cases/show/61"


def test_a_colleague_is_named_by_keyboard(visit):
    page = visit("agent").page
    page.goto(CASE)
    page.locator("#comment-text").click()
    page.keyboard.type("请 @陈")
    expect(page.get_by_role("option", name=re.compile("陈志远"))).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#comment-text")).to_have_value("请 @陈志远 ")
    page.keyboard.type("看一下")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator(".mention").first).to_have_text("@陈志远")


def test_a_single_fact_is_changed_in_its_place(visit):
    page = visit("agent").page
    page.goto(CASE)
    page.get_by_role("link", name="Change: Phone").focus()
    page.keyboard.press("Enter")
    field = page.locator(".fact-form input.form-control")
    expect(field).to_be_focused()
    field.fill("13900139000")
    page.keyboard.press("Enter")
    expect(page.locator(".facts")).to_contain_text(["13900139000"])
    expect(page.locator(".fact-form")).to_have_count(0)


def test_what_was_typed_is_offered_when_one_comes_back(visit):
    page = visit("agent").page
    page.goto("/sample/cases/add")
    page.locator("#subject").fill("half a case")
    expect(page.locator("[data-draft-kept]")).to_be_visible(timeout=10_000)
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto("/sample/cases/list/")
    page.goto("/sample/cases/add")
    page.get_by_role("button", name="Go on with it").click()
    expect(page.locator("#subject")).to_have_value("half a case")


def test_a_field_appears_when_its_condition_holds(visit):
    page = visit("supervisor").page
    page.goto("/sample/cases/add")
    expect(page.locator("#promised_on")).to_be_hidden()
    page.locator("#urgent").check()
    expect(page.locator("#promised_on")).to_be_visible()


def test_the_timeline_shows_one_kind_alone(visit):
    page = visit("agent").page
    page.goto(CASE)
    for place in range(6):
        page.locator("#comment-text").fill(f"note {place}")
        page.get_by_role("button", name="Comment", exact=True).click()
        expect(page.locator("#timeline")).to_contain_text(f"note {place}")
    page.locator("[data-files] input[type=file]").set_input_files(
        {"name": "a.txt", "mimeType": "text/plain", "buffer": b"words"})
    expect(page.locator("#timeline .entry-file")).to_have_count(1)
    page.locator("[data-timeline-filter]").get_by_role("button", name=re.compile("Files")).click()
    expect(page.locator("#timeline .entry-comment").first).to_be_hidden()
    expect(page.locator("#timeline .entry-file")).to_be_visible()
