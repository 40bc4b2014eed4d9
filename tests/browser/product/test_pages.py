"""Every page of every role is sound; see ``tests/browser/product/pages.py``.

One file for both languages, so that one process fills the demonstration and opens it while the
other goes on with what needs neither.
"""

from __future__ import annotations

import itertools
import os

import pytest

from tests.browser.conftest import EVERY_COMBINATION
from tests.browser.product.crawl import Reach
from tests.browser.product.pages import check_every_page
from tests.services.choosing import EVERY_ROLE, further

pytestmark = pytest.mark.long

SIDES = [
    ("admin", "zh", "light", "desk"), further("supervisor", "en", "dark", "desk"),
    further("admin", "en", "dark", "phone"), further("agent", "zh", "dark", "phone"),
    further("hr", "en", "light", "phone"), further("leader", "zh", "light", "phone"),
]
REACH = Reach.MODES if os.environ.get(EVERY_ROLE) else Reach.SCREENS
if EVERY_COMBINATION:
    SIDES = list(itertools.product(
        ("admin", "supervisor", "agent", "leader", "hr"), ("zh", "en"), ("light", "dark"),
        ("desk", "phone")))
    REACH = Reach.EVERY if EVERY_COMBINATION == "pages" else Reach.MODES


@pytest.mark.parametrize(("role", "language", "theme", "width"), SIDES)
def test_every_page_is_sound(visit, axe, site_app, role, language, theme, width):
    check_every_page(visit(role, language, theme, width), axe, language, site_app, REACH)


@pytest.mark.parametrize(("role", "language"), [("supervisor", "en"), further("agent", "zh")])
def test_what_the_menu_leads_to_is_sound(visit, axe, site_app, role, language):
    check_every_page(
        visit(role, language, "dark", "phone"), axe, language, site_app, Reach.MENU)
