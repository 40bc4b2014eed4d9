"""Minutes that are counted day and night, and deadlines that people agree on."""

from __future__ import annotations

import dataclasses
import datetime as dt

from app.deadlines import clock_status, clocks
from app.deadlines.clock_status import ClockStatus, EventKind
from app.deadlines.policies import Measure
from tests.unit.deadlines.test_clocks import CALENDAR, INTERNAL, MONDAY, local, rule

ROAD = rule(Measure.CALENDAR_MINUTES, 20, pauses_on=())
ASKED = rule(amount=480, due_from="needed_by", pauses_on=())


def test_minutes_around_the_clock_do_not_wait_for_the_office():
    friday_night = local("2024-05-17 23:50")
    clock = clocks.start(ROAD, friday_night)
    assert clock_status.due_at(clock, CALENDAR) == local("2024-05-18 00:10")
    assert clock_status.status(clock, CALENDAR, local("2024-05-18 00:00")) is ClockStatus.WARNING
    assert [(e.at, e.to) for e in clock_status.events(clock, CALENDAR)][-2:] == [
        (local("2024-05-18 00:10"), "team_leader"),
        (local("2024-05-18 01:10"), "department_leader")]


def test_a_deadline_that_was_agreed_on_stands_in_the_place_of_the_amount():
    agreed = local("2024-05-14 11:00")
    clock = clocks.react(None, ASKED, {"received"}, MONDAY, ASKED.agreed_in({"needed_by": agreed}))
    assert clock_status.due_at(clock, CALENDAR) == agreed
    # Half of nine hours on Monday and two on Tuesday.
    warnings = [e.at for e in clock_status.events(clock, CALENDAR) if e.kind is EventKind.WARNING]
    assert warnings[0] == local("2024-05-13 14:30")
    longer = dataclasses.replace(clock, extended=60)
    assert clock_status.due_at(longer, CALENDAR) == local("2024-05-14 12:00")


def test_without_an_agreement_the_amount_decides():
    for facts in ({}, {"needed_by": None}):
        clock = clocks.start(ASKED, MONDAY, ASKED.agreed_in(facts))
        assert clock_status.due_at(clock, CALENDAR) == local("2024-05-13 17:00")
    assert INTERNAL.agreed_in({"": MONDAY}) is None


def test_an_agreement_that_lies_before_the_start_is_due_at_the_start():
    clock = clocks.start(ASKED, MONDAY, MONDAY - dt.timedelta(days=3))
    assert clock_status.due_at(clock, CALENDAR) == MONDAY
    assert clock_status.share_used(clock, CALENDAR, MONDAY) == 1.0
    assert [e.at for e in clock_status.events(clock, CALENDAR)][:3] == [MONDAY] * 3
