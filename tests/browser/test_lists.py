"""What people do with lists, in a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

LIST = "/sample/cases/list/"


def ready(page: Page, address: str) -> None:
    """Open a page and wait until its behaviours are bound."""
    page.goto(address)
    page.wait_for_selector("html[data-ready=true]", state="attached")


def rows_in_sight(page: Page) -> int:
    """Return how many rows stand whole on the screen."""
    return page.evaluate(
        """() => [...document.querySelectorAll('tbody tr')].filter((row) => {
             const box = row.getBoundingClientRect();
             const frame = document.querySelector('.table-frame').getBoundingClientRect();
             return box.top >= 0 && box.bottom <= Math.min(innerHeight, frame.bottom);
           }).length"""
    )


def test_at_least_twenty_rows_stand_on_one_screen(visit):
    page = visit("agent").page
    ready(page, f"{LIST}?state__in=new&state__in=working&state__in=done")
    assert rows_in_sight(page) >= 20
    heights = page.evaluate(
        "() => new Set([...document.querySelectorAll('tbody tr')].map((r) => r.offsetHeight)).size"
    )
    assert heights == 1


def test_a_filter_takes_two_clicks_and_is_changed_in_its_chip(visit):
    page = visit("agent").page
    ready(page, LIST)
    page.locator("[data-filter-open]").click()
    page.locator("[data-filter-column=state]").hover()
    page.locator("[data-filter-field=state]").get_by_role("link", name="New").click()
    expect(page.locator("[data-chip=state]")).to_contain_text("New")
    assert "state__in=new" in page.url
    page.locator("[data-chip=state] .chip-text").click()
    pane = page.locator("[data-chip=state] [data-filter-form]")
    pane.get_by_role("checkbox", name="Done").check()
    pane.get_by_role("button", name="Apply").click()
    expect(page.locator("[data-chip=state]")).to_contain_text("New or Done")
    page.get_by_role("link", name="Remove the filter").click()
    expect(page.locator(".filter-chip")).to_have_count(0)


def test_a_filter_is_set_by_keyboard(visit):
    page = visit("agent").page
    ready(page, LIST)
    page.keyboard.press("f")
    expect(page.locator("[data-filter-find]")).to_be_focused()
    page.keyboard.type("Visits")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.locator("[data-filter-field=visits] [data-filter-operator]").select_option("between")
    page.keyboard.press("Tab")
    page.keyboard.type("1")
    page.keyboard.press("Tab")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(page.locator(".filter-chip")).to_have_text(re.compile("Visits is between 1 – 2"))
    assert "visits__between=1&visits__between=2" in page.url


def test_columns_are_chosen_ordered_and_kept(visit):
    page = visit("supervisor").page
    ready(page, LIST)
    page.get_by_role("button", name="Display", exact=True).click()
    page.locator("[data-columns] input[value=visits]").check()
    page.locator("[data-columns] input[value=kind]").uncheck()
    for _ in range(12):
        page.locator("li:has(input[value=visits]) [data-move=up]").click()
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("thead th").nth(1)).to_have_text("Visits")
    expect(page.locator("thead")).not_to_contain_text("Kind")
    page.goto(f"{LIST}?state__in=new")
    expect(page.locator("thead th").nth(1)).to_have_text("Visits")


def test_widths_are_set_by_pointer_and_by_keyboard_and_kept(visit):
    page = visit("supervisor").page
    ready(page, LIST)
    grip = page.locator("th[data-column=subject] [data-grip]")
    box = grip.bounding_box()
    before = page.locator("th[data-column=subject]").bounding_box()["width"]
    with page.expect_response("**/columns/widths"):
        page.mouse.move(box["x"] + 4, box["y"] + 8)
        page.mouse.down()
        page.mouse.move(box["x"] + 84, box["y"] + 8, steps=4)
        page.mouse.up()
    with page.expect_response("**/columns/widths"):
        grip.press("ArrowRight")
    after = page.locator("th[data-column=subject]").bounding_box()["width"]
    assert after > before + 60
    page.reload()
    kept = page.locator("th[data-column=subject]").bounding_box()["width"]
    assert abs(kept - after) < 4


def test_on_a_phone_a_row_opens_its_page(visit):
    page = visit("agent", width="phone").page
    ready(page, f"{LIST}?sort=number")
    page.locator("tr[data-row='2'] td").nth(3).click()
    page.wait_for_url("**/show/2")


def test_keys_are_explained_and_search_takes_the_focus(visit):
    page = visit("agent").page
    ready(page, LIST)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Next row")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("#list-search")).to_be_focused()


def test_a_selection_is_kept_while_paging(visit):
    page = visit("agent").page
    ready(page, f"{LIST}?sort=number&size=10")
    page.locator("input[name=row]").nth(3).click()
    page.locator("input[name=row]").nth(5).click(modifiers=["Shift"])
    expect(page.locator("[data-bulk-count]")).to_have_text("3")
    page.locator("[data-page=next]").click()
    page.wait_for_url("**after=**")
    expect(page.locator("[data-bulk-count]")).to_have_text("3")
    page.locator("[data-bulk-clear]").click()
    expect(page.locator("[data-bulk-bar]")).to_be_hidden()
    page.locator("[data-select-all]").check()
    page.locator("[data-select-every]").click()
    expect(page.locator("[data-bulk-count]")).to_have_text("61")


def test_bulk_work_with_a_selection(visit):
    page = visit("agent").page
    ready(page, f"{LIST}?state__in=new&sort=number")
    expect(page.locator("[data-bulk-bar]")).to_be_hidden()
    page.locator("input[name=row]").nth(3).click()
    page.locator("input[name=row]").nth(5).click(modifiers=["Shift"])
    page.locator("[data-bulk-bar]").get_by_role("button", name="Start").click()
    expect(page.locator(".flashes")).to_contain_text("Start: 3 records.")
    expect(page.locator("[data-bulk-bar]")).to_be_hidden()


def test_bulk_work_with_a_form(visit):
    page = visit("agent").page
    ready(page, f"{LIST}?state__in=working&sort=number")
    page.locator("[data-select-all]").check()
    page.locator("[data-bulk-bar]").get_by_role("button", name="Finish").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("textarea").fill("closed together")
    dialog.get_by_role("button", name="Finish").click()
    expect(page.locator(".flashes")).to_contain_text(re.compile(r"Finish: \d+ records\."))


def test_a_bulk_change_is_previewed_and_taken_back(visit):
    page = visit("agent").page
    ready(page, f"{LIST}?sort=number&urgent__is=false")
    for place in range(4):
        page.locator("input[name=row]").nth(place).check()
    page.locator("[data-bulk-edit]").click()
    page.select_option("#bulk-column", "urgent")
    dialog = page.get_by_role("dialog")
    dialog.locator("input[type=checkbox][name=urgent]").check()
    dialog.get_by_role("button", name="Show what changes").click()
    expect(dialog).to_contain_text("4 records change")
    dialog.get_by_role("button", name="Change 4 records").click()
    toast = page.locator("[data-undo]")
    expect(toast).to_contain_text("Urgent of 4 records changed.")
    toast.get_by_role("button", name="Undo").click()
    expect(page.locator(".flashes")).to_contain_text("4 records are as they were.")


def test_deleted_rows_come_back(visit):
    page = visit("admin").page
    ready(page, f"{LIST}?sort=number")
    page.locator("tr[data-row='20'] input[name=row]").check()
    page.locator("[data-bulk-delete]").click()
    expect(page.locator("[data-undo]")).to_contain_text("1 record deleted.")
    expect(page.locator("tr[data-row='20']")).to_have_count(0)
    page.locator("[data-undo]").get_by_role("button", name="Undo").click()
    expect(page.locator("tr[data-row='20']")).to_have_count(1)


def test_a_view_is_saved_and_found_again(visit):
    page = visit("admin").page
    ready(page, f"{LIST}?state__in=done&sort=number")
    page.get_by_role("button", name="Views").click()
    page.get_by_role("link", name="Save as a new view").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name of the view").fill("All done")
    dialog.get_by_label("Everyone who may see this list").check()
    dialog.get_by_role("button", name="Save").click()
    expect(page.locator(".view-tab.active")).to_contain_text("All done")
    expect(page.locator(".view-tab.active .view-count")).to_have_text(re.compile(r"\d+"))
    other = visit("agent").page
    ready(other, LIST)
    other.get_by_role("link", name="All done").click()
    expect(other.locator("[data-chip=state]")).to_contain_text("Done")


def test_a_card_is_dragged_and_moved_by_keyboard(visit):
    page = visit("agent").page
    ready(page, f"{LIST}?mode=board&sort=number")
    # The twelfth card stands behind those that a column begins with.
    card = page.locator("[data-lane=normal] [data-row='12']")
    expect(card).to_have_count(0)
    page.locator("[data-lane=normal]").get_by_role("button", name="Show more").click()
    expect(card).to_be_visible()
    page.wait_for_function("window.Sortable !== undefined")
    card.drag_to(page.locator("[data-lane=high] [data-lane-cards]"))
    expect(page.locator("[data-lane=high] [data-row='12']")).to_be_visible()
    page.locator("[data-lane=high] [data-row='12']").get_by_role("button").focus()
    page.keyboard.press("Enter")
    item = page.locator("[data-row='12'] [data-move-to=low]")
    expect(item).to_be_visible()
    item.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-lane=low] [data-row='12']")).to_be_visible()


def test_the_first_column_stays_in_sight_on_a_phone(visit):
    page = visit("agent", width="phone").page
    ready(page, LIST)
    number = page.locator("tbody tr").first.locator("td.select + td")
    page.locator(".table-frame").first.evaluate("(frame) => { frame.scrollLeft = 400; }")
    box, frame = number.bounding_box(), page.locator(".table-frame").first.bounding_box()
    assert frame["x"] - 1 <= box["x"] <= frame["x"] + 2
    # It leaves room for what passes below it, and covers that.
    assert box["width"] < frame["width"] / 2
    middle = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    on_top = page.evaluate(
        "({x, y}) => document.elementFromPoint(x, y).closest('td').matches('td.select + td')",
        middle)
    assert on_top
    shadow = number.evaluate("(cell) => getComputedStyle(cell).boxShadow")
    assert shadow != "none"


def test_on_a_phone_every_act_on_a_selection_is_within_reach(visit):
    page = visit("agent", width="phone").page
    ready(page, LIST)
    page.locator("[data-select-all]").check()
    bar = page.locator("[data-bulk-bar]")
    folded = bar.bounding_box()["height"]
    bar.get_by_role("button", name="More actions").click()
    assert bar.bounding_box()["height"] > folded
    frame = bar.bounding_box()
    for button in bar.get_by_role("button").all():
        box = button.bounding_box()
        assert box["x"] >= frame["x"] and box["x"] + box["width"] <= frame["x"] + frame["width"]
        assert box["y"] >= frame["y"] and box["y"] + box["height"] <= frame["y"] + frame["height"]
    bar.get_by_role("button", name="More actions").click()
    assert bar.bounding_box()["height"] == folded
    # A press unfolds nothing: the button is still below the pointer when it is let go.
    bar.get_by_role("button", name="Start").hover()
    page.mouse.down()
    assert bar.bounding_box()["height"] == folded
    page.mouse.up()
    expect(bar).to_be_hidden()
