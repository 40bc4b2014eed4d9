"""Clocks in the database: moved by transitions, swept once, extended, worked out anew."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from app.deadlines import services, sweeping
from app.deadlines.calendar_store import (
    Calendars,
    UnknownCalendar,
    clear_day,
    ensure_default_calendar,
    set_day,
)
from app.deadlines.clock_status import ClockStatus
from app.deadlines.models import ClockEventRow, ClockRow, PolicyRow
from app.deadlines.policy_store import policies_in_force, publish_policy, set_in_force
from app.deadlines.presets import PRESETS
from app.deadlines.sweeping import recompute, sweep
from app.jobs.models import OutboxRow
from app.records import services as records
from app.workflow import services as workflow
from tests.integration.trial import NORMAL, house

pytestmark = pytest.mark.both_databases


MONDAY = dt.datetime(2024, 5, 13, 1, tzinfo=dt.UTC)  # 09:00 in Shanghai
HOUR = dt.timedelta(hours=1)


def told(session, record) -> list[tuple[str, int, str]]:
    rows = session.scalars(
        select(ClockEventRow)
        .where(ClockEventRow.record_id == record.id, ClockEventRow.kind.is_not(None))
        .order_by(ClockEventRow.at, ClockEventRow.id)
    )
    return [(row.kind, row.level, row.to) for row in rows if row.due_at < MONDAY + 24 * HOUR]


def test_everything_that_falls_due_is_written_once(session, new, clock):
    record = new()
    assert sweep(session, MONDAY + 3 * HOUR) == 0
    assert sweep(session, MONDAY + 4 * HOUR) == 1
    assert sweep(session, MONDAY + 4 * HOUR) == 0
    # The worker was away: what it missed is written in order, in one go.
    assert sweep(session, MONDAY + 9 * HOUR) == 4
    assert told(session, record) == [
        ("warning", 1, ""), ("warning", 2, ""), ("breach", 0, ""),
        ("escalation", 1, "team_leader"), ("escalation", 2, "department_leader"),
    ]
    assert clock(record).next_event_at is None
    assert clock(record, "decision").next_event_at is not None


def test_listeners_are_told_through_the_outbox(session, world, new):
    world.host.listeners["on_deadline"] = ["complaints"]
    record = new()
    sweep(session, MONDAY + 4 * HOUR)
    (payload,) = session.scalars(
        select(OutboxRow.payload).where(OutboxRow.event == "on_deadline")
    )
    assert payload["record_id"] == record.id and payload["clock"] == "resolution"
    assert (payload["kind"], payload["level"]) == ("warning", 1)


def test_two_workers_write_every_event_once(session, sessions, new, flask_app):
    for _ in range(60):
        new()
    session.rollback()

    def work(_number: int) -> int:
        with flask_app.app_context(), sessions() as own:
            return sweep(own, MONDAY + 20 * HOUR)

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(work, range(4)))
    sweep(session, MONDAY + 20 * HOUR)
    assert session.scalar(select(func.count(ClockEventRow.id))) == 60 * 5
    assert sum(counts) == 60 * 5


def test_waiting_stops_the_internal_clock_and_not_the_law(session, world, new, monkeypatch, clock):
    record = new()
    at = iter((MONDAY + HOUR, MONDAY + 2 * HOUR, MONDAY + 7 * HOUR))
    monkeypatch.setattr(workflow, "utcnow", lambda: next(at))
    workflow.perform(session, world.agent, record, "take", {})
    workflow.perform(session, world.agent, record, "ask", {})
    now = MONDAY + 5 * HOUR
    page = services.chips(session, "trial.case", [record.id], now)
    by_key = {chip.key: chip for chip in page[record.id]}
    assert by_key["resolution"].status is ClockStatus.PAUSED
    assert by_key["decision"].status is ClockStatus.OK
    assert clock(record).next_event_at is None
    workflow.perform(session, world.agent, record, "answered", {})
    # Five hours stood: three more that day, and two the next morning.
    assert clock(record).due_at == MONDAY + 24 * HOUR + 4 * HOUR
    assert record.due_at == clock(record).due_at


def test_chips_tell_without_sums(session, new):
    record = new()

    def status(hours: float) -> ClockStatus:
        now = MONDAY + hours * HOUR
        return services.chips(session, "trial.case", [record.id], now)[record.id][0].status

    assert [status(hours) for hours in (1, 4, 7, 8, 8.01)] == [
        ClockStatus.OK,
        ClockStatus.WARNING,
        ClockStatus.WARNING,
        ClockStatus.WARNING,
        ClockStatus.BREACHED,
    ]


def test_a_new_severity_puts_the_clock_under_its_policy(session, world, new, monkeypatch, clock):
    record = new()
    records.update(session, world.agent, record, {"severity": "serious"})
    monkeypatch.setattr(workflow, "utcnow", lambda: MONDAY + HOUR)
    workflow.perform(session, world.agent, record, "take", {})
    now = clock(record)
    assert (now.run, now.due_at) == (2, MONDAY + 2 * HOUR)
    first = session.scalar(
        select(ClockRow).where(ClockRow.record_id == record.id, ClockRow.run == 1,
                               ClockRow.key == "resolution")
    )
    assert first.stopped_at is not None and first.kept is None


def test_a_running_clock_keeps_the_version_of_its_policy(session, world, new, clock):
    old = new()
    publish_policy(
        session, "trial.case",
        house("house_normal", 1, applies_when=NORMAL.applies_when),
    )
    young = new()
    workflow.perform(session, world.agent, old, "take", {})
    assert clock(old).due_at == MONDAY + 8 * HOUR
    assert clock(young).due_at == MONDAY + HOUR


def test_shipped_policies_never_replace_an_admins(session, world):
    own = house("house_normal", 1, applies_when=NORMAL.applies_when)
    publish_policy(session, "trial.case", own)
    publish_policy(session, "trial.case", house("house_normal", 99), shipped=True)
    held = policies_in_force(session, "trial.case").values()
    assert own in held
    assert session.scalar(select(func.count(PolicyRow.id))) == 4


def test_presets_wait_until_they_are_chosen(session, world, new):
    for preset in PRESETS.values():
        publish_policy(session, "trial.case", preset, shipped=True, in_force=False)
    assert len(policies_in_force(session, "trial.case")) == 3
    set_in_force(session, "trial.case", "cn_cbirc_2020", True)
    assert "cn_cbirc_2020" in {
        policy.name for policy in policies_in_force(session, "trial.case").values()
    }


def test_reopening_begins_a_new_run(session, world, new, clock):
    record = new()
    workflow.perform(session, world.agent, record, "withdraw", {})
    stopped = clock(record)
    assert (stopped.run, stopped.kept) == (1, False)
    workflow.perform(session, world.supervisor, record, "reopen", {})
    again = clock(record)
    assert (again.run, again.stopped_at) == (2, None)
    assert record.due_at == again.due_at


# Calendars ----------------------------------------------------------------------------------


def test_a_changed_day_moves_running_clocks_and_their_records(session, world, new, clock):
    record, closed = new(), new()
    workflow.perform(session, world.agent, closed, "withdraw", {})
    held = clock(closed).due_at
    set_day(session, "china", dt.date(2024, 5, 13), [], "Power cut")
    assert recompute(session, "china") == 2
    assert clock(record).due_at == MONDAY + 32 * HOUR
    assert record.due_at == MONDAY + 32 * HOUR
    assert clock(closed).due_at == held
    assert sweep(session, MONDAY + 10 * HOUR) == 0
    clear_day(session, "china", dt.date(2024, 5, 13))
    recompute(session, "china")
    assert clock(record).due_at == MONDAY + 8 * HOUR
    assert sweep(session, MONDAY + 8 * HOUR) == 4


def test_what_was_told_is_not_told_again_after_a_change(session, new):
    record = new()
    sweep(session, MONDAY + 4 * HOUR)
    set_day(session, "china", dt.date(2024, 5, 13), ["12:00-18:00"])
    recompute(session, "china")
    sweep(session, MONDAY + 48 * HOUR)
    assert [kind for kind, _, _ in told(session, record)].count("warning") == 1
    every = session.execute(
        select(ClockEventRow.kind, ClockEventRow.level).where(
            ClockEventRow.record_id == record.id
        )
    ).all()
    assert sorted(map(tuple, every)) == [
        ("breach", 0), ("escalation", 1), ("escalation", 2), ("warning", 1), ("warning", 2),
    ]


def test_the_default_calendar_keeps_hours_and_takes_over_new_days(session):
    ensure_default_calendar(session)
    calendars = Calendars(session)
    china = calendars.get(calendars.id_of(""))
    assert china.shifts_on(dt.date(2024, 10, 1)) == ()
    ensure_default_calendar(session)
    with pytest.raises(UnknownCalendar):
        calendars.id_of("mars")
    with pytest.raises(UnknownCalendar):
        set_day(session, "mars", dt.date(2024, 1, 1), [])


def test_a_sweep_that_is_cut_off_is_made_good_by_the_next(session, new, monkeypatch):
    record = new()

    class PowerCut(Exception):
        """The machine stops between writing the events and noting that they were."""

    def stop(*_arguments):
        raise PowerCut

    with monkeypatch.context() as patched:
        patched.setattr(sweeping.sweep_sql, "advance", stop)
        with pytest.raises(PowerCut):
            sweep(session, MONDAY + 4 * HOUR)
    assert told(session, record) == []
    assert sweep(session, MONDAY + 4 * HOUR) == 1
    assert told(session, record) == [("warning", 1, "")]
