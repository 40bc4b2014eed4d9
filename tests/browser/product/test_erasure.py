"""A customer is erased: one person asks, another sees what goes and what stays, and decides."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app.access.actor import SYSTEM
from app.customers.models import Customer
from app.database import db
from app.records.services import create


@pytest.fixture
def customer(site_app) -> tuple[int, str]:
    """Key and number of a customer with nothing open."""
    with site_app.app_context():
        made = create(db.session, SYSTEM, Customer, {
            "name": "王小明", "phone": "13876544321", "address": "人民路 100 号"})
        found = made.id, made.number
        db.session.remove()
    return found


def ready(page: Page) -> None:
    page.wait_for_selector("html[data-ready=true]", state="attached")


def test_one_person_asks_and_another_decides(visit, customer):
    key, number = customer
    page = visit("supervisor").page
    page.goto(f"/customers/show/{key}")
    ready(page)
    page.get_by_role("button", name="More", exact=True).click()
    page.locator("[data-offer=erase]").click()
    dialog = page.locator("#dialog-body")
    dialog.get_by_label("Reason").fill("Asked in writing on 30 November")
    dialog.get_by_role("button", name="Ask for erasure").click()
    expect(page.get_by_role("alert")).to_contain_text("second person")

    page = visit("admin").page
    page.goto("/erasure-requests/list/")
    page.locator("tbody tr", has_text=number).locator("a.row-link").click()
    ready(page)
    expect(page.locator("main")).to_contain_text(number)
    page.locator("[data-offer=approve]").click()
    dialog = page.locator("#dialog-body")
    dialog.get_by_role("button", name="Erase the customer").click()
    expect(page.locator(".facts").first).to_contain_text("Approved")
    page.goto(f"/customers/show/{key}")
    ready(page)
    expect(page.locator("main")).to_contain_text("Erased customer")
    expect(page.locator("main")).not_to_contain_text("王小明")
