"""Learning and group care of the monthly form (K2) fill themselves in from the plugin work."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from app.sdk.forms import UNITS
from app.sdk.services import act, update
from plugins.appraisals.cycles.models import Cycle
from plugins.appraisals.sheets import facts as sheet_facts
from plugins.appraisals.sheets import objections
from plugins.appraisals.sheets.calculation import current, form_of
from plugins.appraisals.sheets.operations import sheet_operations
from plugins.appraisals.tests.helpers import BEGIN, month, rated, sheet_of
from plugins.work.models import WeeklyReport
from plugins.work.reports.services import begin_week, look_after
from plugins.work.tests.helpers import MONDAY, WRITTEN, at, member, proposal

WEEK = 7


def report_week(house, week: int, hour: int = 10) -> None:
    """Let the agent hand in the report of a week of March on its Friday."""
    monday = MONDAY + dt.timedelta(days=WEEK * week)
    with at(WEEK * week, 1):
        begin_week(house.session, monday)
    with at(WEEK * week + 4, hour):
        look_after(house.session)
        one = house.session.query(WeeklyReport).filter_by(
            owner_id=house.actor("agent").user_id, starts_on=monday).one()
        update(house.session, house.actor("agent"), one, WRITTEN)
        act(house.session, house.actor("agent"), one, "hand_in")


def learnt(house):
    """Return level and fact of learning on the agent's sheet, as they are now."""
    sheet = sheet_of(house, month(house))
    held = current(house.session, sheet, form_of(house.session, sheet))
    return held.answers["learning"], held.facts["learning"]


def test_reports_on_time_and_a_proposal_are_the_best_level(house):
    for week in range(3):
        report_week(house, week)
    with at(9, 11):
        proposal(house)
    level, fact = learnt(house)
    assert (level, fact["numerator"], fact["denominator"]) == ("A", 3, 3)
    assert fact["second"]["value"] == "1.00"


def test_without_a_proposal_it_is_the_middle_level_even_where_nobody_has_one(house):
    report_week(house, 0)
    level, fact = learnt(house)
    assert (level, fact["second"]["why"]) == ("B", "unused")


def test_a_late_report_is_the_lowest_level(house):
    report_week(house, 0), report_week(house, 1, hour=19)
    with at(9, 11):
        proposal(house)
    level, fact = learnt(house)
    assert (level, fact["numerator"], fact["denominator"]) == ("C", 1, 2)


@pytest.mark.parametrize("missing", [
    ("work.reports_on_time_rate",), ("work.proposals",),
    ("work.reports_on_time_rate", "work.proposals", "work.members_added")])
def test_a_plugin_that_is_not_there_leaves_learning_out(house, monkeypatch, missing):
    report_week(house, 0)
    known = {name: one for name, one in sheet_facts.metrics_by_name(personal=True).items()
             if name not in missing}
    monkeypatch.setattr(sheet_facts, "metrics_by_name", lambda **_: known)
    level, fact = learnt(house)
    assert (level, fact["value"], fact["why"]) == ("", None, "unknown")
    sheet = rated(house, sheet_of(house, opened(house)))
    assert "learning" in {line.item for line in current(
        house.session, sheet, form_of(house.session, sheet)).result.lines if line.is_left_out}
    page = house.client("agent").get(f"/appraisals/sheets/show/{sheet.id}")
    assert page.status_code == 200 and "data-no-data" in page.text


def opened(house):
    """Return the cycle that ``learnt`` has opened."""
    return house.session.query(Cycle).filter_by(starts_on=BEGIN).one()


def test_members_added_are_units_beside_the_level_that_the_appraiser_chooses(house):
    with at(2, 10):
        for place in range(5):
            member(house, f"成员{place}")
    sheet = rated(house, sheet_of(house, month(house)), **{"group_care" + UNITS: "99"})
    line = current(house.session, sheet, form_of(house.session, sheet)).result.lines[0]
    # B is 8 points, five members add half a point; what was typed for them counts for nothing.
    assert (line.level, line.base, Decimal(str(float(line.added)))) == ("B", 8, Decimal("0.5"))
    assert sheet.answers["group_care" + UNITS] == "5"
    raised = objections.raise_objection(
        house.session, sheet_operations(), house.actor("agent"), sheet, "group_care",
        "少计两人", None)
    objections.decide(house.session, sheet_operations(), house.actor("supervisor"), sheet, raised,
                      "属实", {"group_care": "B", "group_care" + UNITS: "7"}, None)
    held = current(house.session, sheet, form_of(house.session, sheet))
    assert (held.answers["group_care"], held.answers["group_care" + UNITS]) == ("B", "7")


def test_without_members_the_level_counts_alone(house):
    sheet = rated(house, sheet_of(house, month(house)))
    line = current(house.session, sheet, form_of(house.session, sheet)).result.lines[0]
    assert (line.item, line.is_left_out, line.points) == ("group_care", False, 8)
