"""The menu by hand: groups fold, favourites stand on top, numbers of what waits arrive."""

from __future__ import annotations

import re

import pytest
from flask_appbuilder.security.sqla.models import User
from playwright.sync_api import expect
from sqlalchemy import select

from app.access.services import actor_for
from app.database import db
from app.records.services import create
from app.screens.preferences import keep_preference
from app.web.menu_state import MenuState
from tests.browser.test_access import faults
from tests.integration.screens.sample import Case

LIST = "/sample/cases/list/"
STAR = "Keep among the favourites"


@pytest.fixture(autouse=True)
def plain_menu(site_app):
    """Whatever a test sets up is gone before the next."""
    with site_app.app_context():
        for name in ("agent", "supervisor"):
            user_id = db.session.scalar(select(User.id).where(User.username == name))
            keep_preference(db.session, actor_for(db.session, user_id), "menu", {})
        db.session.remove()


def ready(page, path: str) -> None:
    """Open a page and wait for its behaviour and for what it asks for afterwards."""
    with page.expect_response("**/menu/waiting*"):
        page.goto(path)
        page.wait_for_selector("html[data-ready=true]", state="attached")
        page.evaluate("sessionStorage.removeItem('careline.waiting')")
        page.reload()
    page.wait_for_selector("html[data-ready=true]", state="attached")


def test_a_group_folds_by_keyboard_without_a_load_and_stays_folded(visit):
    page = visit("agent").page
    ready(page, "/")
    group = page.locator("#sidebar").get_by_role("button", name="Sample")
    expect(group).to_have_attribute("aria-expanded", "true")
    page.evaluate("window.stays = true")
    group.focus()
    with page.expect_response("**/menu/fold"):
        page.keyboard.press("Enter")
    expect(group).to_have_attribute("aria-expanded", "false")
    expect(page.locator("#sidebar").get_by_role("link", name="Kinds")).to_be_hidden()
    assert page.evaluate("window.stays")
    page.reload()
    expect(group).to_have_attribute("aria-expanded", "false")
    # Its lines were not sent with the page and come when it is unfolded.
    page.wait_for_selector("html[data-ready=true]", state="attached")
    link = page.locator("#sidebar").get_by_role("link", name="Kinds")
    expect(link).to_have_count(0)
    group.focus()
    page.keyboard.press("Enter")
    expect(link).to_be_visible()
    with page.expect_response("**/menu/fold"):
        page.keyboard.press("Enter")
    expect(link).to_be_hidden()
    page.reload()
    # The group of the open page is open whatever was chosen.
    page.goto("/sample/kinds/list/")
    expect(group).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#sidebar [aria-current=page]")).to_have_text("Kinds")


def test_a_folded_group_shows_what_waits_in_it_and_stays_folded_without_its_lines(
    visit, site_app
):
    visitor = visit("agent")
    page = visitor.page
    with site_app.app_context():
        user_id = db.session.scalar(select(User.id).where(User.username == "agent"))
        person = actor_for(db.session, user_id)
        create(db.session, person, Case, {"subject": "Mine", "owner_id": user_id})
        keep_preference(db.session, person, "menu", MenuState(
            folded=frozenset({"sample"})).value())
        db.session.remove()
    ready(page, "/")
    group = page.locator("#sidebar").get_by_role("button", name="Sample")
    expect(group).to_have_attribute("aria-expanded", "false")
    expect(group.locator("[data-waiting-sum]")).to_contain_text("waiting")
    page.route("**/menu/lines/*", lambda route: route.fulfill(status=503))
    visitor.watch.expected += ["503"]
    group.click()
    expect(page.get_by_role("status").or_(page.get_by_role("alert")).first).to_be_visible()
    expect(group).to_have_attribute("aria-expanded", "false")
    page.unroute("**/menu/lines/*")
    group.click()
    cases = page.locator("#sidebar").get_by_role("link", name="Cases")
    expect(cases.locator("[data-waiting]")).to_contain_text("waiting")


