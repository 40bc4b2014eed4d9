"""Whom a complaint should go to stands beside the form, and takes nothing of the form away."""

from __future__ import annotations

from playwright.sync_api import expect

from app.database import db
from app.testing.plugin_fixtures import House
from plugins.complaints.tests.helpers import assessed
from tests.browser.complaints.desks import Desk


def test_the_suggestion_follows_the_department_and_leaves_the_form(visit, site_app):
    with site_app.app_context():
        key = assessed(House(site_app, db.session)).id
        db.session.remove()
    desk = Desk(visit, "supervisor", "en").open(f"/complaints/show/{key}")
    desk.press(desk.page.locator("[data-offer=assign]"))
    dialog = desk.page.locator("#dialog-body")
    expect(dialog.locator("[name=liability]").first).to_be_visible()
    desk.fill("responsible_department_id", "贷后管理部")
    expect(dialog.locator(".form-advice")).to_contain_text("Suggested: 孟蝶")
    expect(dialog.locator(".form-advice")).to_contain_text("Open complaints")
    expect(dialog.locator("[name=liability]").first).to_be_visible()
    desk.fill("liability", "department")
    desk.follow(dialog.locator("button.btn-primary"))
    expect(desk.page.locator("main")).to_contain_text("孟蝶")
