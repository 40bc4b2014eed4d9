"""The weekly summary: made once, told to supervisors, read on a page and on paper."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.notices.models import Notice
from app.sdk.demo import acting_at
from app.sdk.errors import Rejected
from app.sdk.records import create, update
from app.sdk.services import SYSTEM
from plugins.enquiries.models import EnquiryCategory, EnquiryChannel, Summary
from plugins.enquiries.summaries.services import (
    make_last_week,
    make_summary,
    name_of_week,
    week_before,
)
from plugins.enquiries.tests.helpers import step, taken

MONDAY = dt.datetime(2026, 11, 16, 2, 0, tzinfo=dt.UTC)
FIRST = dt.date(2026, 11, 16)


def week(house) -> None:
    """Take five enquiries in the week of the 16th, and one in the week after it."""
    category = house.session.scalar(
        select(EnquiryCategory.id).where(EnquiryCategory.code == "repayment"))
    channel = house.session.scalar(
        select(EnquiryChannel.id).where(EnquiryChannel.code == "phone"))
    common = {"category_id": category, "channel_id": channel}
    with acting_at(MONDAY):
        taken(house, question="怎么还款？", answer="扣款", satisfaction="satisfied", **common)
        taken(house, question="怎么还款", answer="扣款", satisfaction="dissatisfied", **common)
        late = taken(house, question="解押要什么")
        kept = taken(house, question="发票呢")
        taken(house, question="还没答复", **common)
    with acting_at(MONDAY + dt.timedelta(hours=1)):
        step(house, kept, "agent", "answer", answer="已寄")
    with acting_at(MONDAY + dt.timedelta(days=3)):
        step(house, late, "agent", "answer", answer="证件")
    with acting_at(MONDAY + dt.timedelta(days=7)):
        taken(house, question="下周的")


def test_the_week_is_counted_and_told_once(house):
    week(house)
    summary = make_summary(house.session, FIRST)
    assert (summary.week, summary.received, summary.answered_at_once) == ("2026-W47", 5, 2)
    assert (summary.promised, summary.promised_kept, summary.unanswered) == (2, 1, 1)
    assert (summary.rated, summary.satisfied) == (2, 1)
    assert summary.figures["questions"] == [["怎么还款？", 2]] or (
        summary.figures["questions"] == [("怎么还款？", 2)])
    assert dict(map(tuple, summary.figures["category"])) == {"repayment": 3, "": 2}
    assert dict(map(tuple, summary.figures["channel"])) == {"phone": 3, "": 2}
    assert make_summary(house.session, FIRST) is None
    told = set(house.session.scalars(select(Notice.user_id)))
    assert {house.actor(name).user_id for name in ("supervisor", "leader")} <= told
    assert house.actor("agent").user_id not in told


def test_the_schedule_sums_up_the_week_before(house):
    monday = dt.datetime(2026, 11, 23, 0, 0, tzinfo=dt.UTC)
    for day in (0, 1, 4):
        make_last_week(house.session, monday + dt.timedelta(days=day), monday)
    assert list(house.session.scalars(select(Summary.week))) == ["2026-W47"]
    assert week_before(dt.date(2026, 11, 29)) == (FIRST, dt.date(2026, 11, 22))
    assert name_of_week(dt.date(2027, 1, 1)) == "2026-W53"


def test_nobody_writes_a_summary(house):
    with pytest.raises(Rejected):
        create(house.session, SYSTEM, Summary, {"week": "2026-W01"})
    summary = make_summary(house.session, FIRST)
    with pytest.raises(Rejected):
        update(house.session, house.actor("admin"), summary, {"received": 9})


def test_page_and_paper_are_there_for_readers(house):
    week(house)
    summary = make_summary(house.session, FIRST)
    client = house.client("supervisor")
    page = client.get(f"/enquiries/summaries/show/{summary.id}").text
    assert "怎么还款？" in page
    paper = client.get(f"/enquiries/summaries/{summary.id}/summary.pdf")
    assert paper.data.startswith(b"%PDF-")
    assert house.client("agent").get(f"/enquiries/summaries/show/{summary.id}").status_code == 200