def test_the_rest_of_a_long_group_comes_by_keyboard_and_stays(visit, site_app, monkeypatch, axe):
    monkeypatch.setattr("app.web.sidebar.LINES_MOST", 1)
    visitor = visit("agent")
    page = visitor.page
    with site_app.app_context():
        user_id = db.session.scalar(select(User.id).where(User.username == "agent"))
        # A menu of this state has not been drawn yet.
        keep_preference(db.session, actor_for(db.session, user_id), "menu", MenuState(
            favourites=("KindView",)).value())
        db.session.remove()
    ready(page, "/")
    group = page.locator("#menu-sample")
    expect(group.get_by_role("link")).to_have_count(1)
    assert faults(visitor, axe) == []
    group.get_by_role("button", name="Show all").focus()
    with page.expect_response("**/menu/fold"):
        page.keyboard.press("Enter")
    expect(group.get_by_role("link")).to_have_count(5)
    expect(group.get_by_role("link").nth(1)).to_be_focused()
    page.reload()
    expect(group.get_by_role("link")).to_have_count(5)


def test_the_star_pins_a_list_and_a_view_and_they_are_put_in_order(visit):
    page = visit("supervisor").page
    lines = page.locator("#sidebar [data-favourite]")
    ready(page, "/sample/kinds/list/")
    star = page.get_by_role("button", name=STAR)
    expect(star).to_have_attribute("aria-pressed", "false")
    star.click()
    expect(lines).to_have_text(["Kinds"])
    expect(star).to_have_attribute("aria-pressed", "true")
    page.goto(LIST + "?view=mine")
    page.wait_for_selector("html[data-ready=true]", state="attached")
    expect(star).to_have_attribute("aria-pressed", "false")
    star.click()
    expect(lines.nth(1)).to_have_text("Mine")
    page.get_by_role("link", name="Order of the favourites").click()
    page.wait_for_selector("html[data-ready=true]", state="attached")
    page.get_by_role("button", name="Move up: Mine").click()
    expect(lines.nth(0)).to_have_text("Mine")
    expect(lines.nth(1)).to_have_text("Kinds")
    page.wait_for_selector("html[data-ready=true]", state="attached")
    page.get_by_role("button", name="Take away: Kinds").click()
    expect(lines).to_have_text(["Mine"])
    lines.get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/cases/list/.*view=mine"))
    expect(star).to_have_attribute("aria-pressed", "true")


def test_the_number_of_what_waits_arrives_after_the_page(visit, site_app, axe):
    visitor = visit("agent")
    page = visitor.page
    with site_app.app_context():
        user_id = db.session.scalar(select(User.id).where(User.username == "agent"))
        person = actor_for(db.session, user_id)
        before = db.session.query(Case).filter_by(owner_id=user_id).count()
        create(db.session, person, Case, {"subject": "Mine", "owner_id": user_id})
        db.session.remove()
    ready(page, "/")
    badge = page.locator("#sidebar [data-waiting=CaseView]")
    expect(badge).to_contain_text(str(before + 1) if before < 99 else "99+")
    expect(page.locator("#sidebar").get_by_role("link", name="Cases")).to_contain_text("waiting")
    assert faults(visitor, axe) == []


def test_the_bar_of_a_phone_leads_to_what_is_used_most(visit, axe):
    visitor = visit("agent", width="phone")
    page = visitor.page
    ready(page, "/")
    bar = page.get_by_role("navigation", name="Most used")
    assert bar.get_by_role("link").all_inner_texts()[0] == "Home"
    bar.get_by_role("link", name="Cases").click()
    page.wait_for_url(f"**{LIST}")
    expect(bar.locator("[aria-current=page]")).to_contain_text("Cases")
    bar.get_by_role("button", name="Menu").click()
    expect(page.locator("#sidebar").get_by_role("link", name="Kinds")).to_be_visible()
    assert faults(visitor, axe) == []
