"""Weekly reports: begun each Monday, written by the person alone, handed in, read by the leader."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from app.sdk.demo import set_settings
from app.sdk.errors import CarelineError, Invalid, NotPermitted, Rejected
from app.sdk.metrics import Period, figures, metrics_by_name
from app.sdk.records import actions, delete
from app.sdk.services import SYSTEM, act, create, update
from plugins.work.models import WeeklyReport
from plugins.work.reports.services import begin_week, look_after
from plugins.work.tests.helpers import MONDAY, WRITTEN, at, handed_in, member, report

MARCH = Period(first=dt.date(2024, 3, 1), last=dt.date(2024, 3, 31))


def reports_of(house, username):
    """Return the reports of a person, the earliest first."""
    return list(house.session.scalars(select(WeeklyReport).where(
        WeeklyReport.owner_id == house.actor(username).user_id)
        .order_by(WeeklyReport.starts_on)))


def on_time_rate(house, username, period=MARCH):
    """Return numerator and denominator of a person's share of reports on time."""
    metric = metrics_by_name(personal=True)["work.reports_on_time_rate"]
    found = figures(house.session, SYSTEM, [metric], period,
                    person=house.actor(username).user_id)[metric.name]
    return found.numerator, found.denominator


def test_everybody_who_reports_gets_one_draft_a_week(house):
    with at(0, 1):
        made = begin_week(house.session, MONDAY)
        assert made > 5 and begin_week(house.session, MONDAY) == 0
    [draft] = reports_of(house, "agent")
    assert (draft.week, draft.state) == ("2024-W10", "draft")
    assert draft.reader_id == house.actor("supervisor").user_id
    # A supervisor reports to whoever leads the department.
    [own] = reports_of(house, "supervisor")
    assert own.reader_id not in (None, own.owner_id)
    assert reports_of(house, "fengtao") == []


def test_a_report_takes_its_figures_when_it_is_handed_in(house):
    with at(1, 10):
        member(house), member(house, "小满")
    with at(4, 10):
        one = handed_in(house)
        member(house, "逐光")
    [figure] = [row for row in one.figures if row["metric"] == "work.members_added"]
    assert figure == {"metric": "work.members_added", "numerator": 2, "denominator": None}
    assert (one.state, one.timeliness) == ("handed_in", "on_time")
    assert on_time_rate(house, "agent") == (1, 1)


def test_figures_of_a_plugin_that_is_not_there_are_left_out(house):
    set_settings(house.session, "work", {"figures": "absent.figure\nwork.proposals"})
    with at(4, 10):
        one = handed_in(house)
    assert [row["metric"] for row in one.figures] == ["work.proposals"]


def test_one_that_says_nothing_is_not_handed_in(house):
    one = report(house, plan="")
    with pytest.raises(Rejected):
        act(house.session, house.actor("agent"), one, "hand_in")
    update(house.session, house.actor("agent"), one, {"plan": "核实电话"})
    act(house.session, house.actor("agent"), one, "hand_in")
    with pytest.raises(Rejected):
        update(house.session, house.actor("agent"), one, {"done": "改写"})


def test_what_is_not_handed_in_is_reminded_of_once_and_found_missing(house):
    with at(0, 1):
        begin_week(house.session, MONDAY)
        everybody = len(house.session.scalars(select(WeeklyReport.id)).all())
        assert look_after(house.session) == 0
    with at(4, 9):
        assert look_after(house.session) == everybody and look_after(house.session) == 0
    with at(4, 19):
        assert look_after(house.session) == everybody and look_after(house.session) == 0
    assert on_time_rate(house, "agent") == (0, 1)
    [late] = reports_of(house, "agent")
    with at(6, 10):
        update(house.session, house.actor("agent"), late, WRITTEN)
        act(house.session, house.actor("agent"), late, "hand_in")
    assert late.timeliness == "late" and on_time_rate(house, "agent") == (0, 1)


def test_a_week_without_a_report_counts_neither_way(house):
    with at(0, 1):
        begin_week(house.session, MONDAY)
    with at(5, 9):
        look_after(house.session)
        [one] = reports_of(house, "agent")
        with pytest.raises(CarelineError):
            act(house.session, house.actor("agent"), one, "excuse", {"remark": "年假"})
        act(house.session, house.actor("supervisor"), one, "excuse", {"remark": "年假"})
    assert on_time_rate(house, "agent") == (0, 0)


def test_the_leader_reads_comments_and_sends_back(house):
    with at(4, 10):
        one = handed_in(house)
    with at(4, 20):
        act(house.session, house.actor("supervisor"), one, "send_back", {"remark": "补充投诉进展"})
    with at(7, 9):
        act(house.session, house.actor("agent"), one, "hand_in")
        # What was handed in on time stays on time, however often it goes back.
        assert one.timeliness == "on_time"
        act(house.session, house.actor("supervisor"), one, "mark_read", {"remark": "很好"})
    assert (one.state, one.remark) == ("read", "很好")
    assert one.read_by_id == house.actor("supervisor").user_id


def test_nobody_reads_their_own_report_nor_writes_that_of_another(house):
    with at(4, 10):
        own = handed_in(house, "supervisor")
        foreign = report(house, "agent")
    assert not {"mark_read", "send_back"} & {
        one.name for one in actions(house.session, house.actor("supervisor"), own)}
    with pytest.raises(Rejected):
        update(house.session, house.actor("supervisor"), foreign, {"done": "代写"})
    with pytest.raises(Invalid):
        create(house.session, house.actor("supervisor"), WeeklyReport, {
            **WRITTEN, "owner_id": house.actor("liuyang").user_id})
    with pytest.raises((NotPermitted, Rejected)):
        act(house.session, house.actor("supervisor"), foreign, "hand_in")


def test_there_is_one_report_of_a_week(house):
    with at(1, 10):
        report(house)
        with pytest.raises(Invalid) as refused:
            report(house)
        assert set(refused.value.errors) == {"starts_on"}
        with pytest.raises(Invalid):
            report(house, starts_on=MONDAY + dt.timedelta(days=7))
        last_week = report(house, starts_on=MONDAY - dt.timedelta(days=3))
    assert last_week.starts_on == MONDAY - dt.timedelta(days=7)


def test_a_report_that_was_due_stays(house):
    with at(4, 10):
        one = handed_in(house)
    with pytest.raises(Rejected):
        delete(house.session, SYSTEM, one)
    assert house.session.scalar(select(func.count()).select_from(WeeklyReport)) == 1


def test_nobody_hands_figures_or_moments_in_by_hand(house):
    with pytest.raises(Invalid) as refused:
        report(house, timeliness="on_time", figures=[])
    assert {"timeliness", "figures"} <= set(refused.value.errors)
