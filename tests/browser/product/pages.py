"""Every page that a role can reach: axe-core, width, and words of the wrong language.

An administrator, who sees all pages, opens them twice, so that language, colours and width each
come in both ways; the other roles open theirs once. Every kind of page in every combination is the
business of ``tests/browser/test_access.py``. All of it, about half an hour, is to be had by
``CARELINE_EVERY_COMBINATION=1``.
"""

from __future__ import annotations

import itertools
import os
import re

from tests.browser.conftest import Visitor
from tests.browser.test_access import faults

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_ENGLISH = re.compile(r"[A-Za-z]{3,}")
# Names, units and kinds of file that are the same in both languages.
_SAME = frozenset({
    "careline", "csv", "xlsx", "pdf", "json", "yaml", "api", "rest", "url", "ctrl", "utf", "gb",
    "english", "esc", "enter", "shift", "python", "sqlite", "postgresql", "redis", "dingtalk",
    "feishu", "wecom", "cfpb", "sms", "vin", "disp", "uk", "us", "tab", "bom", "html", "sql",
})
# Words that the product writes itself: headings, labels, buttons, tabs. Cells hold people's data.
_OWN_WORDS = """() => [...document.querySelectorAll(
    "h1, h2, h3, label, legend, th, button, .btn, .menu a, .breadcrumb, .nav-link, .form-hint, " +
    ".empty-state, dt, [role=tab], .pager-note")]
  .filter((e) => !e.closest("[data-people-text], [translate=no], .record-title, #announcements"))
  .map((e) => e.innerText.trim()).filter(Boolean)"""


def combinations(*usual: tuple[str, str, str]) -> list[tuple[str, str, str]]:
    """Return roles with colours and width: the usual ones, or all where the environment asks."""
    if not os.environ.get("CARELINE_EVERY_COMBINATION"):
        return list(usual)
    return list(itertools.product(
        ("admin", "supervisor", "agent", "leader", "hr"), ("light", "dark"), ("desk", "phone")
    ))


def addresses(page) -> list[str]:
    """Return the addresses of the menu, and of one record's pages behind each list."""
    page.goto("/")
    lists = page.eval_on_selector_all(
        "#sidebar a[href^='/']", "links => [...new Set(links.map(e => e.getAttribute('href')))]"
    )
    found = [*lists, "/account/", "/search/?q=138"]
    for path in lists:
        if not path.endswith("/list/"):
            continue
        page.goto(path)
        if page.locator("a.btn-primary[href$='/add']").count():
            found.append(path.replace("/list/", "/add"))
        link = page.locator("tbody a.row-link").first
        if link.count():
            shown = link.get_attribute("href").split("?")[0]
            found.append(shown)
            page.goto(shown)
            if page.locator("[data-edit]").count():
                found.append(shown.replace("/show/", "/edit/"))
    return found


def foreign_words(page, language: str) -> list[str]:
    """Return the product's own words on the page that belong to the other language."""
    texts = page.evaluate(_OWN_WORDS)
    if "/edit/" in page.url:
        # The heading holds the name of the record.
        texts = [text for text in texts if text != page.locator("h1").first.inner_text()]
    if language == "en":
        # The name of the person, and the switch to the other language.
        person = page.locator("[data-person-name]").first.text_content()
        return [
            text for text in texts
            if text != "中文" and _CHINESE.search(text.replace(person, ""))
        ]
    return [
        text for text in texts
        if not _CHINESE.search(text)
        and any(word.lower() not in _SAME for word in _ENGLISH.findall(text))
    ]


def check_every_page(visitor: Visitor, axe: str, language: str) -> None:
    """Open every page that a person can reach and name what is wrong with each.

    Args:
        visitor: a signed-in person.
        axe: source of axe-core.
        language: ``zh`` or ``en``.

    Raises:
        AssertionError: something is wrong with a page.
    """
    seen = addresses(visitor.page)
    assert len(seen) > 5
    check_pages(visitor, axe, language, seen)


def check_pages(visitor: Visitor, axe: str, language: str, paths: list[str]) -> None:
    """Open pages and name what is wrong with each.

    Args:
        visitor: a signed-in person.
        axe: source of axe-core.
        language: ``zh`` or ``en``.
        paths: their addresses.

    Raises:
        AssertionError: something is wrong with a page.
    """
    page = visitor.page
    found: dict[str, list[str]] = {}
    for path in paths:
        answer = page.goto(path)
        page.wait_for_selector("html[data-ready=true]", state="attached")
        wrong = [] if answer.status == 200 else [f"answers {answer.status}"]
        wrong += faults(visitor, axe)
        wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        wrong += [f"scrolls sideways by {wide} px"] if wide > 0 else []
        wrong += [f"foreign: {text}" for text in foreign_words(page, language)]
        if wrong:
            found[path] = wrong
    assert found == {}, "\n".join(f"{path}: {'; '.join(wrong)}" for path, wrong in found.items())
