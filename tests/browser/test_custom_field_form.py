"""The dialog of a custom field: its values to choose from are rows of a small table."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from app.database import db
from app.records.custom_fields.store import custom_fields_of
from tests.browser.following import followed

ADDRESS = "/fields/sample.case"


def put(page: Page, row: int, **parts: str) -> None:
    """Write into the parts of a row."""
    for part, text in parts.items():
        page.locator(".choice-row").nth(row).locator(f"[data-part={part}]").fill(text)


def choices(site_app, key: str) -> list[tuple[str, str, str]]:
    """Return value, English and Chinese of what can be chosen."""
    with site_app.app_context():
        fields = custom_fields_of(db.session, "sample.case")
        found = [(one.value, one.label, one.label_zh)
                 for field in fields if field.name == key for one in field.choices]
        db.session.remove()
    return found


def test_values_are_rows_that_are_added_ordered_and_removed(visit, site_app):
    page = visit("admin").page
    page.goto(ADDRESS)
    page.get_by_role("link", name="New field").first.click()
    page.locator("#dialog-body [name=label]").fill("Colour")
    page.locator("#dialog-body [name=name]").fill("paint")
    expect(page.locator(".choice-rows")).to_be_hidden()
    page.locator("#dialog-body [name=kind]").select_option("choice")
    expect(page.locator("#dialog-body [name=choices]")).to_be_hidden()
    # A row that is begun brings the next one; text with a sign of the lines is no trouble.
    put(page, 0, english="Red", chinese="红色", value="red")
    put(page, 1, english="Blue = sky", chinese="蓝色")
    put(page, 2, english="Green")
    expect(page.locator(".choice-row")).to_have_count(4)
    page.locator(".choice-row").nth(2).get_by_role("button", name="Move up").click()
    page.locator(".choice-row").nth(0).get_by_role("button", name="Take away").click()
    with followed(page):
        page.locator("#dialog-body .btn-primary").click()
    held = choices(site_app, "paint")
    assert [(english, chinese) for _, english, chinese in held] == [
        ("Green", ""), ("Blue = sky", "蓝色")]
    # And they come back as rows, with their identifiers.
    page.get_by_role("link", name="Change: Colour").click()
    rows = page.locator(".choice-row")
    expect(rows).to_have_count(3)
    for place, (value, english, _) in enumerate(held):
        expect(rows.nth(place).locator("[data-part=value]")).to_have_value(value)
        expect(rows.nth(place).locator("[data-part=english]")).to_have_value(english)
