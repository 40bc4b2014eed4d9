"""What is done on a page leaves one on it: its content is drawn anew, and nothing is loaded."""

from __future__ import annotations

import pytest
from flask_appbuilder.security.sqla.models import User
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.access.services import actor_for
from app.database import db
from app.records.services import create
from plugins.complaints.models import Complaint
from tests.browser.following import followed

_SUPERVISOR = "supervisor"


@pytest.fixture
def complaint(site_app):
    """Register a complaint and return its address and its number."""
    with site_app.app_context():
        user = db.session.scalar(select(User.id).where(User.username == _SUPERVISOR))
        made = create(db.session, actor_for(db.session, user), Complaint, {
            "contact": "19900002222", "reason": "重复扣款", "demand": "退款", "owner_id": None,
        })
        found = f"/complaints/show/{made.id}", made.number
        db.session.remove()
    return found


def take(page: Page) -> None:
    """Take the complaint, without waiting for more than that it is done."""
    with followed(page):
        page.locator("[data-offer=take]").click()


def test_the_page_stays_and_everything_on_it_is_new(visit, complaint):
    address, number = complaint
    page = visit(_SUPERVISOR).page
    page.goto(address)
    page.evaluate("window.stayed = true")
    page.locator("#comment-text").fill("The customer calls again tomorrow")
    take(page)
    assert page.evaluate("window.stayed") and page.url.endswith(address)
    expect(page.locator("#content")).to_be_focused()
    expect(page.locator("[data-offer=take]")).to_have_count(0)
    # What was being written is still there, and the parts that scripts serve are served.
    expect(page.locator("#comment-text")).to_have_value("The customer calls again tomorrow")
    expect(page.locator("#crumbs")).to_contain_text(number)
    assert "重复扣款" in page.title()
    page.locator("#content").press("e")
    page.wait_for_url("**/complaints/edit/**")


def test_keys_act_once_after_the_content_was_drawn_anew(visit, complaint):
    page = visit(_SUPERVISOR).page
    page.goto(complaint[0])
    take(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#content").press("k")
    page.wait_for_load_state("load")
    assert len([url for url in asked if "/step/" in url]) <= 1


def test_a_refusal_is_said_and_the_page_is_as_it_was(visit, complaint):
    address, _ = complaint
    visitor, other = visit(_SUPERVISOR), visit(_SUPERVISOR).page
    visitor.watch.expected.extend(["status of 409", "Code 409"])
    visitor.page.goto(address)
    other.goto(address)
    take(other)
    visitor.page.locator("[data-offer=take]").click()
    expect(visitor.page.locator(".toast-note")).to_have_text("Somebody works on it already.")
    expect(visitor.page.locator("[data-offer=take]")).to_have_count(1)


def test_the_browser_asks_where_something_is_still_being_written(visit, complaint):
    page = visit(_SUPERVISOR).page
    page.goto(complaint[0])
    page.evaluate("""() => document.querySelector("#content").insertAdjacentHTML(
        "beforeend", '<form data-guard="changed"></form>')""")
    take(page)
    # Instead of throwing it away the page is loaded, which a form with changes hinders.
    assert page.evaluate("performance.getEntriesByType('navigation').length") == 1
    expect(page.locator("form[data-guard=changed]")).to_have_count(0)


def test_a_page_that_is_out_of_sight_by_now_is_loaded(visit, complaint, site_app):
    """Who may no longer see the record is told so on a whole page."""
    address, _ = complaint
    visitor = visit(_SUPERVISOR)
    page = visitor.page
    visitor.watch.expected.append("status of 404")
    page.goto(address)
    page.route(f"**{address}", lambda route: route.fulfill(status=404, body="gone"), times=1)
    page.locator("[data-offer=take]").click()
    # The second answer is the server's own.
    expect(page.locator("[data-offer=take]")).to_have_count(0)
