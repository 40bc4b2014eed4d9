"""The style guide, photographed in light and dark, and free of grave faults."""

from __future__ import annotations

import pytest

from tests.browser.test_access import faults


@pytest.mark.parametrize("width", ["desk", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_style_guide_is_photographed(visit, axe, tmp_path, language, theme, width):
    visitor = visit("admin", language, theme, width)
    page = visitor.page
    page.goto("/styleguide/")
    page.wait_for_selector("html[data-ready=true]", state="attached")
    assert faults(visitor, axe) == []
    assert page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    ) <= 0
    picture = page.screenshot(path=tmp_path / "styleguide.png", full_page=True)
    assert len(picture) > 20_000
