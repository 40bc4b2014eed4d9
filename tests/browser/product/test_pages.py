"""Every page of every role is sound; see ``tests/browser/product/pages.py``.

One file for both languages, so that one process fills the demonstration and opens it while the
other goes on with what needs neither.
"""

from __future__ import annotations

import pytest

from tests.browser.product.pages import check_every_page, combinations

pytestmark = pytest.mark.long

IN_ENGLISH = combinations(
    ("supervisor", "dark", "desk"), ("admin", "dark", "phone"), ("hr", "light", "phone")
)
IN_CHINESE = combinations(
    ("admin", "light", "desk"), ("agent", "dark", "phone"), ("leader", "light", "phone")
)


@pytest.mark.parametrize(("role", "theme", "width"), IN_ENGLISH)
def test_every_page_is_sound_in_english(visit, axe, site_app, role, theme, width):
    check_every_page(visit(role, "en", theme, width), axe, "en", site_app)


@pytest.mark.parametrize(("role", "theme", "width"), IN_CHINESE)
def test_every_page_is_sound_in_chinese(visit, axe, site_app, role, theme, width):
    check_every_page(visit(role, "zh", theme, width), axe, "zh", site_app)
