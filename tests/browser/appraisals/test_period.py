"""What a period weighs and asks for, agreed with each person; a reward for a referral."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from app.database import db
from app.sdk.models import Customer, Loan
from app.sdk.records import create
from app.sdk.services import SYSTEM
from app.testing.plugin_fixtures import House
from plugins.appraisals.cycles.models import PostForm
from plugins.appraisals.models import Referral, Sheet
from plugins.appraisals.ready_made import MONTHLY
from plugins.appraisals.tests.helpers import BEGIN, chain, form_id, forms, post_id
from tests.browser.complaints.desks import Desk
from tests.services.choosing import further

ANNOUNCED = "完成到期回访 | 每个工作日 15 个\n按时提交周报 | 4 篇"
OWN = ANNOUNCED + "\n整理还款类常见问题 | 2 条"
# Callbacks weigh more, team spirit does not count in this period.
WEIGHTS = {"callbacks": "25", "team_spirit": "0"}
REACHED = 1_200_000
WORDS = {"zh": {"applied": "已申请", "granted": "已批准"},
         "en": {"applied": "Applied for", "granted": "Reward granted"}}


@pytest.fixture(scope="module")
def site_app(product: Flask) -> Flask:
    """The application with forms, a chain of signers and two customers who have borrowed much."""
    with product.app_context():
        house = House(product, db.session)
        forms(house)
        chain(house)
        create(db.session, house.actor("hr"), PostForm, {
            "post_id": post_id(house, "agent"), "form_id": form_id(house, MONTHLY), "quota": 300})
        for place, name in enumerate(("王小明", "陈思远")):
            made = create(db.session, SYSTEM, Customer, {
                "name": name, "phone": f"1990000000{place}"})
            create(db.session, SYSTEM, Loan, {
                "customer_id": made.id, "contract": f"HT-{place}", "principal": REACHED})
        db.session.remove()
    return product


def _of_agent(app: Flask, model: type) -> int:
    with app.app_context():
        owner = House(app, db.session).actor("agent").user_id
        key = db.session.scalars(select(model.id).where(model.owner_id == owner)).one()
        db.session.remove()
    return key


def test_weights_are_announced_and_tasks_are_agreed(visit, site_app):
    hr = Desk(visit, "hr", "en").open("/appraisals/cycles/add")
    hr.write("#starts_on", BEGIN.isoformat())
    hr.write("[name=tasks]", ANNOUNCED)
    hr.save()
    weights = hr.page.locator("form[action*='/weights/']")
    for item, value in WEIGHTS.items():
        weights.locator(f"[name={item}]").fill(value)
    hr.follow(weights.get_by_role("button", name="Save the weights"))
    expect(hr.page.locator("form[action*='/weights/'] [name=callbacks]")).to_have_value("25")
    hr.follow(hr.page.get_by_role("button", name="Open the sheets"))
    waiting = hr.page.get_by_text(re.compile("taken note of weights and tasks"))
    expect(waiting).to_be_visible()

    address = f"/appraisals/sheets/show/{_of_agent(site_app, Sheet)}"
    agent = Desk(visit, "agent", "zh").open(address)
    section = agent.page.locator("#tasks")
    for text in ("完成到期回访", "25", "尚未确认"):
        expect(section).to_contain_text(text)
    agent.follow(section.locator("form[action*='/acknowledge'] button"))
    expect(section).not_to_contain_text("尚未确认")
    section.locator("summary").first.click()
    agent.write("#task-lines", OWN)
    agent.write("#task-reason", "增加知识库整理任务")
    agent.follow(section.locator("form[action$='/tasks'] button"))

    leader = Desk(visit, "supervisor", "zh").open("/notices/")
    leader.follow(leader.page.locator("main button", has_text="有申报的任务待您同意").first)
    assert leader.page.url.endswith(address)
    section = leader.page.locator("#tasks")
    leader.write("#task-text", "同意")
    leader.follow(section.locator("button[value=agreed]"))
    agreed = section.get_by_role("list").first
    expect(agreed).to_contain_text("整理还款类常见问题")
    assert section.locator("button[value=agreed]").count() == 0
    # Both versions stay.
    section.locator("summary", has_text="2").click()
    expect(section.locator("ul.lines > li")).to_have_count(2)


@pytest.mark.parametrize(("language", "customer"), [("zh", "王小明"), further("en", "陈思远")])
def test_a_referral_is_applied_for_and_granted(visit, site_app, language, customer):
    words = WORDS[language]
    agent = Desk(visit, "agent", language).open("/appraisals/referrals/add")
    agent.search(agent.page.locator("select[name=customer] + .ts-wrapper"), customer)
    agent.write("[name=remark]", "老客户介绍同事购车。")
    agent.save()
    address = re.search(r"/appraisals/referrals/show/\d+", agent.page.url).group()
    assert agent.state() == words["applied"]
    assert agent.page.locator("[data-offer=grant]").count() == 0
    # A colleague does not even see it.
    other = visit("wanghao", language)
    other.watch.expected.append("404")
    assert other.page.goto(address).status == 404

    hr = Desk(visit, "hr", language).open("/appraisals/referrals/list/?view=open")
    hr.follow(hr.page.locator(f"main a[href*='{address}']").first)
    hr.take("grant")
    assert hr.state() == words["granted"]
    agent.open(address)
    assert agent.state() == words["granted"]
    with site_app.app_context():
        held = db.session.get(Referral, int(address.rsplit("/", 1)[1]))
        assert held.checked_total == REACHED
        db.session.remove()
