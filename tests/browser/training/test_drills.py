"""A drill is arranged, observed on a phone, and read by the learner."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.following import followed

ANSWERS = {"greeting": "A", "identity": "B", "listening": "A", "closing": "A", "script": "A",
           "answers": "A"}


def test_a_drill_is_arranged_and_observed_with_the_checklist(visit):
    page = visit("supervisor", width="phone").page
    page.goto("/training/drills/add")
    page.locator("[name=subject]").fill("交车后回访")
    owner = page.locator("select[name=owner] + .ts-wrapper")
    owner.locator(".ts-control").click()
    owner.locator(".dropdown-input").fill("李晓雯")
    page.locator(".ts-dropdown .option", has_text="李晓雯").first.click()
    page.locator("[name=held_on]").fill(page.evaluate("new Date().toISOString().slice(0, 10)"))
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/training/drills/show/*")
    address = page.url
    page.locator("[data-offer=observe]").click()
    dialog = page.locator("#dialog-body")
    expect(dialog).to_contain_text("Greets and says who is calling")
    for item, code in ANSWERS.items():
        dialog.locator(f"select[name={item}]").select_option(code)
    dialog.locator("[name=advice]").fill("先核对身份，再谈车辆信息")
    with followed(page):
        dialog.locator("button.btn-primary").click()
    expect(page.locator("#checklist-title")).to_be_visible()
    expect(page.locator("main")).to_contain_text("90")
    learner = visit("agent", language="zh").page
    learner.goto(address)
    expect(learner.locator("main")).to_contain_text("先核对身份，再谈车辆信息")
    expect(learner.locator("[data-offer=observe]")).to_have_count(0)
