"""The card of deadlines: what counted, and how it came out; what was called off is not there."""

from __future__ import annotations

import pytest

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
