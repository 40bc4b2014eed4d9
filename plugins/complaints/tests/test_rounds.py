"""Rounds of a complaint: read from its log, shown on its page and in the report."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest

from app.sdk.services import clocks_of
from plugins.complaints import paper
from plugins.complaints.rounds import ENDS, former_rounds
from plugins.complaints.tests.helpers import department, fed_back, step
from plugins.complaints.workflow import WORKFLOW

NOON = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)


@dataclasses.dataclass
class Line:
    """A line of a log."""

    id: int
    transition: str
    values: dict[str, Any] = dataclasses.field(default_factory=dict)
    undoes_id: int | None = None
    at: dt.datetime = NOON
    outcome: str = ""


def log(*lines: Any) -> list[Line]:
    """Return lines from names of transitions, or from ``(name, values)``."""
    return [Line(place, *([line] if isinstance(line, str) else line))
            for place, line in enumerate(lines, 1)]


def test_the_present_round_is_no_former_one():
    assert former_rounds([]) == []
    assert former_rounds(log("", "assess", "propose", "approve")) == []


def test_each_round_has_its_own_steps_and_its_own_reason():
    first, second = former_rounds(log(
        "", ("propose", {"solution": "first"}), "approve",
        ("dissatisfied", {"dissatisfaction_reason": "too late"}),
        ("propose", {"solution": "second"}), ("rate", {}, None, NOON, "fair"),
        ("reopen", {"reopen_reason": "not paid"}), ("propose", {"solution": "third"}),
    ))
    assert (first.number, second.number) == (1, 2)
    assert [one.text("propose", "solution") for one in (first, second)] == ["first", "second"]
    assert (first.reason, second.reason) == ("too late", "not paid")
    assert (first.satisfaction, second.satisfaction) == ("dissatisfied", "fair")
    assert "approve" in first.steps and "approve" not in second.steps


def test_the_last_of_several_proposals_holds():
    [one] = former_rounds(log(("propose", {"solution": "a"}), "send_back",
                              ("propose", {"solution": "b"}), "dissatisfied"))
    assert one.text("propose", "solution") == "b"


@pytest.mark.parametrize("voids", ["propose", "send_back", "decline", "hand_over",
                                   "void_decision"])
def test_a_decision_that_was_voided_is_none(voids):
    [one] = former_rounds(log("propose", "approve", "consent", voids, "reopen"))
    assert not {"approve", "consent"} & set(one.steps)
    assert one.satisfaction == "" and one.reason == "" and one.text("approve", "x") == ""


def test_a_step_that_was_taken_back_does_not_count():
    lines = log("propose", "approve", "", "dissatisfied", "")
    lines[2].undoes_id = lines[1].id
    [one] = former_rounds(lines)
    assert set(one.steps) == {"propose"}
    lines[4].undoes_id = lines[3].id
    assert former_rounds(lines) == []


def test_what_begins_a_round_is_what_the_workflow_says():
    assert set(ENDS) == {one.name for one in WORKFLOW.transitions if "next_round" in one.effects}
    for name, reason in ENDS.items():
        assert reason in {field.name for field in WORKFLOW.transition(name).form.fields}


# --- on the page and on paper --------------------------------------------------------------
@pytest.fixture
def again(house):
    """Return a complaint in its second round, which has a solution of its own."""
    complaint = fed_back(house)
    step(house, complaint, "agent", "dissatisfied", dissatisfaction_reason="金额不符")
    step(house, complaint, "supervisor", "assign",
         responsible_department_id=department(house, "COLLECT"),
         handler_id=house.actor("mengdie").user_id, liability="department")
    return step(house, complaint, "mengdie", "propose", solution="退还全部费用")


def _page(house, complaint, language: str) -> str:
    return house.client("supervisor").get(
        f"/complaints/show/{complaint.id}", headers={"Accept-Language": language}).text


@pytest.mark.parametrize(("language", "title"), [("zh", "第 1 轮"), ("en", "Round 1")])
def test_the_page_shows_the_first_round_by_itself(house, again, language, title):
    page = _page(house, again, language)
    [former] = page.split('<details class="former-round"')[1:]
    former = former.split("</details>")[0]
    assert title in former.split("</summary>")[0]
    for text in ("退还违约金 500 元", "已退款", "客户已收到", "金额不符", "冯涛"):
        assert text in former
    assert "退还全部费用" not in former and "退还全部费用" in page


def test_a_complaint_in_its_first_round_has_no_such_part(house):
    assert "former-round" not in _page(house, fed_back(house), "zh")


@pytest.mark.parametrize(("language", "second"), [("zh", "（第 2 轮）"), ("en", " (round 2)")])
def test_a_deadline_says_of_which_round_it_is(house, again, language, second):
    titles = [title for title, _due, _kept in clocks_of(house.session, again, language)]
    later = [title for title in titles if title.endswith(second)]
    assert later and {title.removesuffix(second) for title in later} <= set(titles)
    card = house.client("supervisor").get(
        f"/complaints/deadlines/{again.id}", headers={"Accept-Language": language}).text
    assert card.count(second) == len(later)


def test_the_report_has_a_section_for_each_round(house, again, monkeypatch):
    monkeypatch.setattr(paper, "print_context", lambda *_: {})
    with house.app.test_request_context("/", headers={"Accept-Language": "en"}):
        sections = paper.report(again)["sections"]
    [first] = [one for one in sections if one["title"].startswith("Round 1, until ")]
    assert first["title"].endswith(": the customer was dissatisfied")
    values = {field["label"]: field["value"] for field in first["fields"]}
    assert values["Solution"] == "退还违约金 500 元" and values["Result"] == "已退款"
    assert values["Satisfaction"] == "Dissatisfied"
    assert values["Why there was another round"] == "金额不符"
    [now] = [one for one in sections if one["title"] == "Solution and approval"]
    assert now["fields"][0]["value"] == "退还全部费用"
