"""Linking a record with another one of any kind: from its menu, by typing, in the dialog."""

from __future__ import annotations

from playwright.sync_api import expect
from sqlalchemy import select

from app.customers.models import Customer
from app.database import db


def test_a_record_is_found_by_typing_and_the_link_is_taken_away_again(visit, site_app):
    with site_app.app_context():
        here, there = db.session.execute(
            select(Customer.id, Customer.number).order_by(Customer.id).limit(2)).all()
        db.session.remove()
    visitor = visit("agent")
    # The dialog answers with it where nothing is chosen.
    visitor.watch.expected.append("422")
    page = visitor.page
    page.goto(f"/customers/show/{here.id}")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("link", name="Link a record").click()
    dialog = page.get_by_role("dialog")
    # Without a choice the dialog says so and stays.
    dialog.get_by_role("button", name="Link", exact=True).click()
    expect(dialog.locator("#other-error")).to_be_visible()
    dialog.locator(".ts-control").click()
    page.keyboard.type(there.number.lower())
    expect(page.locator(".ts-dropdown:visible .option").first).to_contain_text(there.number)
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Link", exact=True).click()
    links = page.locator(".record-links")
    expect(links).to_contain_text(there.number)
    links.get_by_role("button", name="Remove the link").click()
    expect(page.locator(".flashes")).to_contain_text("is no longer linked")
    expect(page.locator(".record-links")).to_have_count(0)
