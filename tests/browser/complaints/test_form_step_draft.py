"""What is typed of a step beside the fields of a complaint is kept on the server with them."""

from __future__ import annotations

from playwright.sync_api import expect
from sqlalchemy import select

from app.database import db
from app.testing.plugin_fixtures import House
from plugins.complaints.models import Complaint
from plugins.complaints.tests.helpers import registered
from tests.browser.complaints.desks import Desk


def test_the_draft_of_a_form_holds_the_fields_of_its_step(visit, site_app):
    with site_app.app_context():
        key = registered(House(site_app, db.session)).id
        db.session.remove()
    address = f"/complaints/edit/{key}"
    desk = Desk(visit, "supervisor", "en").open(address)
    page = desk.page
    step = page.locator("details:has([name=step-cause_analysis])")
    step.locator("summary").click()
    desk.write("[name=subject]", "Corrected")
    desk.write("[name=step-cause_analysis]", "Half a cause")
    page.locator("[name=step-severity]").first.select_option("serious")
    expect(page.locator("[data-draft-kept]")).to_be_visible(timeout=10_000)
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto("/complaints/list/")
    desk.open(address)
    expect(page.locator("[name=step-cause_analysis]")).to_be_hidden()
    page.get_by_role("button", name="Go on with it").click()
    expect(page.locator("[name=subject]")).to_have_value("Corrected")
    expect(page.locator("[name=step-cause_analysis]")).to_be_visible()
    expect(page.locator("[name=step-cause_analysis]")).to_have_value("Half a cause")
    expect(page.locator("[name=step-severity]").first).to_have_value("serious")
    page.locator("[name=step-urgency]").first.select_option("high")
    desk.follow(page.locator("button[name=with_step]"))
    with site_app.app_context():
        state, subject, cause = db.session.execute(select(
            Complaint.state, Complaint.subject, Complaint.cause_analysis,
        ).where(Complaint.id == key)).one()
        db.session.remove()
    assert (state, subject, cause) == ("assessed", "Corrected", "Half a cause")
    # What was saved is no draft any more.
    assert page.request.get(f"/complaints/draft/{key}").json()["values"] is None
