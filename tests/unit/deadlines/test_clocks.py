"""Clocks: moves, readings, and laws that hold whatever happens to them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.deadlines import clock_status, clocks
from app.deadlines.chinese import china_calendar
from app.deadlines.clock_status import ClockStatus, EventKind
from app.deadlines.clocks import Clock, ClockRefused
from app.deadlines.policies import At, ClockKind, ClockRule, Escalation, Extension, Measure

SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
CALENDAR = china_calendar()


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def rule(measure=Measure.WORKING_MINUTES, amount=480, **changes) -> ClockRule:
    return dataclasses.replace(
        ClockRule(
            key="resolution", title="Resolution", measure=measure, amount=amount,
            starts_on=("received",), pauses_on=("waiting",), stops_on=("closed",),
            escalate=(Escalation(0, "team_leader"), Escalation(60, "department_leader")),
        ),
        **changes,
    )


INTERNAL = rule()
MONDAY = local("2024-05-13 09:00")


def test_a_clock_through_a_working_day():
    clock = clocks.start(INTERNAL, MONDAY)
    assert clock_status.due_at(clock, CALENDAR) == local("2024-05-13 17:00")
    for time, status in (
        ("12:59", ClockStatus.OK),
        ("13:00", ClockStatus.WARNING),
        ("17:00", ClockStatus.WARNING),
        ("17:01", ClockStatus.BREACHED),
    ):
        assert clock_status.status(clock, CALENDAR, local(f"2024-05-13 {time}")) is status
    assert clock_status.share_used(clock, CALENDAR, local("2024-05-13 11:00")) == 0.25
    assert clock_status.remaining(clock, CALENDAR, local("2024-05-13 17:30")) == -dt.timedelta(
        minutes=30
    )


def test_events_in_order_with_escalation_in_working_time():
    clock = clocks.start(INTERNAL, MONDAY)
    assert [(e.at, e.kind, e.level, e.to) for e in clock_status.events(clock, CALENDAR)] == [
        (local("2024-05-13 13:00"), EventKind.WARNING, 1, ""),
        (local("2024-05-13 15:24"), EventKind.WARNING, 2, ""),
        (local("2024-05-13 17:00"), EventKind.BREACH, 0, ""),
        (local("2024-05-13 17:00"), EventKind.ESCALATION, 1, "team_leader"),
        (local("2024-05-13 18:00"), EventKind.ESCALATION, 2, "department_leader"),
    ]


def test_a_pause_over_the_weekend_costs_only_open_time():
    clock = clocks.start(INTERNAL, local("2024-05-17 16:00"))  # Friday
    clock = clocks.pause(clock, local("2024-05-17 17:00"))
    assert clock_status.status(clock, CALENDAR, local("2024-05-20 10:00")) is ClockStatus.PAUSED
    assert clock_status.next_event(clock, CALENDAR, local("2024-05-20 10:00")) is None
    clock = clocks.resume(clock, local("2024-05-20 10:00"))  # one hour each side
    assert clock_status.due_at(clock, CALENDAR) == local("2024-05-20 17:00")


def test_a_clock_that_began_anew_is_as_if_it_had_begun_then():
    def through(began: dt.datetime) -> Clock:
        clock = clocks.pause(clocks.start(INTERNAL, began), local("2024-05-13 14:00"))
        return clocks.stop(clocks.resume(clock, local("2024-05-13 15:00")), stopped)

    right, stopped = local("2024-05-13 10:00"), local("2024-05-14 09:30")
    assert clocks.restart(through(MONDAY), right) == through(right)
    assert not clock_status.was_kept(through(MONDAY), CALENDAR, stopped)
    assert clock_status.was_kept(clocks.restart(through(MONDAY), right), CALENDAR, stopped)
    with pytest.raises(ClockRefused):
        clocks.restart(through(MONDAY), local("2024-05-13 14:01"))


def test_a_breached_clock_cannot_be_paused_back_to_green():
    clock = clocks.pause(clocks.start(INTERNAL, MONDAY), local("2024-05-14 10:00"))
    assert clock_status.status(clock, CALENDAR, local("2024-05-14 11:00")) is ClockStatus.BREACHED
    clock = clocks.resume(clock, local("2024-05-15 11:00"))
    assert clock_status.due_at(clock, CALENDAR) == local("2024-05-13 17:00")


def test_an_internal_pause_never_stops_a_statutory_clock():
    law = rule(Measure.CALENDAR_DAYS, 15, kind=ClockKind.STATUTORY, pauses_on=())
    clock = clocks.start(law, MONDAY)
    assert clocks.react(clock, law, {"waiting", "ask_customer"}, MONDAY) is clock
    with pytest.raises(ClockRefused, match="statutory"):
        clocks.pause(clock, MONDAY)


def test_a_statutory_clock_pauses_where_its_law_says_so():
    law = rule(kind=ClockKind.STATUTORY, pause_source="art. 12: time of an expert's examination")
    assert clocks.react(clocks.start(law, MONDAY), law, {"waiting"}, MONDAY).is_paused


def test_a_clock_follows_its_record():
    at = iter(MONDAY + dt.timedelta(hours=hour) for hour in range(10))
    clock = clocks.react(None, INTERNAL, {"draft"}, next(at))
    assert clock is None
    clock = clocks.react(None, INTERNAL, {"received", "register"}, next(at))
    assert clock.started_at == local("2024-05-13 10:00")
    assert clocks.react(clock, INTERNAL, {"assigned", "assign"}, next(at)) is clock
    standing = clocks.react(clock, INTERNAL, {"waiting", "ask"}, next(at))
    assert standing.is_paused
    # A note taken while waiting leaves the record, and so the clock, where it stands.
    assert clocks.react(standing, INTERNAL, {"waiting", "note"}, next(at)) is standing
    assert clocks.react(standing, INTERNAL, {"tell_progress"}, next(at)) is standing
    running = clocks.react(
        standing, INTERNAL, {"assigned", "category:open", "answered"}, next(at))
    assert not running.is_paused
    closed = clocks.react(running, INTERNAL, {"closed", "close"}, next(at))
    assert closed.stopped_at is not None
    assert clocks.react(closed, INTERNAL, {"archived", "archive"}, next(at)) is closed
    again = clocks.react(closed, INTERNAL, {"received", "reopen"}, next(at))
    assert again.started_at > closed.stopped_at and not again.pauses


def test_closing_while_paused_ends_the_pause():
    clock = clocks.pause(clocks.start(INTERNAL, MONDAY), local("2024-05-13 10:00"))
    clock = clocks.stop(clock, local("2024-05-20 10:00"))
    assert clock.pauses[-1].end == clock.stopped_at
    assert clock_status.was_kept(clock, CALENDAR, local("2024-06-20 10:00"))
    assert clock_status.status(clock, CALENDAR, local("2024-06-20 10:00")) is ClockStatus.STOPPED
    assert clock_status.events(clock, CALENDAR) == ()


def test_a_late_stop_stays_late():
    clock = clocks.stop(clocks.start(INTERNAL, MONDAY), local("2024-05-13 17:30"))
    assert not clock_status.was_kept(clock, CALENDAR, local("2024-05-13 17:31"))
    assert clock_status.remaining(clock, CALENDAR, local("2024-07-13 17:31")) == -dt.timedelta(
        minutes=30
    )


def test_moves_after_the_stop_and_before_the_last_move_are_refused():
    clock = clocks.start(INTERNAL, MONDAY)
    with pytest.raises(ClockRefused, match="before its last change"):
        clocks.pause(clock, MONDAY - dt.timedelta(seconds=1))
    stopped = clocks.stop(clock, MONDAY)
    for move in (clocks.pause, clocks.resume, clocks.stop):
        with pytest.raises(ClockRefused, match="closed already"):
            move(stopped, MONDAY)
    with pytest.raises(ValueError, match="naive"):
        clocks.start(INTERNAL, dt.datetime(2024, 5, 13))


# Extension ----------------------------------------------------------------------------------

LAW = rule(
    Measure.CALENDAR_DAYS, 15, kind=ClockKind.STATUTORY, pauses_on=(),
    extensions=(Extension(15, 30, "supervisor"), Extension(30, 60, "leader")),
)


def test_extension_in_steps_up_to_the_ceiling():
    clock = clocks.start(LAW, MONDAY)
    clock = clocks.extend(clock, 15, "the workshop must be heard", {"supervisor"})
    assert clock_status.due_at(clock, CALENDAR) == local("2024-06-12 23:59:59")
    clock = clocks.extend(clock, 30, "expert report outstanding", {"leader"})
    assert clock_status.due_at(clock, CALENDAR) == local("2024-07-12 23:59:59")
    with pytest.raises(ClockRefused, match="60 at most"):
        clocks.extend(clock, 1, "one more day", {"leader"})


@pytest.mark.parametrize(
    ("by", "reason", "roles", "sentence"),
    [
        (15, "  ", {"supervisor"}, "reason"),
        (15, "why", {"agent"}, "Only supervisor"),
        (15, "why", set(), "Only supervisor"),
        (0, "why", {"supervisor"}, "1 to 15"),
        (30, "why", {"supervisor"}, "Only leader"),
        (46, "why", {"leader"}, "60 at most"),
        (31, "why", {"leader"}, "1 to 30"),
    ],
)
def test_extension_needs_reason_right_and_measure(by, reason, roles, sentence):
    with pytest.raises(ClockRefused, match=sentence):
        clocks.extend(clocks.start(LAW, MONDAY), by, reason, roles)


def test_extension_of_a_clock_without_the_rule_or_stopped_is_refused():
    with pytest.raises(ClockRefused, match="cannot be extended"):
        clocks.extend(clocks.start(INTERNAL, MONDAY), 1, "why", {"leader"})
    with pytest.raises(ClockRefused, match="closed"):
        clocks.extend(clocks.stop(clocks.start(LAW, MONDAY), MONDAY), 15, "why", {"leader"})


@given(st.lists(st.tuples(st.integers(-1, 50), st.sampled_from(["supervisor", "leader"]))))
def test_no_run_of_extensions_passes_the_ceiling(tries):
    clock = clocks.start(LAW, MONDAY)
    for by, role in tries:
        try:
            clock = clocks.extend(clock, by, "why", {role})
        except ClockRefused:
            continue
        assert by >= 1 and (clock.amount <= 30 or role == "leader")
    assert LAW.amount <= clock.amount <= 60


# Laws ---------------------------------------------------------------------------------------

RULES = st.builds(
    rule,
    st.sampled_from(list(Measure)),
    st.integers(1, 40),
    warn_at=st.sampled_from([(), (0.5,), (0.1, 0.5, 0.8)]),
)
MOMENTS = st.datetimes(
    dt.datetime(2023, 1, 1), dt.datetime(2025, 6, 1), timezones=st.just(dt.UTC)
)
SPANS = st.timedeltas(dt.timedelta(0), dt.timedelta(days=20))
PAUSES = st.lists(st.tuples(SPANS, SPANS), max_size=4)


def run(rule: ClockRule, began: dt.datetime, pauses: list) -> tuple[Clock, dt.datetime]:
    """A clock paused after each first span for each second one, and the time of the last move."""
    clock, at = clocks.start(rule, began), began
    for running, standing in pauses:
        at += running
        clock = clocks.pause(clock, at)
        at += standing
        clock = clocks.resume(clock, at)
    return clock, at


def passed(rule: ClockRule, first: dt.datetime, last: dt.datetime) -> dt.timedelta:
    return CALENDAR.working_time(first, last) if rule.measure.is_working else last - first


@given(RULES, MOMENTS, SPANS, SPANS)
def test_a_pause_shifts_the_deadline_by_exactly_its_time(rule, began, before, length):
    plain = clocks.start(rule, began)
    due = clock_status.due_at(plain, CALENDAR)
    paused, at = run(rule, began, [(before, length)])
    later = clock_status.due_at(paused, CALENDAR)
    stood = passed(rule, at - length, at) if at - length < due else dt.timedelta(0)
    assert passed(rule, due, later) == stood


@given(RULES, MOMENTS, PAUSES)
def test_pauses_are_conserved(rule, began, pauses):
    """Time run before the deadline plus time stood is all the time there was."""
    clock, _ = run(rule, began, pauses)
    base, due = (
        clock_status.due_at(one, CALENDAR) for one in (clocks.start(rule, began), clock)
    )
    stood = sum(
        (passed(rule, one.start, one.end) for one in clock.pauses if one.start < due),
        dt.timedelta(0),
    )
    assert passed(rule, began, due) == passed(rule, began, base) + stood


@given(RULES, MOMENTS, PAUSES, SPANS)
def test_an_open_pause_freezes_the_time_left(rule, began, pauses, length):
    clock, at = run(rule, began, pauses)
    standing = clocks.pause(clock, at)
    left = clock_status.remaining(standing, CALENDAR, at)
    if at < clock_status.due_at(standing, CALENDAR):
        assert clock_status.remaining(standing, CALENDAR, at + length) == left
        assert clock_status.status(standing, CALENDAR, at + length) is ClockStatus.PAUSED


ORDER = (ClockStatus.OK, ClockStatus.WARNING, ClockStatus.BREACHED)


@given(RULES, MOMENTS, PAUSES, SPANS, SPANS)
def test_status_and_share_only_grow_while_the_clock_runs(rule, began, pauses, one, two):
    clock, at = run(rule, began, pauses)
    early, late = at + one, at + one + two
    first, second = (
        ORDER.index(clock_status.status(clock, CALENDAR, now)) for now in (early, late)
    )
    assert first <= second
    shares = [clock_status.share_used(clock, CALENDAR, now) for now in (early, late)]
    assert shares == sorted(shares)


@given(RULES, MOMENTS, PAUSES, SPANS)
def test_the_next_event_lies_ahead_and_none_is_left_out(rule, began, pauses, span):
    clock, at = run(rule, began, pauses)
    every = clock_status.events(clock, CALENDAR)
    assert [event.at for event in every] == sorted(event.at for event in every)
    assert len(every) == len(rule.warn_at) + 1 + len(rule.escalate)
    now = at + span
    following = clock_status.next_event(clock, CALENDAR, now)
    assert following is None or following.at > now
    if following is None:
        assert all(event.at <= now for event in every)
    else:
        assert not any(now < event.at < following.at for event in every)


@given(RULES, RULES, MOMENTS, PAUSES)
def test_parallel_clocks_know_nothing_of_each_other(one, two, began, pauses):
    alone = clock_status.due_at(clocks.start(one, began), CALENDAR)
    beside = clocks.start(one, began)
    run(two, began, pauses)
    assert clock_status.due_at(beside, CALENDAR) == alone


@given(RULES, MOMENTS)
def test_the_breach_is_one_instant_after_the_deadline(rule, began):
    clock = clocks.start(rule, began)
    due = clock_status.due_at(clock, CALENDAR)
    assert clock_status.status(clock, CALENDAR, due) is not ClockStatus.BREACHED
    after = due + dt.timedelta(microseconds=1)
    assert clock_status.status(clock, CALENDAR, after) is ClockStatus.BREACHED


# --- edges that a rule turns on -------------------------------------------------------------
def test_the_receipt_may_be_moved_up_to_the_first_thing_done_and_no_further():
    stopped = local("2024-05-13 12:00")
    clock = clocks.stop(clocks.start(INTERNAL, MONDAY), stopped)
    assert clocks.restart(clock, stopped).started_at == stopped
    with pytest.raises(ClockRefused, match="later than what has been done"):
        clocks.restart(clock, stopped + dt.timedelta(seconds=1))
    paused = clocks.pause(clocks.start(INTERNAL, MONDAY), stopped)
    assert clocks.restart(paused, stopped).started_at == stopped
    # One that runs without a break may have come in at any time.
    assert clocks.restart(clocks.start(INTERNAL, MONDAY), stopped).started_at == stopped


def test_the_least_extension_is_one():
    assert clocks.extend(clocks.start(LAW, MONDAY), 1, "why", {"supervisor"}).extended == 1


def test_resuming_ends_the_last_pause_and_keeps_those_before():
    clock = clocks.start(INTERNAL, MONDAY)
    for hour in (10, 11, 12):
        clock = clocks.pause(clock, local(f"2024-05-13 {hour}:00"))
        clock = clocks.resume(clock, local(f"2024-05-13 {hour}:10"))
    assert [one.start for one in clock.pauses] == [
        local(f"2024-05-13 {hour}:00") for hour in (10, 11, 12)]


def test_what_falls_due_in_the_moment_of_a_pause_fell_due():
    clock = clocks.pause(clocks.start(INTERNAL, MONDAY), local("2024-05-13 13:00"))
    assert [event.level for event in clock_status.events(clock, CALENDAR)] == [1]


def test_a_pause_from_the_deadline_on_takes_nothing_away():
    clock = clocks.pause(clocks.start(INTERNAL, MONDAY), local("2024-05-13 17:00"))
    assert len(clock_status.events(clock, CALENDAR)) == 5


def test_the_next_event_is_later_than_the_moment_asked_for():
    clock = clocks.start(INTERNAL, MONDAY)
    found = clock_status.next_event(clock, CALENDAR, local("2024-05-13 13:00"))
    assert found.at == local("2024-05-13 15:24")


@pytest.mark.parametrize(("measure", "at", "due"), [
    (Measure.CALENDAR_DAYS, At.END_OF_DAY, "2024-05-14 23:59:59"),
    (Measure.CALENDAR_MONTHS, At.END_OF_DAY, "2024-06-13 23:59:59"),
])
def test_days_and_months_are_counted_each_in_its_way(measure, at, due):
    clock = clocks.start(rule(measure, 1, at=at), MONDAY)
    assert clock_status.due_at(clock, CALENDAR) == local(due)


def test_a_last_day_that_is_not_worked_rolls_only_where_the_rule_says_so():
    saturday = local("2024-05-18 23:59:59")
    for roll, due in ((False, saturday), (True, local("2024-05-20 23:59:59"))):
        clock = clocks.start(rule(Measure.CALENDAR_DAYS, 5, roll=roll), MONDAY)
        assert clock_status.due_at(clock, CALENDAR) == due


def test_a_moment_without_a_zone_is_refused_in_words():
    with pytest.raises(ValueError, match="naive datetime: give an aware one"):
        clock_status.status(clocks.start(INTERNAL, MONDAY), CALENDAR, dt.datetime(2024, 5, 13))
