"""Every page of every role is sound in Chinese; see ``tests/browser/product/pages.py``."""

from __future__ import annotations

import pytest

from tests.browser.product.pages import check_every_page, combinations

pytestmark = pytest.mark.long

COMBINATIONS = combinations(
    ("admin", "light", "desk"), ("agent", "dark", "phone"), ("leader", "light", "phone")
)


@pytest.mark.parametrize(("role", "theme", "width"), COMBINATIONS)
def test_every_page_is_sound(visit, axe, site_app, role, theme, width):
    check_every_page(visit(role, "zh", theme, width), axe, "zh", site_app)
