"""A weekly report that comes back and goes out again, and a proposal up to its adoption."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from app.sdk.people import local_today
from tests.browser.complaints.desks import Desk, KeyDesk
from tests.services.choosing import further

WORDS = {
    "zh": {"draft": "撰写中", "handed_in": "已提交", "read": "已审阅", "back": "补写下周计划的数量",
           "sent_back": "已退回", "submitted": "已提出", "review": "评审中", "adopted": "待实施",
           "points": "奖励积分"},
    "en": {"draft": "Being written", "handed_in": "Handed in", "read": "Read",
           "back": "How many calls next week?", "sent_back": "was sent back to you",
           "submitted": "Submitted", "review": "Under review", "adopted": "To be carried out",
           "points": "Reward points"},
}
# Each writes one report a week.
WRITERS = {"zh": "agent", "en": "wanghao"}


def report_of_this_week(desk: Desk) -> str:
    """Write the report of this week; return its address."""
    desk.open("/work/reports/add")
    desk.write("[name=done]", "完成到期回访 60 个。")
    desk.write("[name=problems]", "上午接通率低。")
    desk.write("[name=plan]", "完成下周到期回访。")
    desk.save()
    return re.search(r"/work/reports/show/\d+", desk.page.url).group()


@pytest.mark.parametrize("language", [further("zh"), "en"])
def test_a_report_is_handed_in_by_keyboard_and_sent_back(visit, language):
    words = WORDS[language]
    writer = KeyDesk(visit, WRITERS[language], language)
    address = report_of_this_week(writer)
    assert writer.state() == words["draft"]
    expect(writer.page.locator("#figures-title")).to_be_visible()
    writer.take("hand_in")
    assert writer.state() == words["handed_in"]
    # What was handed in is not changed, and its writer does not read it for the leader.
    assert writer.page.locator("[data-offer=mark_read], [data-offer=send_back]").count() == 0
    assert writer.page.locator(f"a[href*='{address.replace('show', 'edit')}']").count() == 0

    # The card may stand below those that come with the page.
    leader = Desk(visit, "supervisor", language).open("/?cards=all")
    leader.follow(leader.page.locator(
        ".home-card a[href*='state__in=handed_in'][href*='reader__in=me']").first)
    leader.follow(leader.page.locator(f"main a[href*='{address}']").first)
    leader.take("send_back", remark=words["back"])
    assert leader.state() == words["draft"]
    writer.open("/notices/")
    expect(writer.page.get_by_text(re.compile(words["sent_back"])).first).to_be_visible()
    writer.open(address)
    expect(writer.page.locator("main")).to_contain_text(words["back"])
    writer.open(address.replace("show", "edit"))
    plan = writer.page.locator("[name=plan]")
    writer.type(plan, "完成下周到期回访 75 个。")
    writer.save()
    writer.take("hand_in")
    leader.open(address)
    expect(leader.page.locator("main")).to_contain_text("75 个")
    leader.take("mark_read", remark="OK")
    assert leader.state() == words["read"]


@pytest.mark.parametrize("language", ["zh", further("en")])
def test_a_proposal_is_adopted_with_a_day_a_person_and_points(visit, language):
    words = WORDS[language]
    proposer = Desk(visit, "agent", language).open("/work/proposals/add")
    proposer.write("[name=subject]", "来电先核对车架号后四位")
    proposer.write("[name=situation]", "同名客户较多。")
    proposer.write("[name=proposal]", "先核对车架号后四位再登记。")
    proposer.write("[name=expected_effect]", "减少登记错误。")
    proposer.save()
    address = re.search(r"/work/proposals/show/\d+", proposer.page.url).group()
    assert proposer.state() == words["submitted"]
    assert proposer.page.locator("[data-offer=review]").count() == 0

    decides = Desk(visit, "supervisor", language).open(address)
    decides.take("review")
    assert decides.state() == words["review"]
    decides.take("adopt", responsible="王浩",
                 due_on=(local_today() + dt.timedelta(days=14)).isoformat(), reward_points="20")
    assert decides.state() == words["adopted"]
    proposer.open(address)
    facts = proposer.page.locator("main")
    for text in ("王浩", words["points"]):
        expect(facts).to_contain_text(text)
    responsible = Desk(visit, "wanghao", language).open(address)
    expect(responsible.page.locator("[data-offer=carry_out]")).to_be_visible()
