"""Warnings and escalations as people read them, on the timeline and in the report."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from app.deadlines.sweeping import sweep
from app.sdk.screens import write_datetime
from app.sdk.services import utcnow, workflow_log
from plugins.complaints import paper
from plugins.complaints.tests.helpers import registered

MACHINE = re.compile(r"first_response|team_leader|escalation\b|\d{4}-\d\d-\d\dT|\+00:00|→ team")
SENTENCES = {
    "zh": ("首次响应", "负责人：组别", "系统"),
    "en": ("First response", "Head: Team", "The system"),
}


@pytest.fixture
def late(house):
    """Return a complaint all of whose deadlines passed long ago, and were told of."""
    complaint = registered(house, received_at=utcnow() - dt.timedelta(days=60))
    sweep(house.session, utcnow())
    return complaint


@pytest.mark.parametrize("language", SENTENCES)
def test_the_timeline_tells_of_deadlines_in_the_reader_s_language(house, late, language):
    page = house.client("agent").get(
        f"/complaints/show/{late.id}", headers={"Accept-Language": language}
    ).text
    folded = page.split('class="noise"', 1)[1].split("</details>", 1)[0]
    for word in SENTENCES[language]:
        assert word in folded
    assert not MACHINE.search(re.sub(r'datetime="[^"]*"', "", folded))


@pytest.mark.parametrize("language", SENTENCES)
def test_the_report_has_a_line_for_each_and_calls_none_a_comment(
    house, late, language, monkeypatch
):
    monkeypatch.setattr(paper, "print_context", lambda *_: {})
    title, leader, system = SENTENCES[language]
    with house.app.test_request_context("/", headers={"Accept-Language": language}):
        lines = paper.report(late)["timeline"]["entries"]
        due = write_datetime(next(iter(
            at for name, at, _ in paper.clocks_of(house.session, late, language)
            if name == title)))
    told = [line for line in lines if line["who"] == system]
    assert any(leader in line["what"] and title in line["what"] and due in line["what"]
               for line in told)
    assert not any(MACHINE.search(line["what"] + line["text"]) for line in lines)
    assert not {"评论", "Comment"} & {line["what"] for line in lines}
    assert len(lines) == len(told) + len(workflow_log(house.session, late))
