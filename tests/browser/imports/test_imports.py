"""A file from its columns to the import and back, as a person does it in a browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from app.access.services import actor_for
from app.customers.models import Customer
from app.database import db
from app.people.services import user_ids_by_name
from app.records.services import update
from tests.services.choosing import further

ROWS = ("2026年3月客户登记表,,,\n\n名称,电话,地址,出生日期\n"
        "王小明,1380000{n}1,长江路{n}1号,05/01/1990\n李丽,1380000{n}2,长江路{n}2号,06/02/1991\n")


def upload(page: Page, text: str) -> None:
    page.goto("/imports/records.core.Customer/")
    page.set_input_files("input[type=file]", {
        "name": "客户.csv", "mimeType": "text/csv", "buffer": text.encode()})
    page.wait_for_selector("#header_line")


def finished(page: Page, work, text: str) -> None:
    """Let the jobs be done; the page that waits for them draws itself anew."""
    work()
    expect(page.locator("main")).to_contain_text(text)


def number(page: Page, label: str) -> str:
    return page.locator(".figure-box", has_text=label).locator("strong").inner_text()


@pytest.mark.parametrize(("language", "width", "theme", "n"), [
    ("zh", "desk", "light", "1"), further("zh", "phone", "dark", "2"),
    further("en", "desk", "dark", "3"), further("en", "phone", "light", "4"),
])
def test_a_file_is_read_as_shown_and_taken_back_as_one(
    visit, site_app, work, language, width, theme, n
):
    said = {
        "zh": ("", "按此预览", "撤销导入…", "将被删除", "保持不变", "撤销导入", "已删除"),
        "en": ("", "Show it like this", "Take back this import", "Will be removed",
               "Stay as they are", "Take back the import", "Removed"),
    }[language]
    page = visit("supervisor", language, theme=theme, width=width).page
    upload(page, ROWS.format(n=f"{n}00"))
    expect(page.locator("#header_line")).to_have_value("3")
    # Every date may be read in two ways: the check does not begin before one is chosen.
    assert page.locator("#date_order").input_value() == ""
    page.locator("#date_order").select_option("mdy")
    page.get_by_role("button", name=said[1]).click()
    expect(page.locator(".mapping-table")).to_contain_text("1990-05-01")
    page.locator("#date_order").select_option("dmy")
    page.get_by_role("button", name=said[1]).click()
    expect(page.locator(".mapping-table")).to_contain_text("1990-01-05")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator(".save-bar .btn-primary").click()
    page.wait_for_url(re.compile("/imports/runs/"))
    work()
    page.locator("button[name=mode][value=all]").click()
    page.wait_for_url(re.compile("/imports/runs/"))
    work()
    take_back = page.get_by_role("button", name=said[2])
    expect(take_back).to_be_visible()
    with site_app.app_context():
        ids = user_ids_by_name(db.session)
        changed = db.session.scalar(select(Customer).where(Customer.address == f"长江路{n}002号"))
        name = str(changed)
        update(db.session, actor_for(db.session, ids["supervisor"]), changed, {"grade": "A"})
        db.session.remove()
    take_back.click()
    page.wait_for_url(re.compile("/imports/withdrawals/"))
    finished(page, work, said[3])
    assert (number(page, said[3]), number(page, said[4])) == ("1", "1")
    link = page.get_by_role("link", name=name)
    assert re.search(r"/show/\d+$", link.get_attribute("href"))
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name=said[5]).click()
    page.wait_for_url(re.compile("/imports/withdrawals/"))
    finished(page, work, said[6])
    assert number(page, said[6]) == "1"
    with site_app.app_context():
        left = db.session.scalar(select(func.count()).select_from(Customer).where(
            Customer.address.startswith(f"长江路{n}00")))
        db.session.remove()
    assert left == 1
