"""The workflow of a record as steps: whole on a wide screen, one below the other on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

_OUTSIDE = """() => [...document.querySelectorAll('#dialog .flow-step')].filter((step) => {
  const box = step.getBoundingClientRect();
  return box.left < 0 || box.right > innerWidth || box.bottom > innerHeight;
}).length"""


@pytest.mark.parametrize(("width", "columns"), [("desk", 5), ("phone", 1)])
def test_a_long_workflow_is_read_without_scrolling_sideways(visit, width, columns):
    page = visit("supervisor", width=width).page
    page.goto("/complaints/list/?state__in=assigned&all=1")
    page.locator("tbody a.row-link").first.click()
    page.wait_for_selector("html[data-ready=true]", state="attached")
    page.get_by_role("link", name="Workflow", exact=True).click()
    steps = page.locator("#dialog .flow-step")
    expect(steps.first).to_be_visible()
    expect(steps).to_have_count(15)
    expect(page.locator("#dialog [aria-current=step]")).to_have_attribute("data-step", "assigned")
    expect(page.locator("#dialog")).to_have_class(re.compile("show"))
    page.wait_for_function(
        "() => !document.querySelector('#dialog').getAnimations({subtree: true}).length")
    lefts = page.evaluate(
        "() => new Set([...document.querySelectorAll('#dialog .flow-step')]"
        ".map((step) => Math.round(step.getBoundingClientRect().left))).size")
    assert lefts == columns
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if width == "desk":
        assert page.evaluate(_OUTSIDE) == 0
    else:
        # What is under way now is in sight without a search.
        expect(page.locator("#dialog .flow-step.is-here")).to_be_in_viewport()
    page.locator("#dialog .flow-fold summary").click()
    expect(page.locator("#dialog .workflow-drawing")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
