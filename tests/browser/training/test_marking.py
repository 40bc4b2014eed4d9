"""Free texts are marked by two people who do not see each other's mark; a third decides."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app.database import db
from app.testing.plugin_fixtures import House
from plugins.training.exams.models import Attempt
from plugins.training.tests.helpers import exam, taken


@pytest.fixture
def attempt(site_app) -> int:
    """An attempt with one free text, handed in."""
    with site_app.app_context():
        house = House(site_app, db.session)
        key = taken(house, exam(house, number=3, texts=1)).id
        db.session.remove()
    return key


def give(page: Page, attempt: int, points: str) -> None:
    """Open the marking page and save a mark."""
    page.goto(f"/training/attempts/{attempt}/mark")
    # Who wrote it, and what others gave, is not said.
    expect(page.locator("main")).not_to_contain_text("李晓雯")
    expect(page.locator("main")).not_to_contain_text("Points:")
    page.locator("input[name=points]").fill(points)
    page.get_by_role("button", name="Save the mark").click()


def test_two_markers_disagree_and_a_third_decides(visit, site_app, attempt):
    supervisor, leader, hr = (visit(name).page for name in ("supervisor", "leader", "hr"))
    for page, points in ((supervisor, "0"), (leader, "2")):
        give(page, attempt, points)
        expect(page.get_by_text("Your mark is saved; somebody else gives the next one.")
               ).to_be_visible()
    # Neither can settle it, and the third person's mark is what counts.
    leader.goto(f"/training/attempts/{attempt}/mark")
    expect(leader.locator("input[name=points]")).to_have_count(0)
    give(hr, attempt, "1")
    hr.wait_for_url(f"**/training/attempts/show/{attempt}")
    with site_app.app_context():
        held = db.session.get_one(Attempt, attempt)
        assert (held.status, held.points) == ("passed", 7)
        db.session.remove()
