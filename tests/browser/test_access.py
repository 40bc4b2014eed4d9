"""axe-core on every kind of page, in both languages, light and dark, wide and narrow."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from playwright.sync_api import expect

from app.testing.plugin_fixtures import PASSWORD
from tests.browser.conftest import EVERY_COMBINATION, Visitor
from tests.services.choosing import further

PAGES = {
    "home": "/",
    "list": "/sample/cases/list/?state__in=new&state__in=done&sort=number",
    "board": "/sample/cases/list/?mode=board",
    "calendar": "/sample/cases/list/?mode=calendar",
    "panel": "/sample/cases/list/?sort=number&open=3",
    "empty": "/sample/cases/list/?subject__is=nothing",
    "record": "/sample/cases/show/61",
    "edit": "/sample/cases/edit/61",
    "add": "/sample/cases/add",
    "delete": "/sample/cases/delete/61",
    "action": "/sample/cases/act/61/finish",
    "search": "/search/?q=SC",
    "account": "/account/",
    "password": "/account/password/",
    "accounts": "/users/list/",
    "account_record": "/users/show/1",
    "role": "/roles/edit/1",
    "role_record": "/roles/show/1",
}
GRAVE = {"serious", "critical"}
# Of colours and width each is seen once, or all four pairs.
LOOKS = [("light", "desk"), ("dark", "phone"), further("light", "phone"), further("dark", "desk")]
# Any two of language, colours and width meet once; all three where the environment asks.
SIDES = [
    ("zh", "light", "desk"), ("zh", "dark", "phone"),
    further("en", "light", "phone"), further("en", "dark", "desk"),
]
if EVERY_COMBINATION:
    SIDES = list(itertools.product(("zh", "en"), ("light", "dark"), ("desk", "phone")))


# What takes the most time: where every text and every control lies, and what lies beneath it.
_DRAWN = ("color-contrast", "target-size")


def _options(drawn: bool) -> dict[str, Any]:
    # ``region`` is of moderate weight and takes a fifth of the time.
    left_out = ("region", *(() if drawn else _DRAWN))
    return {
        "resultTypes": ["violations"], "selectors": False,
        "rules": {name: {"enabled": False} for name in left_out},
        "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }


def faults(
    visitor: Visitor, axe: str, within: str = "html", without: str | None = None, *,
    drawn: bool = True,
) -> list[str]:
    """Return what axe-core finds serious or critical on the page, or within one element.

    Args:
        visitor: whose page it is.
        axe: source of axe-core.
        within: the element.
        without: an element that is left out.
        drawn: whether colours and sizes are looked at.
    """
    visitor.page.evaluate(axe)
    found = visitor.page.evaluate(
        "([include, exclude, options]) => "
        "axe.run(exclude ? {include, exclude} : include, options)",
        [within, without, _options(drawn)],
    )
    return [
        f"{fault['id']}: {fault['help']}: {node['html'][:160]}"
        for fault in found["violations"] if fault["impact"] in GRAVE
        for node in fault["nodes"][:3]
    ]


def test_axe_itself_finds_faults(visit, axe):
    visitor = visit()
    visitor.page.goto("/login/")
    visitor.page.evaluate("document.querySelector('label').remove()")
    assert any("label" in fault for fault in faults(visitor, axe))


@pytest.mark.parametrize(("language", "theme", "width"), SIDES)
def test_pages_have_no_grave_faults(visit, axe, language, theme, width):
    visitor = visit("admin", language, theme, width)
    found = {}
    for name, path in PAGES.items():
        visitor.page.goto(path)
        visitor.page.wait_for_selector("html[data-ready=true]", state="attached")
        if name in ("edit", "add"):
            visitor.page.wait_for_selector(".ts-wrapper")
        wrong = faults(visitor, axe)
        if wrong:
            found[name] = wrong
        overflow = visitor.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if overflow > 0:
            found.setdefault(name, []).append(f"scrolls sideways by {overflow} px")
    assert found == {}


@pytest.mark.parametrize("language", [further("zh"), "en"])
def test_sign_in_and_error_pages(visit, axe, language):
    visitor = visit("", language)
    visitor.page.goto("/login/")
    assert faults(visitor, axe) == []
    visitor.page.fill("[name=username]", "nobody")
    visitor.page.fill("[name=password]", "wrong wrong wrong")
    visitor.page.click("main button[type=submit]")
    expect(visitor.page.locator(".error-summary")).to_be_focused()
    assert faults(visitor, axe) == []
    visitor.watch.expected.append("404")
    visitor.page.goto("/nothing")
    assert faults(visitor, axe) == []


def test_who_signs_in_comes_to_where_they_were_going(visit):
    page = visit().page
    page.goto("/sample/cases/show/7")
    page.fill("[name=username]", "agent")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/sample/cases/show/7")
    expect(page.locator("[data-person-name]").first).to_be_attached()
