"""Every page that a role can reach: axe-core, width, and words of the wrong language.

Links are followed from the menu, to one page of each kind. An administrator opens of each screen a
list and a record and of each plugin a form in Chinese; a supervisor opens what the first page leads
to in English, of each plugin one list. That every list and form answers is tried without a browser.
With ``CARELINE_EVERY_ROLE=1``, as on the build machine, every role opens all that it reaches, with
both forms, boards and calendars, and an administrator once more in the other language, colours and
width. ``CARELINE_EVERY_COMBINATION=1`` has all roles open them in all combinations;
``CARELINE_EVERY_COMBINATION=pages`` also opens every generated page of every record screen instead
of one of each sort.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import Flask

from tests.browser.conftest import Visitor
from tests.browser.product.crawl import Crawl, Look, Reach
from tests.browser.test_access import faults

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_ENGLISH = re.compile(r"[A-Za-z]{3,}")
_OF_A_RECORD = re.compile(r"/\d+(/|$)")
# Names, units and kinds of file that are the same in both languages.
_SAME = frozenset({
    "careline", "csv", "xlsx", "pdf", "json", "yaml", "api", "rest", "url", "ctrl", "utf", "gb",
    "english", "excel", "esc", "enter", "shift", "python", "sqlite", "postgresql", "redis",
    "dingtalk", "feishu", "wecom", "cfpb", "sms", "vin", "disp", "uk", "us", "tab", "bom", "html",
    "sql",
})
# Words that the product writes itself: headings, labels, buttons, tabs. Cells hold people's data.
_OWN_WORDS = """() => [...document.querySelectorAll(
    "h1, h2, h3, label, legend, th, button, .btn, .menu a, .breadcrumb, .nav-link, .form-hint, " +
    ".empty-state, dt, [role=tab], .pager-note")]
  .filter((e) => !e.closest("[data-people-text], [translate=no], .record-title, #announcements"))
  .map((e) => {
    // What people have named stands within words of the product: in a button, in a heading.
    const names = [...e.querySelectorAll("[data-people-text]")].map((n) => n.innerText.trim());
    return names.filter(Boolean).reduce((text, name) => text.replace(name, ""), e.innerText).trim();
  }).filter(Boolean)"""


def foreign_words(page, language: str) -> list[str]:
    """Return the product's own words on the page that belong to the other language."""
    texts = page.evaluate(_OWN_WORDS)
    if _OF_A_RECORD.search(urlsplit(page.url).path):
        # The heading holds the name of the record or person.
        heading = page.locator("h1").first.inner_text()
        texts = [text for text in texts if text != heading]
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


def _wrong_with(
    visitor: Visitor, axe: str, language: str, *, menu: bool = True, look: Look = Look.WHOLE
) -> list[str]:
    """Return what is wrong with the page that is open, with its menu or without."""
    page = visitor.page
    page.wait_for_selector("html[data-ready=true]", state="attached")
    wrong = [] if look is Look.NOTHING else faults(
        visitor, axe, without=None if menu else "#sidebar", drawn=look is Look.WHOLE)
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    wrong += [f"scrolls sideways by {wide} px"] if wide > 0 else []
    return wrong + [f"foreign: {text}" for text in foreign_words(page, language)]


def check_pages(visitor: Visitor, axe: str, language: str, paths: list[str]) -> None:
    """Open some pages and name what is wrong with each.

    Args:
        visitor: a signed-in person.
        axe: source of axe-core.
        language: ``zh`` or ``en``.
        paths: their addresses.

    Raises:
        AssertionError: something is wrong with a page.
    """
    found: dict[str, list[str]] = {}
    for path in paths:
        answer = visitor.page.goto(path)
        assert answer is not None and answer.status == 200, path
        wrong = _wrong_with(visitor, axe, language)
        if wrong:
            found[path] = wrong
    assert found == {}, "\n".join(f"{path}: {'; '.join(wrong)}" for path, wrong in found.items())


def check_every_page(
    visitor: Visitor, axe: str, language: str, app: Flask, reach: Reach
) -> None:
    """Open the pages that a person can reach and name what is wrong with each.

    Args:
        visitor: a signed-in person.
        axe: source of axe-core.
        language: ``zh`` or ``en``.
        app: the application that serves the pages.
        reach: how far it goes.

    Raises:
        AssertionError: something is wrong with a page.
    """
    page = visitor.page
    found: dict[str, list[str]] = {}
    seen = []
    crawl = Crawl(page, app, reach)
    for path, answer in crawl.pages():
        seen.append(path)
        if answer.status != 200:
            found[path] = [f"answers {answer.status}"]
            continue
        # The menu is the same on all of them.
        wrong = _wrong_with(
            visitor, axe, language, menu=len(seen) == 1, look=crawl.look(path))
        if wrong:
            found[path] = wrong
    assert len(seen) > 15
    assert found == {}, "\n".join(f"{path}: {'; '.join(wrong)}" for path, wrong in found.items())
