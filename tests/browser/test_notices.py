"""The bell and its panel in a real browser."""

from __future__ import annotations

import dataclasses

import pytest
from flask_appbuilder.security.sqla.models import User
from playwright.sync_api import expect
from sqlalchemy import delete, select

from app.connection_urls import MailServer, Robot
from app.database import db, write
from app.notices.kinds import DEADLINE
from app.notices.models import Notice
from app.notices.services import tell
from tests.browser.test_access import LOOKS, faults
from tests.integration.screens import sample


@pytest.fixture
def told(site_app):
    """Tell agent and admin that the deadlines of two cases are near."""
    with site_app.app_context():
        with write(db.session):
            db.session.execute(delete(Notice))
            people = db.session.scalars(
                select(User.id).where(User.username.in_(("agent", "admin")))
            ).all()
            for key in (3, 4):
                case = db.session.get(sample.Case, key)
                tell(db.session, people, DEADLINE, "%(clock)s: the deadline is near", record=case,
                     values={"clock": {"en": "Reply", "zh": "答复"}})
        db.session.remove()


def test_the_bell_counts_opens_and_forgets(visit, told):
    page = visit("agent").page
    page.goto("/")
    number = page.locator("[data-bell-label]")
    expect(number).to_have_text("2")
    page.get_by_role("button", name="Notices").click()
    panel = page.locator("#notices-panel")
    expect(panel.locator(".is-unread")).to_have_count(2)
    panel.get_by_role("button", name="SX-2026-000003").click()
    page.wait_for_url("**/sample/cases/show/3")
    expect(number).to_have_text("1")
    page.get_by_role("button", name="Notices").click()
    panel.locator("[data-notices-read]").click()
    expect(panel.locator(".is-unread")).to_have_count(0)
    expect(page.locator("[data-bell-number]")).to_be_hidden()


def check_pages(visitor, axe, *paths):
    """Open pages; axe finds nothing grave on them, and none scrolls sideways."""
    page = visitor.page
    for path in paths:
        page.goto(path)
        page.wait_for_selector("html[data-ready=true]", state="attached")
        assert faults(visitor, axe) == []
        assert page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        ) <= 0


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_panel_and_pages_have_no_grave_faults(visit, axe, told, theme, width):
    visitor = visit("admin", "zh", theme, width)
    page = visitor.page
    page.goto("/")
    page.locator(".bell").click()
    expect(page.locator("#notices-panel .notice").first).to_be_visible()
    # What the panel covers in part is not judged by what is left of it.
    assert faults(visitor, axe, "#notices-panel") == []
    check_pages(visitor, axe, "/notices/", "/notices/choices")


@pytest.fixture
def ways(site_app):
    """Set up all channels while the test runs."""
    before = site_app.config["CARELINE_SETTINGS"]
    robot = Robot("0f3c9a7de1b24f55")
    site_app.config["CARELINE_SETTINGS"] = dataclasses.replace(
        before, notices_mail=MailServer("mail.example.com", 587, "starttls", "desk@example.com"),
        notices_wecom=robot, notices_dingtalk=robot, notices_feishu=robot,
    )
    yield
    site_app.config["CARELINE_SETTINGS"] = before


def test_kinds_are_chosen_by_channel_by_keyboard(visit, ways):
    visitor = visit("agent")
    visitor.watch.expected.append("422")
    page = visitor.page
    page.goto("/notices/choices")
    page.get_by_label("Deadlines: WeCom").focus()
    page.keyboard.press("Space")
    page.get_by_label("Mobile number or user id in WeCom").fill("@all")
    page.keyboard.press("Enter")
    expect(page.get_by_text("This cannot call one person in the group.")).to_be_visible()
    expect(page.get_by_label("Deadlines: WeCom")).to_be_checked()
    page.get_by_label("Mobile number or user id in WeCom").fill("13800138000")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your choice is kept.")).to_be_visible()
    expect(page.get_by_label("Deadlines: WeCom")).to_be_checked()
    expect(page.get_by_label("Deadlines: Mail")).not_to_be_checked()


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_pages_of_channels_have_no_grave_faults(visit, axe, ways, theme, width):
    visitor = visit("admin", "zh", theme, width)
    check_pages(visitor, axe, "/notices/choices", "/announcements/add", "/system/")


def test_cards_are_arranged_by_keyboard(visit):
    page = visit("supervisor").page
    page.goto("/")
    page.get_by_role("button", name="Arrange").click()
    boxes = page.locator("input[name=card]")
    expect(boxes.first).to_be_visible()
    shown = page.locator(".home-card").count()
    boxes.first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".home-card")).to_have_count(shown - 1)
    page.get_by_role("button", name="Arrange").click()
    page.get_by_role("button", name="Reset").click()
    expect(page.locator(".home-card")).to_have_count(shown)
