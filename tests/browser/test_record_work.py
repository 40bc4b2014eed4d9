"""Record pages and forms in a real browser: what their scripts add."""

from __future__ import annotations

import base64
import re

import pytest
from playwright.sync_api import expect

from app.screens.records import timeline
from tests.integration.screens import building

CASE = "/sample/cases/show/61"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+M8AAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
)
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)


def name_a_colleague(page) -> None:
    """Begin a comment and choose a colleague from the list by keyboard."""
    page.locator("#comment-text").click()
    page.keyboard.type("请 @陈")
    expect(page.get_by_role("option", name=re.compile("陈志远"))).to_be_visible()
    page.keyboard.press("Enter")


def test_a_colleague_is_named_by_keyboard(visit):
    page = visit("agent").page
    page.goto(CASE)
    name_a_colleague(page)
    expect(page.locator("#comment-text")).to_have_value("请 @陈志远 ")
    page.keyboard.type("看一下")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator(".mention").first).to_have_text("@陈志远")


def test_a_comment_that_is_being_written_outlives_the_page(visit):
    page = visit("agent").page
    page.goto(CASE)
    page.locator("#comment-text").fill("客户说明天再打来")
    page.reload()
    expect(page.locator("#comment-text")).to_have_value("客户说明天再打来")
    page.goto(CASE.replace("61", "60"))
    expect(page.locator("#comment-text")).to_have_value("")
    page.goto(CASE)
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator("#timeline")).to_contain_text("客户说明天再打来")
    expect(page.locator("#comment-text")).to_have_value("")
    page.reload()
    expect(page.locator("#comment-text")).to_have_value("")
    # Signing out leaves nothing behind for whoever sits down next.
    page.locator("#comment-text").fill("只有我该看到")
    page.evaluate("document.querySelector('[data-sign-out]').click()")
    page.wait_for_url("**/login/**")
    assert "只有我该看到" not in page.evaluate("JSON.stringify(sessionStorage)")


def test_a_comment_that_is_being_written_stays_when_a_picture_comes(visit):
    page = visit("agent").page
    page.goto(CASE)
    name_a_colleague(page)
    page.locator("[data-files] input[type=file]").set_input_files(
        {"name": "beside.png", "mimeType": "image/png", "buffer": PNG})
    expect(page.locator("#timeline")).to_contain_text("beside.png")
    expect(page.locator("#comment-text")).to_have_value("请 @陈志远 ")
    expect(page.locator("#comment-text")).to_be_focused()
    page.keyboard.type("看一下照片")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator(".mention").first).to_have_text("@陈志远")
    expect(page.locator("#timeline")).to_contain_text("看一下照片")


def test_files_dropped_together_are_shown_and_the_refused_one_is_named(visit):
    page = visit("agent").page
    page.goto(CASE)
    page.locator("[data-files] input[type=file]").set_input_files([
        {"name": "taken.txt", "mimeType": "text/plain", "buffer": b"words"},
        {"name": "evil.png", "mimeType": "image/png", "buffer": b"words"},
    ])
    told = page.get_by_role("alert").filter(has_text="evil.png")
    expect(told).to_contain_text("Added: taken.txt")
    expect(page.locator("#timeline .entry-file").filter(has_text="taken.txt")).to_be_visible()


def test_a_name_that_means_nobody_is_told_after_saving(visit):
    page = visit("agent").page
    page.goto(CASE)
    page.locator("#comment-text").fill("请@陈志远 和 @nobody 看")
    page.get_by_role("button", name="Comment", exact=True).click()
    remark = page.locator(".comment-form [role=status]")
    expect(remark).to_contain_text("@nobody")
    expect(remark).not_to_contain_text("陈志远")
    expect(page.locator(".mention").first).to_have_text("@陈志远")


def test_a_single_fact_is_changed_in_its_place(visit):
    page = visit("agent").page
    page.goto(CASE)
    page.get_by_role("link", name="Change: Phone").focus()
    page.keyboard.press("Enter")
    field = page.locator(".fact-form input.form-control")
    expect(field).to_be_focused()
    field.fill("13900139000")
    page.keyboard.press("Enter")
    expect(page.locator(".facts")).to_contain_text(["13900139000"])
    expect(page.locator(".fact-form")).to_have_count(0)


