"""A subject without a break pushes nothing off the page."""

from __future__ import annotations

import pytest
from flask_appbuilder.security.sqla.models import User
from playwright.sync_api import expect
from sqlalchemy import select

from app.access.services import actor_for
from app.database import db
from app.records.services import create
from plugins.complaints.models import Complaint

_WORD = "W" * 200
# Elements of the page's content that stick out to the right and that no frame of their own cuts.
_OUTSIDE = """() => [...document.querySelectorAll('main *')].filter((one) => {
  const box = one.getBoundingClientRect();
  if (!box.width || box.right <= innerWidth + 1) return false;
  for (let up = one.parentElement; up; up = up.parentElement) {
    if (getComputedStyle(up).overflowX !== 'visible') return false;
  }
  return true;
}).map((one) => one.outerHTML.slice(0, 120))"""


@pytest.fixture
def complaint(site_app) -> int:
    """A complaint whose subject, reason and demand are one long word each."""
    with site_app.app_context():
        agent = db.session.scalar(select(User.id).where(User.username == "agent"))
        made = create(db.session, actor_for(db.session, agent), Complaint, {
            "contact": "19900002222", "customer_name": "W" * 80, "subject": _WORD,
            "reason": _WORD, "demand": _WORD,
        })
        found = made.id
        db.session.remove()
    return found


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_a_subject_of_200_letters_without_a_break_keeps_to_its_place(visit, complaint, width):
    page = visit("agent", width=width).page
    for address in (f"show/{complaint}", f"edit/{complaint}", "list/", "list/?mode=calendar",
                    "list/?mode=board"):
        page.goto(f"/complaints/{address}")
        page.wait_for_selector("html[data-ready=true]", state="attached")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        assert page.evaluate(_OUTSIDE) == [], address
    card = page.locator(f".board-card[data-row='{complaint}']")
    expect(card).to_contain_text(_WORD)
    # Its column leaves room for the next one.
    assert card.bounding_box()["width"] < page.locator(".board").bounding_box()["width"]
    assert page.locator(".lane", has=card).evaluate("lane => lane.scrollWidth <= lane.clientWidth")
