"""A loan from intake to "told", a refused one beside it, and documents that are reminded of."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.complaints.desks import Desk
from tests.services.choosing import further

WORDS = {
    "zh": {
        "received": "已收到申请", "review": "初审中", "handed_over": "已移交审批",
        "approved": "审批通过", "refused": "审批拒绝", "told": "已告知结果", "product": "新车",
        "vehicle": "大众 帕萨特", "steps": "身份证和银行卡", "advice": "延长贷款期限",
        "reason": "收入不足", "reminder": "还需提交以下材料", "copied": "已复制。",
    },
    "en": {
        "received": "Application received", "review": "Under first review",
        "handed_over": "Handed over for approval", "approved": "Loan approved",
        "refused": "Loan refused", "told": "Result told", "product": "New car",
        "vehicle": "VW Passat", "steps": "Sign the contract", "advice": "延长贷款期限",
        "reason": "Income", "reminder": "please bring", "copied": "Copied.",
    },
}
DOCUMENTS = 5


def take_in(desk: Desk, customer: int, product: str, vehicle: str) -> str:
    """Take an application in; return its address."""
    desk.open(f"/loan-applications/add?customer={customer}")
    desk.write("[name=amount]", "100000")
    desk.write("[name=term_months]", "36")
    desk.search(desk.page.locator("select[name=product] + .ts-wrapper"), product)
    desk.write("[name=vehicle_text]", vehicle)
    desk.page.locator("[name=employment]").first.select_option("employed")
    desk.write("[name=monthly_income]", "12,000")
    desk.save()
    return re.search(r"/loan-applications/show/\d+", desk.page.url).group()


def hand_in_all(desk: Desk, file) -> None:
    """Add a file in the dialog of the first document, and enter it as each of the others."""
    for place in range(desk.page.locator("a[href*='enter_document?']").count()):
        desk.page.locator("a[href*='enter_document?']").nth(place).click()
        dialog = desk.page.locator("#dialog-body")
        expect(dialog.locator("form")).to_be_visible()
        if place:
            dialog.locator("select[name=file_id]").select_option(index=1)
        else:
            dialog.locator("[data-upload] input[type=file]").set_input_files(file)
            expect(dialog.locator("[data-upload-status]")).to_contain_text(file.name)
            expect(dialog.locator("select[name=file_id] option:checked")).to_have_text(file.name)
        desk.follow(dialog.locator("button.btn-primary"))


def review(desk: Desk, number: int) -> None:
    """Check each required document, confirm, hand over."""
    for place in range(number):
        desk.page.locator("a[href*='check_document?']").nth(place).click()
        dialog = desk.page.locator("#dialog-body")
        expect(dialog.locator("form")).to_be_visible()
        desk.fill("judgement", "accepted")
        desk.follow(dialog.locator("button.btn-primary"))
    desk.page.locator("[data-offer=confirm]").click()
    dialog = desk.page.locator("#dialog-body")
    expect(dialog.locator("form")).to_be_visible()
    dialog.locator("[name=findings]").evaluate_all(
        "all => all.forEach(e => { if (e.options) for (const o of e.options) o.selected = true; "
        "else e.checked = true; })")
    desk.follow(dialog.locator("button.btn-primary"))
    desk.take("hand_over", approval_officer_id="唐莉")


@pytest.mark.parametrize("language", [further("zh"), "en"])
def test_from_the_intake_to_the_result_that_is_told(
    visit, loans_house, customers, make, application_now, tmp_path, language
):
    words = WORDS[language]
    file = tmp_path / "材料.pdf"
    file.write_bytes(b"%PDF-1.4\n%%EOF\n")
    agent = Desk(visit, "agent", language)
    address = take_in(agent, customers[0], words["product"], words["vehicle"])
    assert agent.state() == words["received"]
    expect(agent.page.locator("#to-bring-text")).to_contain_text(words["reminder"])
    agent.page.locator("[data-copy=to-bring-text]").click()
    expect(agent.page.locator(".toast-note")).to_have_text(words["copied"])
    hand_in_all(agent, file)
    expect(agent.page.locator("#to-bring-text")).to_have_count(0)

    reviewer = Desk(visit, "wanghao", language).open(address)
    reviewer.take("start_review")
    assert reviewer.state() == words["review"]
    review(reviewer, DOCUMENTS)
    assert reviewer.state() == words["handed_over"]
    agent.open(address).take("follow_up", text="材料已收到")
    Desk(visit, "tangli", language).open(address).take("accept")

    leader = Desk(visit, "songwei", language).open("/")
    leader.follow(leader.page.locator(
        f".home-card a[href*='{address}']").first)
    leader.take("approve", approval_note="同意")
    assert leader.state() == words["approved"]
    agent.open(address)
    agent.page.locator("[data-offer=tell]").click()
    told = agent.page.locator("#dialog-body [name=told_text]")
    expect(told).to_have_value(re.compile(words["steps"]))
    agent.follow(agent.page.locator("#dialog-body button.btn-primary"))
    assert agent.state() == words["told"]
    assert application_now(address).loan_id is not None
    answer = agent.page.request.get(
        f"/loan-applications/{address.rsplit('/', 1)[1]}/application.pdf")
    assert answer.ok and answer.body().startswith(b"%PDF-")

    beside = make("in_approval", customers[1])
    leader.open(beside).take("refuse", refusal_reason_id=words["reason"])
    assert leader.state() == words["refused"]
    agent.open(beside)
    agent.page.locator("[data-offer=tell_refusal]").click()
    told = agent.page.locator("#dialog-body [name=told_text]")
    expect(told).to_have_value(re.compile(words["advice"]))
    agent.follow(agent.page.locator("#dialog-body button.btn-primary"))
    assert agent.state() == words["told"]
    assert application_now(beside).loan_id is None


def test_missing_documents_are_reminded_of(
    visit, loans_house, customers, make, application_now, days_pass
):
    address = make("received", customers[2])
    days_pass(3)
    agent = Desk(visit, "agent", "zh").open("/notices/")
    notice = agent.page.get_by_text("请提醒客户补交 5 份材料").first
    expect(notice).to_be_visible()
    agent.open(address)
    agent.page.locator("[data-offer=remind]").click()
    text = agent.page.locator("#dialog-body [name=told_text]")
    expect(text).to_have_value(re.compile("1. 身份证明"))
    agent.follow(agent.page.locator("#dialog-body button.btn-primary"))
    assert application_now(address).reminders == 1
    expect(agent.page.locator("#timeline")).to_contain_text("身份证明")
    agent.open(f"/customers/show/{customers[2]}")
    expect(agent.page.locator(".record-chips")).to_contain_text("5 份材料待交")
    agent.page.get_by_role("tab", name="待交材料").click()
    expect(agent.page.locator(".tab-pane.active")).to_contain_text("身份证明")
