"""What stands on the papers: one language each, and everything that was decided."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from app.sdk.services import comment
from plugins.complaints import paper
from plugins.complaints.tests.helpers import fed_back, step

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