def test_what_was_typed_is_offered_when_one_comes_back(visit):
    page = visit("agent").page
    page.goto("/sample/cases/add")
    page.locator("#subject").fill("half a case")
    expect(page.locator("[data-draft-kept]")).to_be_visible(timeout=10_000)
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto("/sample/cases/list/")
    page.goto("/sample/cases/add")
    page.get_by_role("button", name="Go on with it").click()
    expect(page.locator("#subject")).to_have_value("half a case")


def test_a_form_in_which_nothing_was_entered_offers_no_draft(visit):
    page = visit("supervisor").page
    page.goto("/sample/cases/add")
    page.wait_for_selector("html[data-ready=true]", state="attached")
    # What is typed into the search of a list of choices is no value of the form.
    wrapper = page.locator("select[name=kind] + .ts-wrapper")
    wrapper.locator(".ts-control").click()
    wrapper.locator(".dropdown-input").press_sequentially("nothing")
    page.keyboard.press("Escape")
    page.wait_for_timeout(3500)
    expect(page.locator("[data-unsaved]")).to_be_hidden()
    # Nothing asks whether the page shall be left, and nothing was kept.
    page.goto("/sample/cases/list/")
    with page.expect_response("**/draft/"):
        page.goto("/sample/cases/add")
    expect(page.locator("[data-draft-offer]")).to_be_hidden()


def sign_in_again(page, password: str = building.PASSWORD):
    """Answer the dialog that stands over the page."""
    again = page.get_by_role("dialog", name="Sign in again")
    expect(again.get_by_label("Password")).to_be_focused()
    expect(again.get_by_label("User name")).to_have_value("agent")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    return again


def test_a_form_survives_the_end_of_its_session(visit):
    visitor = visit("agent")
    visitor.watch.expected += ["422"]
    page = visitor.page
    page.goto("/sample/cases/add")
    page.locator("#subject").fill("typed over lunch")
    # Signed out in another tab: this one does not know.
    page.context.clear_cookies()
    page.get_by_role("button", name="Save", exact=True).click()
    again = sign_in_again(page, "not the password")
    expect(again.get_by_role("alert")).to_be_visible()
    expect(page.locator("#subject")).to_have_value("typed over lunch")
    sign_in_again(page)
    page.wait_for_url("**/show/*")
    expect(page.get_by_role("heading", level=1)).to_contain_text("typed over lunch")


def test_whoever_does_not_sign_in_again_keeps_the_form(visit):
    visitor = visit("agent")
    page = visitor.page
    page.goto("/sample/cases/add")
    page.locator("#subject").fill("typed over lunch")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("You are no longer signed in.")).to_be_visible()
    page.get_by_role("alert").get_by_role("button", name="Sign in").click()
    sign_in_again(page)
    expect(page.get_by_text("You are no longer signed in.")).to_be_hidden()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("typed over lunch")


def test_the_pause_after_typing_tells_that_the_session_has_ended(visit):
    visitor = visit("agent")
    visitor.watch.expected += ["401"]
    page = visitor.page
    page.goto("/sample/cases/add")
    page.context.clear_cookies()
    page.locator("#subject").fill("typed over lunch")
    expect(page.get_by_text("You are no longer signed in.")).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())


def test_a_step_in_a_dialog_survives_the_end_of_its_session(visit):
    visitor = visit("agent")
    visitor.watch.expected += ["401"]
    page = visitor.page
    page.goto("/sample/cases/show/7")
    page.get_by_role("link", name="Finish").click()
    page.locator("#dialog-body textarea").fill("settled after lunch")
    page.context.clear_cookies()
    page.locator("#dialog-body").get_by_role("button", name="Finish").click()
    sign_in_again(page)
    expect(page.locator(".flashes")).to_contain_text("Done.")
    expect(page.locator(".record-chips")).to_contain_text("Done")


def test_without_a_connection_the_form_stays(visit):
    visitor = visit("agent")
    visitor.watch.expected += ["ERR_INTERNET_DISCONNECTED"]
    page = visitor.page
    page.goto("/sample/cases/add")
    page.locator("#subject").fill("typed in a tunnel")
    page.context.set_offline(True)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The server cannot be reached.")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("typed in a tunnel")


