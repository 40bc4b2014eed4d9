"""A new agent goes to the certificate by keyboard; a killed browser loses nothing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.following import followed
from tests.services.choosing import further

WORDS = {
    "zh": {"title": "我的培训", "begin": "开始考试", "hand_in": "确认交卷", "passed": "合格",
           "valid": "有效"},
    "en": {"title": "My training", "begin": "Begin", "hand_in": "Hand in now", "passed": "Passed",
           "valid": "Valid"},
}


def press(page: Page, name: str) -> None:
    """Press a button by keyboard, and wait for the page that follows."""
    button = page.get_by_role("button", name=name)
    button.focus()
    with followed(page):
        page.keyboard.press("Enter")


def answer_right(page: Page) -> None:
    """Choose the right answer by keyboard, and go on."""
    page.get_by_role("radio", name="right", exact=True).focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("radio", name="right", exact=True)).to_be_checked()
    page.locator("button.btn-primary[name=go]").focus()
    with followed(page):
        page.keyboard.press("Enter")


@pytest.mark.parametrize(("language", "username"), [("zh", "agent"), further("en", "wanghao")])
def test_from_onboarding_to_the_certificate(visit, language, username):
    page, words = visit(username, language=language).page, WORDS[language]
    page.goto("/training/mine/")
    expect(page.locator("h1")).to_have_text(words["title"])
    step = page.locator("tr[aria-current=step]")
    expect(step).to_contain_text("信息安全")
    step.locator("a.btn-primary").focus()
    with followed(page):
        page.keyboard.press("Enter")
    press(page, words["begin"])
    answer_right(page)
    answer_right(page)
    press(page, words["hand_in"])
    expect(page.locator("h1")).to_contain_text(words["passed"])
    expect(page.locator("main")).to_contain_text("100.0%")
    page.goto("/training/mine/")
    expect(page.locator("tr[aria-current=step]")).to_contain_text("车贷业务")
    certificate = page.locator("section", has=page.locator("#certificates-title"))
    expect(certificate).to_contain_text(words["valid"])


def test_a_browser_that_is_killed_in_the_middle_goes_on(visit):
    first = visit("liuyang", language="en")
    page = first.page
    page.goto("/training/mine/")
    page.locator("tr[aria-current=step] a.btn-primary").click()
    press(page, "Begin")
    address = page.url
    page.get_by_role("radio", name="right", exact=True).check()
    # Saved at once, without any button.
    expect(page.locator("#saved")).to_contain_text("Saved")
    page.close()

    page = visit("liuyang", language="en").page
    page.goto("/training/mine/")
    page.locator("tr[aria-current=step] a.btn-primary").click()
    press(page, "Go on")
    assert page.url == address
    expect(page.get_by_role("radio", name="right", exact=True)).to_be_checked()
    expect(page.locator("#clock")).to_contain_text(re.compile(r"(29|30) minutes left"))
    # What has not been reached is not shown, whatever is asked for.
    page.goto(address.replace("question/1", "question/2"))
    assert page.url == address
    page.goto(address.replace("question/1", "review"))
    assert page.url == address


def test_the_pages_are_accessible_and_fit_a_phone(visit, axe):
    page = visit("agent", language="zh", width="phone").page
    page.goto("/training/mine/")
    page.evaluate(axe)
    found = page.evaluate("async () => (await axe.run()).violations"
                          ".filter(one => ['serious', 'critical'].includes(one.impact))"
                          ".map(one => one.id)")
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
