"""Charts on the product's own figures: every text stands whole on its canvas."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.services.choosing import further

# Texts that reach beyond the left or the right edge of their canvas.
_CUT = """() => [...document.querySelectorAll(".chart-canvas")].flatMap((canvas) =>
  window.echarts.getInstanceByDom(canvas).getZr().storage.getDisplayList(true)
    .filter((part) => part.type === "tspan" && !part.ignore && !part.invisible)
    .filter((part) => {
      const box = part.getBoundingRect().clone();
      if (part.transform) box.applyTransform(part.transform);
      return box.x < 0 || box.x + box.width > canvas.clientWidth;
    })
    .map((part) => part.style.text))"""


@pytest.mark.parametrize(("language", "width"), [
    ("en", "desk"), further("zh", "desk"), ("en", "phone"),
])
def test_no_text_of_a_chart_is_cut(visit, language, width):
    page = visit("admin", language, width=width).page
    # All days: on the first of a month the page opens with a month of nothing.
    page.goto("/complaints/statistics/?period=all")
    charts = page.locator("[data-chart]").count()
    expect(page.locator("[data-chart][data-drawn]")).to_have_count(charts)
    assert charts > 5
    assert page.evaluate(_CUT) == []
