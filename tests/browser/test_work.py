"""What people do on the screens, in a real browser."""

from __future__ import annotations

from playwright.sync_api import expect

CASE = "/sample/cases/show/61"


def test_a_case_is_created_by_keyboard_with_a_searched_relation(visit):
    page = visit("agent").page
    page.goto("/sample/cases/add")
    page.wait_for_selector("#kind-ts-control", state="attached")
    page.keyboard.press("Tab")
    page.locator("#subject").focus()
    page.keyboard.type("Keyboard only")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("车辆")
    expect(page.locator(".ts-dropdown .option")).to_have_count(1)
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.locator("#subject").focus()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/show/*")
    expect(page.locator("h1")).to_contain_text("Keyboard only")
    expect(page.locator(".record-main")).to_contain_text("车辆质量")


def test_unsaved_changes_are_guarded(visit):
    page = visit("agent").page
    page.goto("/sample/cases/edit/3")
    page.fill("#subject", "changed but not saved")
    expect(page.locator("[data-unsaved]")).to_be_visible()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="Home").click()
    page.wait_for_timeout(200)
    assert asked == ["beforeunload"] and "/edit/3" in page.url
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/show/3")
    assert asked == ["beforeunload"]


def test_an_action_with_a_form_runs_in_a_dialog(visit):
    visitor = visit("agent")
    page = visitor.page
    visitor.watch.expected.append("422")
    page.goto("/sample/cases/show/5")
    page.get_by_role("link", name="Finish").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Finish").click()
    expect(dialog.locator(".error-summary")).to_be_focused()
    dialog.locator("textarea").fill("settled by phone")
    dialog.get_by_role("button", name="Finish").click()
    expect(page.locator(".flashes")).to_contain_text("Done.")
    expect(page.locator(".record-chips")).to_contain_text("Done")


def test_comments_appear_without_a_new_page(visit):
    page = visit("agent").page
    page.goto(CASE)
    page.evaluate("window.same = true")
    page.fill("#comment-text", "Customer <b>called</b>\nagain")
    page.locator(".comment-form button").click()
    expect(page.locator(".entry-comment")).to_contain_text("Customer <b>called</b>")
    assert page.evaluate("window.same")


def test_related_rows_load_when_the_tab_is_opened(visit):
    page = visit("agent").page
    page.goto(CASE)
    page.get_by_role("tab", name="Notes").click()
    expect(page.get_by_role("tabpanel", name="Notes")).to_contain_text("Called back")


def test_keys_walk_through_rows_and_open_them(visit):
    page = visit("agent").page
    page.goto("/sample/cases/list/?sort=number&received_at__filled=1")
    for key in "jjjk":
        page.keyboard.press(key)
    expect(page.locator("tr.current .row-link")).to_have_text("SX-2026-000002")
    page.keyboard.press("Enter")
    page.wait_for_url("**/show/2*")
    page.keyboard.press("j")
    page.wait_for_url("**/show/3*")
    page.keyboard.press("/")
    expect(page.locator("[data-palette-input]")).to_be_focused()
    page.goto("/sample/cases/list/")
    page.keyboard.press("/")
    expect(page.locator("#list-search")).to_be_focused()


def test_colours_and_language_change_and_stay(visit):
    visitor = visit("agent")
    page = visitor.page
    page.goto("/sample/cases/list/?sort=number")
    page.locator("[data-theme-switch]").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.locator("[data-language-switch]").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    assert page.url.endswith("/sample/cases/list/?sort=number")
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.locator("[data-language-switch]").click()
    page.locator("[data-theme-switch]").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")


def test_dark_is_there_before_the_first_paint(visit):
    visitor = visit("", theme="dark")
    visitor.page.add_init_script(
        "window.seen = []; new MutationObserver(() => { if (document.body) "
        "window.seen.push(document.documentElement.dataset.bsTheme) })"
        ".observe(document, {childList: true, subtree: true})"
    )
    visitor.page.goto("/login/")
    assert set(visitor.page.evaluate("window.seen")) == {"dark"}


def test_the_menu_opens_on_a_phone(visit):
    page = visit("agent", width="phone").page
    page.goto("/sample/cases/list/")
    expect(page.locator("#sidebar")).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    page.locator("#sidebar").get_by_role("link", name="Kinds").click()
    page.wait_for_url("**/sample/kinds/list/")


def test_a_stale_dialog_says_so(visit):
    visitor, other = visit("agent"), visit("supervisor")
    visitor.watch.expected.append("409")
    visitor.page.goto("/sample/cases/show/7")
    visitor.page.get_by_role("link", name="Finish").click()
    visitor.page.get_by_role("dialog").locator("textarea").fill("mine")
    other.page.goto("/sample/cases/edit/7")
    other.page.fill("#subject", "changed meanwhile")
    other.page.get_by_role("button", name="Save", exact=True).click()
    other.page.wait_for_url("**/show/7")
    visitor.page.get_by_role("dialog").get_by_role("button", name="Finish").click()
    expect(visitor.page.get_by_role("dialog")).to_contain_text("Someone changed this record")


def test_permissions_of_a_role_are_searched_and_ticked(visit):
    page = visit("admin").page
    page.goto("/roles/add")
    page.fill("#name", "night shift")
    page.fill("[data-grants-search]", "Kinds")
    group = page.locator("[data-grant-group]:visible")
    expect(group).to_have_count(1)
    group.locator("[data-grant-all]").check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/roles/show/*")
    expect(page.locator(".record-main")).to_contain_text("See the list · Open records · Create")