def test_back_and_save_again_makes_no_second_record(visit):
    page = visit("agent").page
    page.goto("/sample/cases/add")
    page.locator("#subject").fill("only once")
    save = page.get_by_role("button", name="Save", exact=True)
    save.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("only once")
    made = page.url
    page.go_back()
    expect(page.locator("#subject")).to_have_value("only once")
    save.click()
    expect(page.get_by_text("is saved already")).to_be_visible()
    assert page.url == made


def test_a_field_appears_when_its_condition_holds(visit):
    page = visit("supervisor").page
    page.goto("/sample/cases/add")
    expect(page.locator("#promised_on")).to_be_hidden()
    page.locator("#urgent").check()
    expect(page.locator("#promised_on")).to_be_visible()


def test_the_timeline_shows_one_kind_alone(visit):
    page = visit("agent").page
    page.goto(CASE)
    for place in range(6):
        page.locator("#comment-text").fill(f"note {place}")
        page.get_by_role("button", name="Comment", exact=True).click()
        expect(page.locator("#timeline")).to_contain_text(f"note {place}")
    page.locator("[data-files] input[type=file]").set_input_files(
        {"name": "a.txt", "mimeType": "text/plain", "buffer": b"words"})
    added = page.locator("#timeline .entry-file").filter(has_text="a.txt")
    expect(added).to_be_visible()
    page.locator("[data-timeline-filter]").get_by_role("button", name=re.compile("Files")).click()
    expect(page.locator("#timeline .entry-comment").first).to_be_hidden()
    expect(added).to_be_visible()


def test_earlier_entries_come_in_place_and_keep_to_the_chosen_kind(visit, monkeypatch):
    monkeypatch.setattr(timeline, "MOST", 6)
    page = visit("agent").page
    page.goto(CASE)
    for place in range(8):
        page.locator("#comment-text").fill(f"remark {place}")
        page.get_by_role("button", name="Comment", exact=True).click()
        expect(page.locator("#timeline")).to_contain_text(f"remark {place}")
    expect(page.locator("#timeline")).not_to_contain_text("remark 0")
    kinds = page.locator("[data-timeline-filter]")
    kinds.get_by_role("button", name=re.compile("Comments")).click()
    more = page.get_by_role("link", name="Show earlier entries")
    while more.count():
        seen = page.locator("#timeline .entry").count()
        more.click()
        expect(page.locator("#timeline .entry")).not_to_have_count(seen)
    expect(page.locator("#timeline")).to_contain_text("remark 0")
    expect(page.locator("#timeline .entry-change:visible")).to_have_count(0)
    assert page.locator("#timeline .entry-comment:visible").count() >= 8


def test_empty_fields_fold_away_and_open(visit):
    page = visit("agent").page
    page.goto(CASE)
    button = page.get_by_role("button", name=re.compile(r"\d+ empty field"))
    expect(page.locator(".fact.is-empty").first).to_be_hidden()
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".fact.is-empty").first).to_be_visible()


@pytest.mark.parametrize(("name", "content", "shown"), [
    ("a.png", PNG, "img.preview-image"), ("brief.pdf", PDF, "iframe.preview-frame"),
], ids=["picture", "pdf"])
def test_pictures_and_pdf_open_in_the_dialog(visit, name, content, shown):
    page = visit("agent").page
    page.goto(CASE)
    page.locator("form[data-files] input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    link = page.locator("a[data-file-preview]", has_text=name).first
    expect(link).to_be_visible()
    address = link.get_attribute("href")
    link.click()
    expect(page.locator(f"#dialog-body {shown}")).to_have_attribute("src", re.compile(address))
    expect(page.get_by_role("link", name="Download")).to_have_attribute(
        "href", re.compile(r"\?download=1$")
    )
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#dialog-body")).to_be_empty()


def test_all_of_one_version_are_chosen_at_once(visit):
    visitor, other = visit("agent"), visit("supervisor").page
    page = visitor.page
    visitor.watch.expected.append("409 (CONFLICT)")
    for one in (page, other):
        one.goto(CASE.replace("show", "edit"))
    for one, words in ((other, "theirs"), (page, "mine")):
        one.locator("#subject").fill(words)
        one.locator("#story").fill(words)
        one.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".conflict-line")).to_have_count(2)
    page.get_by_role("button", name="As it stands now").click()
    assert page.locator("input[value=mine]:checked").count() == 0
    page.get_by_role("button", name="As you wrote it").click()
    page.get_by_role("button", name="Save the chosen values").click()
    expect(page.locator("h1")).to_contain_text("mine")
