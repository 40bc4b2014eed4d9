"""The style guide, photographed in light and dark, and free of grave faults."""

from __future__ import annotations

import pytest

from tests.browser.test_access import LOOKS, faults
from tests.services.choosing import further


@pytest.mark.parametrize(("theme", "width"), LOOKS)
@pytest.mark.parametrize("language", ["zh", further("en")])
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


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_boxes_and_buttons_that_nobody_has_chosen_stand_out_from_the_page(visit, theme):
    """WCAG 2.2, 1.4.11: three to one, radio buttons of which none is chosen among them."""
    page = visit("admin", "en", theme).page
    page.goto("/styleguide/")
    page.evaluate("""document.querySelector("main").insertAdjacentHTML("beforeend", `
        <input class="form-check-input" id="one" type="radio" name="radio">
        <input class="form-check-input" id="two" type="checkbox">`)""")
    for name in ("one", "two"):
        border, ground = page.evaluate("""name => {
            const box = document.getElementById(name);
            return [getComputedStyle(box).borderTopColor,
                    getComputedStyle(document.body).backgroundColor];
        }""", name)
        lighter, darker = sorted(map(luminance, (border, ground)), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 3, (name, border, ground)


def luminance(colour: str) -> float:
    """Return the relative luminance of an ``rgb(...)`` colour, as WCAG defines it."""
    assert colour.startswith("rgb("), colour
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (int(number) / 255 for number in colour[4:-1].split(","))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
