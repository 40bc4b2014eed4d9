"""A month is opened, filled in, objected to, signed by six, released and printed."""

from __future__ import annotations

import re

from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.database import db
from app.sdk.services import act
from app.testing.plugin_fixtures import PASSWORD, House
from plugins.appraisals.cycles.models import Cycle
from plugins.appraisals.sheets.models import Sheet
from plugins.appraisals.tests.helpers import BEGIN, LOW

TITLE = f"{BEGIN:%Y-%m}"


def choose(page: Page, item: str, level: str) -> None:
    """Choose a level of an item."""
    page.locator(f"#{item}-{'ABC'.index(level)}").check()


def from_home(page: Page, number: str) -> None:
    """Open what waits on the home page."""
    page.goto("/")
    page.get_by_role("link", name=re.compile(number)).first.click()
    page.wait_for_url("**/appraisals/sheets/show/*")


def everybody_else_is_absent(app: Flask, username: str) -> str:
    """Mark all other sheets of the month as absent, and return the number of the one left."""
    with app.app_context():
        house = House(app, db.session)
        own = house.actor(username).user_id
        cycle = db.session.scalars(select(Cycle).where(Cycle.starts_on == BEGIN)).one()
        left = ""
        for sheet in db.session.scalars(select(Sheet).where(Sheet.cycle_id == cycle.id)).all():
            if sheet.owner_id == own:
                left = sheet.number
            else:
                act(db.session, house.actor("hr"), sheet, "mark_absent", {"reason": "整月外派"})
        db.session.remove()
    return left




def test_a_month_goes_from_the_set_up_check_to_the_consequence(visit, site_app):
    hr = visit("hr").page
    hr.goto("/appraisals/cycles/add")
    hr.locator("#starts_on").fill(BEGIN.isoformat())
    hr.get_by_role("button", name="Save", exact=True).click()
    expect(hr.get_by_role("heading", level=1)).to_contain_text(TITLE)
    cycle = hr.url
    # The set-up check shows beforehand who will be appraised by whom, and who is missing and why.
    set_up = hr.locator("section", has=hr.locator("#setup-title"))
    ready = set_up.get_by_text("Ready", exact=True)
    assert ready.count() >= 12
    expect(set_up.get_by_role("row").filter(has_text="李晓雯")).to_contain_text("陈志远")
    hr.get_by_role("button", name="Open the sheets").click()
    expect(hr.locator(".flashes")).to_contain_text("sheets have been opened")
    number = everybody_else_is_absent(site_app, "agent")

    agent = visit("agent", language="zh").page
    from_home(agent, number)
    sheet = agent.url
    agent.get_by_role("link", name="填写").click()
    agent.locator("#summary").fill("完成回访 210 个，跟进投诉两件。")
    choose(agent, "cooperation", "B")
    agent.get_by_role("button", name="提交考核表").click()
    agent.wait_for_url(sheet)

    supervisor = visit("supervisor").page
    from_home(supervisor, number)
    supervisor.get_by_role("link", name="Rate", exact=True).click()
    expect(supervisor.locator("main")).to_contain_text("完成回访 210 个")
    for item, level in LOW.items():
        if level == "C":
            choose(supervisor, item, level)
    supervisor.get_by_role("button", name="To the signatures").click()
    supervisor.wait_for_url(sheet)

    agent.goto(sheet)
    agent.locator("#item").select_option("learning")
    agent.locator("#text").fill("四篇周报都按时交了")
    agent.get_by_role("button", name="申诉", exact=True).click()
    expect(agent.locator("main")).to_contain_text("四篇周报都按时交了")
    # Nobody signs before the objection is answered.
    agent.locator("#password").fill(PASSWORD)
    agent.get_by_role("button", name="签字", exact=True).click()
    expect(agent.locator(".flashes")).to_contain_text("申诉")

    supervisor.goto(sheet)
    choose(supervisor, "value", "B")
    supervisor.locator("textarea[name=answer]").fill("周报属实，缺改善意见")
    supervisor.get_by_role("button", name="Uphold").click()
    expect(supervisor.locator("main")).to_contain_text("周报属实，缺改善意见")

    names = ("agent", "supervisor", "leader", "hr", "songwei", "fengtao")
    for place, username in enumerate(names, start=1):
        page = visit(username).page
        from_home(page, number)
        page.locator("#statement").fill(f"agreed by {username}")
        page.locator("#password").fill(PASSWORD)
        page.get_by_role("button", name="Sign", exact=True).click()
        expect(page.get_by_text("Your signature has been stored.")).to_be_visible()
        chain = page.locator("section", has=page.locator("#chain-title"))
        expect(chain.get_by_text("Signed", exact=True)).to_have_count(place)
    # The marketing director is away: the deputy has signed, and the sheet says so.
    expect(chain.get_by_role("listitem").nth(4)).to_contain_text("deputy for 高强")

    hr.goto(cycle)
    hr.get_by_role("link", name="Release all sheets").click()
    hr.get_by_role("dialog").get_by_role("button", name="Release all sheets").click()
    expect(hr.locator(".flashes")).to_contain_text("have been released")
    printed = agent.request.get(f"{sheet.replace('/show', '')}/sheet.pdf")
    assert printed.ok
    assert printed.body().startswith(b"%PDF")

    # It was the third low month in a row.
    leader = visit("leader").page
    leader.goto("/appraisals/consequences/list/")
    row = leader.get_by_role("row").filter(has_text="李晓雯")
    expect(row).to_contain_text("Public criticism")
    row.get_by_role("link").first.click()
    leader.get_by_role("button", name="Report as done").or_(
        leader.get_by_role("link", name="Report as done")).first.click()
    leader.locator("textarea[name=result]").fill("已在例会上通报")
    leader.get_by_role("dialog").get_by_role("button", name="Report as done").click()
    expect(leader.locator("main")).to_contain_text("已在例会上通报")

    peer = visit("wanghao")
    peer.watch.expected += ["404"]
    for address in (sheet, sheet.replace("/show", "") + "/sheet.pdf"):
        assert peer.page.goto(address).status == 404
