"""From the phone call to the archive, over a dissatisfied customer, in both languages.

An agent registers, a supervisor assigns, the department proposes, its leader approves from home,
the customer is not content, a second round closes the case, and the papers print.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.customers.models import Customer
from app.database import db
from tests.browser.complaints.desks import Desk, KeyDesk
from tests.services.choosing import further

WORDS = {
    "zh": {"recorded": "已登记", "assessed": "已评估", "archived": "已归档", "round": "第 2 轮"},
    "en": {"recorded": "Recorded", "assessed": "Assessed", "archived": "Archived",
           "round": "Round 2"},
}


def assign(desk: Desk) -> None:
    desk.take("assign", responsible_department_id="贷后管理部", handler_id="孟蝶",
              liability="department")


def one_round(visit, language: str, address: str, agent: Desk, supervisor: Desk) -> None:
    """Assign, propose, approve from home, agree, carry out, tell the customer."""
    assign(supervisor.open(address))
    kind = type(agent)
    handler = kind(visit, "mengdie", language).open(address)
    handler.take("propose", solution="退还违约金 500 元")
    leader = kind(visit, "fengtao", language)
    leader.open("/")
    # The approval is at most two clicks and a confirmation from home, with the substance in sight.
    leader.follow(leader.page.locator(".home-card a[href*='/complaints/show/']").first)
    expect(leader.page.locator("body")).to_contain_text("退还违约金 500 元")
    leader.take("approve", approval_note="同意")
    handler.open(address).take("consent", consent_note="客户同意")
    handler.take("carry_out", result="已退款")
    agent.open(address).take("collect_feedback", feedback="已电话告知客户")


@pytest.mark.parametrize(("kind", "language"), [
    further(Desk, "zh", id="zh"), further(Desk, "en", id="en"),
    pytest.param(KeyDesk, "zh", id="by-keyboard"),
])
def test_from_the_phone_call_to_the_archive(visit, site_app, kind, language):
    words = WORDS[language]
    with site_app.app_context():
        phone = db.session.scalar(
            select(Customer.phone).order_by(Customer.id).limit(1)).reveal()
    agent = kind(visit, "agent", language)
    agent.open(f"/complaints/add?contact={phone}")
    agent.write("[name=reason]", "提前还款被收取违约金。签约时没有说明。")
    agent.write("[name=demand]", "退还违约金")
    agent.save()
    address = re.search(r"/complaints/show/\d+", agent.page.url).group()
    assert agent.state() == words["recorded"]
    agent.take("assess", severity="serious", urgency="high", cause_analysis="条款告知不足")
    assert agent.state() == words["assessed"]
    agent.take("tell_progress", text="正在核实，三日内答复")
    expect(agent.page.locator("#timeline")).to_contain_text("正在核实，三日内答复")

    supervisor = kind(visit, "supervisor", language)
    one_round(visit, language, address, agent, supervisor)
    agent.take("dissatisfied", dissatisfaction_reason="金额不符")
    assert agent.state() == words["assessed"]
    expect(agent.page.locator(".record-chips")).to_contain_text(words["round"])

    one_round(visit, language, address, agent, supervisor)
    agent.take("rate", outcome="satisfied")
    agent.take("summarise", summary="告知不足", improvement="改进话术")
    supervisor.open(address).take("archive")
    assert supervisor.state() == words["archived"]

    pk = address.rsplit("/", 1)[1]
    for paper in ("record-form.pdf", "report.pdf"):
        answer = supervisor.page.request.get(f"/complaints/{pk}/{paper}")
        assert answer.ok and answer.headers["content-type"] == "application/pdf"
        assert answer.body().startswith(b"%PDF-")


def test_a_known_caller_is_filled_in_and_open_complaints_are_told(visit, site_app):
    with site_app.app_context():
        customer = db.session.scalars(select(Customer).order_by(Customer.id.desc()).limit(1)).one()
        phone, name = customer.phone.reveal(), customer.name
    agent = Desk(visit, "agent", "zh")
    for _ in range(2):
        agent.open(f"/complaints/add?contact={phone}")
        agent.page.fill("[name=reason]", "重复扣款")
        agent.page.fill("[name=demand]", "退款")
        told = agent.page.locator(".alert-warning:visible").count()
        agent.page.click(".save-bar .btn-primary")
        agent.page.wait_for_url(re.compile(r"/complaints/show/\d+"))
        expect(agent.page.locator("dl.facts").first).to_contain_text(name)
    assert told == 1


def test_a_file_is_added_by_choosing_it(visit, tmp_path):
    agent = Desk(visit, "agent", "zh")
    agent.open("/complaints/list/")
    agent.page.goto("/complaints/add")
    agent.ready()
    agent.page.fill("[name=contact]", "19900009999")
    agent.page.fill("[name=reason]", "附件")
    agent.page.click(".save-bar .btn-primary")
    agent.page.wait_for_url(re.compile(r"/complaints/show/\d+"))
    agent.ready()
    file = tmp_path / "证明.pdf"
    file.write_bytes(b"%PDF-1.4\n%%EOF\n")
    agent.page.set_input_files("form[data-files] input[type=file]", file)
    expect(agent.page.locator("#timeline")).to_contain_text("证明.pdf")
