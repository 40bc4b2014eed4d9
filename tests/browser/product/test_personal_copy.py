"""A copy of all that is held of a customer: asked for in a dialog, taken where jobs leave files."""

from __future__ import annotations

import json
import zipfile

from playwright.sync_api import expect


def test_a_supervisor_makes_a_copy_and_takes_it(visit, work):
    page = visit("supervisor").page
    page.goto("/customers/list/?all=1")
    page.locator("tbody a.row-link").first.click()
    page.wait_for_selector("html[data-ready=true]", state="attached")
    number = page.locator("h1 .record-number").inner_text().strip()
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("link", name="Copy of all data").click()
    reason = page.get_by_label("Who asked for it, and how was their identity checked?")
    expect(reason).to_be_visible()
    make = page.get_by_role("button", name="Make the copy")
    # Without a reason nothing is sent.
    make.click()
    assert reason.evaluate("field => field.validity.valueMissing")
    reason.fill("Asked in person, ID card seen")
    page.get_by_label("中文").check()
    make.click()
    expect(page.locator("h1")).to_contain_text(f"Copy of all data of {number}")
    work()
    link = page.get_by_role("link", name=f"{number}-")
    expect(link).to_be_visible()
    with page.expect_download() as taken:
        link.click()
    with zipfile.ZipFile(taken.value.path()) as archive:
        assert json.loads(archive.read("copy.json"))["customer"] == number
        assert "个人信息副本" in archive.read("copy.html").decode()
