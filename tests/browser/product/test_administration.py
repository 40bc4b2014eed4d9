"""Behaviours of the administration screens that live in JavaScript."""

from __future__ import annotations

from tests.browser.following import followed


def codes(page) -> list[str]:
    return page.locator(".field-rows code").all_inner_texts()


def test_values_of_a_dictionary_are_dragged_and_moved_by_keyboard(visit):
    page = visit("admin", "en").page
    page.goto("/dictionaries/complaints.category")
    page.wait_for_selector("[data-arrange-ready=true]")
    before = codes(page)
    grips = page.locator("[data-grip-row]")
    with followed(page):
        grips.nth(0).drag_to(grips.nth(2))
    after = codes(page)
    assert after != before and sorted(after) == sorted(before) and after.index(before[0]) == 2
    page.wait_for_selector("html[data-ready=true]", state="attached")
    up = page.locator(".field-rows li").nth(2).get_by_role("button", name="Move up")
    up.focus()
    with followed(page):
        page.keyboard.press("Enter")
    assert codes(page).index(before[0]) == 1
    page.wait_for_selector("html[data-ready=true]", state="attached")
    # The focus stays on the button, so that the next press goes on.
    with followed(page):
        page.keyboard.press("Enter")
    assert codes(page)[0] == before[0]


def test_permissions_are_searched_counted_and_walked_by_arrows(visit):
    page = visit("admin", "en").page
    page.goto("/roles/matrix/")
    page.wait_for_selector("html[data-ready=true]", state="attached")
    lines = page.locator("[data-matrix-line]:visible")
    everything = lines.count()
    page.get_by_role("searchbox", name="Search for a screen or a permission").fill("audit trail")
    assert 0 < lines.count() < everything
    first = lines.first.locator("input").first
    first.focus()
    page.keyboard.press("Space")
    assert page.get_by_text("Changed: 1").is_visible()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.closest('td').cellIndex") == 2
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('tr').rowIndex") > 0
    page.get_by_role("searchbox").fill("")
    page.get_by_text("Only differences").click()
    assert lines.count() == 1
    page.get_by_role("searchbox").fill("nothing of that name")
    assert page.locator("[data-matrix-empty]").is_visible()


def test_the_administration_is_searched_by_name_initials_and_subject(visit):
    page = visit("admin", "zh").page
    page.goto("/administration/")
    page.wait_for_selector("html[data-ready=true]", state="attached")
    lines, search = page.locator("[data-subject-line]:visible"), page.get_by_role("searchbox")
    everything = lines.count()
    assert everything > 20
    search.fill("角色")
    assert set(lines.all_inner_texts()) == {"角色", "角色权限"}
    search.fill("sjzd")
    assert lines.all_inner_texts() == ["数据字典"]
    search.fill("账户与权限")
    assert 3 < lines.count() < everything
    search.fill("没有这样的页面")
    assert page.locator("[data-subjects-empty]").is_visible()
    search.fill("sjzd")
    lines.first.click()
    page.wait_for_url("**/dictionaries/**")
    # The side menu says where one is.
    assert page.locator("#sidebar [aria-current]").inner_text() == "系统管理"
