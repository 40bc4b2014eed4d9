"""An article is written, approved, found by keyboard while somebody types, outdated, corrected."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.following import followed
from tests.services.choosing import further

SUBJECT = {"zh": "车贷期间搬家要不要报备", "en": "Moving house during the loan"}
ANSWER = {"zh": "搬家后请在十五天内登记新的联系地址。",
          "en": "Register the new address within fifteen days."}
ASKED = {"zh": "我搬家了需要报备吗", "en": "I am moving house"}

CORRECTED = "搬家后请在三十天内登记新的联系地址。"


def ready(page: Page) -> None:
    page.wait_for_selector("html[data-ready=true]", state="attached")


@pytest.mark.parametrize("language", ["zh", further("en")])
def test_suggestions_are_reached_inserted_and_noted_by_keyboard(visit, language):
    page = visit("agent", language=language).page
    page.goto("/complaints/add")
    ready(page)
    reason = page.locator("[name=reason]")
    reason.focus()
    page.keyboard.type({"zh": "客户想提前还款，问怎么结清",
                        "en": "The customer wants to repay early"}[language])
    title = {"zh": "提前还款怎么办理", "en": "How to repay early"}[language]
    first = page.locator("[data-suggestion] summary").first
    expect(first).to_contain_text(title)
    page.keyboard.press("Alt+ArrowDown")
    expect(first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-suggestion] summary").nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    with page.expect_response(re.compile("/used$")) as opened:
        page.keyboard.press("Enter")
    assert opened.value.status == 204
    page.keyboard.press("Tab")
    expect(page.locator("[data-suggestion-use=answered]").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[name=suggestion_answered]")).to_have_count(1)
    page.keyboard.press("Tab")
    with page.expect_response(re.compile("/used$")):
        page.keyboard.press("Enter")
    expect(reason).to_have_value(re.compile({
        "zh": "入账后办理结清手续", "en": "the contract is settled"}[language]))
    expect(reason).to_be_focused()


def test_a_forbidden_word_is_warned_of_and_no_answer_is_noted(visit):
    page = visit("agent", language="zh").page
    page.goto("/complaints/add")
    ready(page)
    page.locator("[name=reason]").focus()
    page.keyboard.type("同事说这是规定，外星人能贷款吗")
    expect(page.locator(".suggestion-warning")).to_contain_text("这是规定")
    with page.expect_response(re.compile("/used$")) as noted:
        page.locator("[data-suggestion-use=unanswered]").click()
    assert noted.value.status == 204
    expect(page.locator("[data-suggestion-use=unanswered]")).to_be_disabled()


def test_an_article_is_written_approved_found_outdated_and_corrected(visit):
    author = visit("agent", language="zh").page
    author.goto("/knowledge/add")
    ready(author)
    author.fill("[name=title_zh]", SUBJECT["zh"])
    author.fill("[name=text_zh]", f"## 办理\n\n{ANSWER['zh']}")
    with followed(author):
        author.locator(".save-bar .btn-primary").click()
    ready(author)
    address = re.search(r"/knowledge/show/\d+", author.url)
    assert address is not None
    with followed(author):
        author.get_by_role("button", name="提交审核").click()
    leader = visit("supervisor", language="zh").page
    leader.goto(address[0])
    ready(leader)
    expect(leader.locator(".rich-text h3").first).to_have_text("办理")
    with followed(leader):
        leader.get_by_role("button", name="审核并发布").click()
    ready(leader)
    expect(leader.locator(".record-chips")).to_contain_text("已发布")
    author.goto("/complaints/add")
    ready(author)
    author.locator("[name=reason]").focus()
    author.keyboard.type(ASKED["zh"])
    expect(author.locator("[data-suggestion] summary").first).to_contain_text(SUBJECT["zh"])
    author.goto(address[0])
    ready(author)
    with followed(author):
        author.get_by_role("button", name="新建版本").click()
    ready(author)
    expect(author.locator("[name=title_zh]")).to_have_value(SUBJECT["zh"])
    author.fill("[name=text_zh]", CORRECTED)
    with followed(author):
        author.locator(".save-bar .btn-primary").click()
    ready(author)
    later = re.search(r"/knowledge/show/\d+", author.url)
    assert later is not None and later[0] != address[0]
    with followed(author):
        author.get_by_role("button", name="提交审核").click()
    leader.goto(later[0])
    ready(leader)
    with followed(leader):
        leader.get_by_role("button", name="审核并发布").click()
    leader.goto(address[0])
    ready(leader)
    expect(leader.locator(".record-chips")).to_contain_text("已过期")
    expect(leader.locator(f".alert a[href='{later[0]}']")).to_be_visible()
    author.goto("/complaints/add")
    ready(author)
    author.locator("[name=reason]").focus()
    author.keyboard.type(ASKED["zh"])
    found = author.locator("[data-suggestion]").first
    found.locator("summary").click()
    expect(found.locator(".suggestion-body")).to_have_text(CORRECTED)


@pytest.mark.parametrize(("username", "path"), [
    ("agent", "/knowledge/phrases"), ("supervisor", "/knowledge/use"),
    ("agent", "/knowledge/list/")])
@pytest.mark.parametrize("width", ["desk", "phone"])
def test_pages_are_accessible_and_fit(visit, axe, username, path, width):
    theme = "dark" if width == "phone" else "light"
    page = visit(username, language="zh", theme=theme, width=width).page
    page.goto(path)
    ready(page)
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag22aa']})")
    assert [one["id"] for one in found["violations"]
            if one["impact"] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
