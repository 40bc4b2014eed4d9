"""What stands on the papers: one language each, and everything that was decided."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from app.sdk.services import comment
from plugins.complaints import paper
from plugins.complaints.tests.helpers import assigned, department, fed_back, proposed, step

LATIN = re.compile(r"[A-Za-z]{2,}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def texts(node: Any) -> Iterator[str]:
    """Yield every text of what a document is filled with."""
    if isinstance(node, dict):
        node = node.values()
    if isinstance(node, str):
        yield node
    elif not isinstance(node, int | float | bool | None):
        for one in node:
            yield from texts(one)


@pytest.fixture
def papers(house, monkeypatch):
    """Return a function that gives both papers of a finished complaint in a language."""
    complaint = fed_back(house)
    step(house, complaint, "agent", "dissatisfied", dissatisfaction_reason="金额不符")
    comment(house.session, house.actor("agent"), complaint, "已告知客户", kind="progress")
    # Who prints stands on the paper, too; here nobody is signed in.
    monkeypatch.setattr(paper, "print_context", lambda *_: {})

    def filled(language: str) -> list[str]:
        with house.app.test_request_context("/", headers={"Accept-Language": language}):
            found = [*texts(paper.record_form(complaint)), *texts(paper.report(complaint))]
        return [text.replace(complaint.number, "") for text in found]

    return filled


def test_a_chinese_paper_has_no_english_words(papers):
    assert [text for text in papers("zh") if LATIN.search(text)] == []


def test_an_english_paper_has_chinese_only_where_somebody_wrote_it(papers, house):
    written = {"退还违约金", "退还违约金 500 元", "已退款", "客户已收到", "金额不符", "已告知客户",
               "合同条款告知不足", "提前还款被收取违约金。客户不认可。", "提前还款被收取违约金",
               "王小明"}
    names = {"李晓雯", "冯涛", "孟蝶", "陈志远", "贷后管理部", "客户服务部"}
    found = {part for text in papers("en") for part in text.split(" · ") if CHINESE.search(part)}
    assert found <= written | names
    assert "已退款" in found


# --- only what was decided on what stands there --------------------------------------------
@pytest.fixture
def printed(house, monkeypatch):
    """Return a function that gives the filled-in fields of both papers by label."""
    monkeypatch.setattr(paper, "print_context", lambda *_: {})

    def read(complaint) -> tuple[dict[str, str], dict[str, str]]:
        with house.app.test_request_context("/", headers={"Accept-Language": "en"}):
            form, report = paper.record_form(complaint), paper.report(complaint)
        fields = [form["fields"], [
            field for part in report["sections"]
            # What earlier rounds decided stands in sections of their own.
            if not part["title"].startswith("Round ") for field in part["fields"]]]
        signed = [form["signatures"], report["signatures"]]
        return tuple(
            {one["label"]: one["value"] for one in found if one["value"]}
            | {f"{one['label']} signed": f"{one['name']} {one.get('at', '')}".strip()
               for one in signatures if one["name"] or one.get("at")}
            for found, signatures in zip(fields, signed, strict=True)
        )

    return read


OF_A_DECISION = {"Approved by", "Approved at", "Consented at", "Remark of the approver",
                 "Approved by signed", "Leader's signature signed"}


def approved(house):
    """Return a complaint whose solution was approved with a remark."""
    complaint = proposed(house)
    return step(house, complaint, "fengtao", "approve", approval_note="同意")


def handed_over(house):
    """Return one that another department has to solve although the customer had agreed."""
    complaint = step(house, approved(house), "mengdie", "consent", consent_note="客户同意")
    return step(house, complaint, "supervisor", "hand_over", liability_note="销售承诺",
                responsible_department_id=department(house, "SALES"),
                handler_id=house.actor("linna").user_id)


def declined(house):
    """Return one whose approved solution the customer does not want."""
    return step(house, approved(house), "mengdie", "decline", consent_note="要求全额退款")


def sent_back(house):
    """Return one whose solution the leader did not approve."""
    return step(house, proposed(house), "fengtao", "send_back", approval_note="金额过高")


@pytest.mark.parametrize(("before", "proposer"), [
    (handed_over, "linna"), (declined, "mengdie"), (sent_back, "mengdie"),
])
def test_a_new_proposal_carries_nothing_that_was_decided_on_the_old_one(
    house, printed, before, proposer
):
    complaint = before(house)
    form, report = printed(complaint)
    assert not OF_A_DECISION & {*form, *report} - {"Remark of the approver"}
    assert complaint.approver_id is None
    step(house, complaint, proposer, "propose", solution="全额退还")
    form, report = printed(complaint)
    assert not OF_A_DECISION & {*form, *report}
    assert report["Solution"] == "全额退还" and complaint.consent_note == ""


def test_the_result_is_what_was_done_or_approved_and_never_what_was_proposed(house, printed):
    complaint = proposed(house)
    assert "Result" not in printed(complaint)[0]
    step(house, complaint, "fengtao", "approve")
    assert printed(complaint)[0]["Result"] == "退还违约金 500 元"
    step(house, complaint, "mengdie", "consent")
    step(house, complaint, "mengdie", "carry_out", result="已退款")
    assert printed(complaint)[0]["Result"] == "已退款"


def test_a_second_round_prints_nothing_of_the_first(house, printed):
    complaint = fed_back(house)
    step(house, complaint, "agent", "rate", outcome="fair")
    step(house, complaint, "agent", "summarise", summary="告知不足", improvement="改进话术")
    assert {"Summary", "Improvement", "Satisfaction"} <= {*printed(complaint)[1]}
    step(house, complaint, "agent", "dissatisfied", dissatisfaction_reason="金额不符")
    form, report = printed(complaint)
    assert not {"Result", "Feedback of the customer", "Leader's signature signed"} & {*form}
    assert not {"Solution", "Result", "Feedback of the customer", "Satisfaction", "Summary",
                "Improvement", *OF_A_DECISION} & {*report}
    assert report["Dissatisfied in an earlier round because"] == "金额不符"
    # The first round is in the timeline, with its time.
    assert complaint.satisfaction == "dissatisfied"
    step(house, complaint, "supervisor", "assign", liability="department",
         responsible_department_id=department(house, "COLLECT"),
         handler_id=house.actor("mengdie").user_id)
    step(house, complaint, "mengdie", "propose", solution="再退 200 元")
    step(house, complaint, "fengtao", "approve")
    form, report = printed(complaint)
    assert form["Result"] == report["Solution"] == "再退 200 元"
    assert "Feedback of the customer" not in form and "Satisfaction" not in report


def test_owner_and_responsible_person_are_called_by_different_names(house, printed):
    _form, report = printed(assigned(house))
    assert report["Owner"] == "李晓雯"
    assert report["Responsible person"] == report["Responsible person signed"] == "孟蝶"
