"""Every page of every role is sound in English; see ``tests/browser/product/pages.py``."""

from __future__ import annotations

import pytest

from tests.browser.product.pages import check_every_page, combinations

pytestmark = pytest.mark.long

COMBINATIONS = combinations(
    ("supervisor", "dark", "desk"), ("admin", "dark", "phone"), ("hr", "light", "phone")
)


@pytest.mark.parametrize(("role", "theme", "width"), COMBINATIONS)
def test_every_page_is_sound(visit, axe, site_app, role, theme, width):
    check_every_page(visit(role, "en", theme, width), axe, "en", site_app)
