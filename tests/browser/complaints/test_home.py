"""The home page in a browser: further cards come into view and are packed like the first."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.test_access import faults


@pytest.mark.parametrize(("language", "theme", "width"),
                         [("en", "light", "desk"), ("zh", "dark", "phone")])
def test_cards_further_down_are_loaded_on_the_way_there(visit, axe, language, theme, width):
    visitor = visit("supervisor", language, theme, width)
    page = visitor.page
    asked = []
    page.on("request", lambda request: asked.append(request.url)
            if "/home/cards" in request.url else None)
    page.goto("/")
    page.wait_for_selector("html[data-ready=true]", state="attached")
    first = page.locator(".home-card.card").count()
    assert first > 0
    for _ in range(10):
        page.mouse.wheel(0, 1200)
        page.wait_for_timeout(100)
        if page.locator(".home-later").count() == 0:
            break
    expect(page.locator(".home-later")).to_have_count(0)
    cards = page.locator(".home-card.card")
    expect(cards.first).to_be_visible()
    assert cards.count() >= first and asked
    # Each is as tall as what it holds: nothing is cut off and nothing lies over another card.
    boxes = [card.bounding_box() for card in cards.all()]
    for place, one in enumerate(boxes):
        for other in boxes[place + 1:]:
            apart = (one["x"] + one["width"] <= other["x"] + 1
                     or other["x"] + other["width"] <= one["x"] + 1
                     or one["y"] + one["height"] <= other["y"] + 1
                     or other["y"] + other["height"] <= one["y"] + 1)
            assert apart, (one, other)
    ids = page.locator(".home-card .card-title").evaluate_all("found => found.map(one => one.id)")
    assert len(set(ids)) == len(ids)
    assert faults(visitor, axe) == []
    page.get_by_role("button", name={"en": "Arrange", "zh": "调整卡片"}[language]).click()
    expect(page.locator("input[name=card]").first).to_be_visible()
