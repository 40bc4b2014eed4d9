"""The card of deadlines: what counted, and how it came out; what was called off is not there."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import update

from app.deadlines.models import ClockRow
from app.sdk.services import write
from app.workflow.deadline_requests import deadlines_of
from plugins.complaints.tests.helpers import registered, step

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_clock_that_was_called_off_for_a_stricter_one_is_not_shown(house):
    complaint = registered(house)
    step(house, complaint, "agent", "assess", severity="critical", urgency="high",
         cause_analysis="待查")
    lines = deadlines_of(house.session, house.actor("supervisor"), complaint)
    assert [(line.rule.key, line.kept) for line in lines] == [
        ("first_response", None), ("resolution", None),
    ]
    step(house, complaint, "agent", "tell_progress", text="正在核实")
    page = house.client("supervisor").get(f"/complaints/deadlines/{complaint.id}").text
    assert page.count("已遵守") == 1 and "已完成" not in page


@pytest.mark.parametrize(("ends", "is_marked"), [(2025, False), (2039, True)])
def test_a_deadline_that_rests_on_holidays_not_yet_published_says_so(house, ends, is_marked):
    complaint = registered(house)
    with write(house.session):
        house.session.execute(update(ClockRow).values(
            started_at=dt.datetime(2025, 3, 3, tzinfo=dt.UTC),
            due_at=dt.datetime(ends, 3, 10, tzinfo=dt.UTC)))
    for language, words in (("zh", "放假安排尚未公布"), ("en", "are not published yet")):
        page = house.client("supervisor").get(
            f"/complaints/deadlines/{complaint.id}", headers={"Accept-Language": language}).text
        assert (words in page) is is_marked and (str(ends) in page)
