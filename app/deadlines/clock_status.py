"""What a clock shows: when it is due, how it stands, when it must be looked at again.

Pure. Everything is worked out from the clock, its rule and a calendar; nothing is remembered.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum

from app.deadlines.calendars import WorkingCalendar
from app.deadlines.clocks import Clock
from app.deadlines.policies import At, Measure


class ClockStatus(enum.StrEnum):
    """How a clock stands."""

    OK = "ok"
    WARNING = "warning"
    BREACHED = "breached"
    PAUSED = "paused"
    STOPPED = "stopped"


class EventKind(enum.StrEnum):
    """What happens by the passing of time alone."""

    WARNING = "warning"
    BREACH = "breach"
    ESCALATION = "escalation"


@dataclasses.dataclass(frozen=True, slots=True)
class ClockEvent:
    """Something that falls due as time passes.

    Attributes:
        at: when, in UTC.
        kind: warning, breach or escalation.
        level: number of the warning or escalation, from 1; 0 for the breach.
        to: who is told; empty means those who work on the record.
    """

    at: dt.datetime
    kind: EventKind
    level: int = 0
    to: str = ""


def due_at(clock: Clock, calendar: WorkingCalendar, now: dt.datetime | None = None) -> dt.datetime:
    """Return when the clock is due, in UTC.

    Pauses that began before the deadline move it by the time they took, counted as the rule
    counts: open time for working measures, all time for calendar ones.

    Args:
        clock: the clock.
        calendar: hours it is counted by.
        now: with a pause that is open, the deadline if it ended now; without ``now`` that pause
            is left out.
    """
    return _shifted(clock, calendar, _base_due(clock, calendar), now)


def share_used(clock: Clock, calendar: WorkingCalendar, now: dt.datetime) -> float:
    """Return the used share of the time: 0 at the start, 1 at the deadline, more beyond."""
    now = _upto(clock, now)
    total = _between(clock, calendar, clock.started_at, _base_due(clock, calendar))
    if not total:
        return 1.0 if now >= due_at(clock, calendar, now) else 0.0
    return 1 - _between(clock, calendar, now, due_at(clock, calendar, now)) / total


def remaining(clock: Clock, calendar: WorkingCalendar, now: dt.datetime) -> dt.timedelta:
    """Return the time left, counted as the rule counts; negative after the deadline."""
    now = _upto(clock, now)
    return _between(clock, calendar, now, due_at(clock, calendar, now))


def was_kept(clock: Clock, calendar: WorkingCalendar, now: dt.datetime) -> bool:
    """Return whether the deadline has not passed unmet: stopped in time, or not yet due."""
    now = _upto(clock, now)
    return now <= due_at(clock, calendar, now)


def status(clock: Clock, calendar: WorkingCalendar, now: dt.datetime) -> ClockStatus:
    """Return how the clock stands; a breached clock stays so even when paused later."""
    if clock.stopped_at is not None:
        return ClockStatus.STOPPED
    if not was_kept(clock, calendar, now):
        return ClockStatus.BREACHED
    if clock.is_paused and now >= clock.pauses[-1].start:
        return ClockStatus.PAUSED
    passed = any(
        event.kind is EventKind.WARNING and event.at <= now for event in events(clock, calendar)
    )
    return ClockStatus.WARNING if passed else ClockStatus.OK


def events(clock: Clock, calendar: WorkingCalendar) -> tuple[ClockEvent, ...]:
    """Return all that falls due by time alone, in order; nothing for a stopped clock.

    While the clock stands, only what fell due before the pause is given: the rest has no time.
    """
    if clock.stopped_at is not None:
        return ()
    base = _base_due(clock, calendar)
    total = _between(clock, calendar, clock.started_at, base)
    due = _shifted(clock, calendar, base)
    found: list[ClockEvent] = []
    for level, share in enumerate(clock.rule.warn_at, 1):
        reached = _shifted(
            clock, calendar, _plus(clock, calendar, clock.started_at, total * share)
        )
        # Open time may end at the close of one day and the deadline fall in the closed hours.
        found.append(ClockEvent(min(reached, due), EventKind.WARNING, level))
    found.append(ClockEvent(due, EventKind.BREACH))
    for level, step in enumerate(clock.rule.escalate, 1):
        late = dt.timedelta(minutes=step.after_minutes)
        found.append(
            ClockEvent(
                _plus(clock, calendar, due, late), EventKind.ESCALATION, level, step.to
            )
        )
    if clock.is_paused and (since := clock.pauses[-1].start) < due:
        found = [event for event in found if event.at <= since]
    return tuple(found)


def next_event(
    clock: Clock, calendar: WorkingCalendar, after: dt.datetime
) -> ClockEvent | None:
    """Return the first event later than ``after``: when the clock must be looked at again."""
    return next((event for event in events(clock, calendar) if event.at > after), None)


def _upto(clock: Clock, now: dt.datetime) -> dt.datetime:
    """Time stands at the stop."""
    if now.tzinfo is None:
        raise ValueError("naive datetime: give an aware one")
    return now if clock.stopped_at is None else min(now, clock.stopped_at)


def _base_due(clock: Clock, calendar: WorkingCalendar) -> dt.datetime:
    """Return the deadline without pauses."""
    rule, began, amount = clock.rule, clock.started_at, clock.amount
    if clock.agreed_at is not None:
        if not clock.extended:
            return clock.agreed_at.astimezone(dt.UTC)
        began, amount = clock.agreed_at, clock.extended
    falls = rule.falls
    if rule.measure is Measure.CALENDAR_MINUTES:
        return began.astimezone(dt.UTC) + dt.timedelta(minutes=amount)
    if rule.measure is Measure.WORKING_MINUTES:
        return calendar.add_working_minutes(began, amount)
    if rule.measure is Measure.WORKING_DAYS:
        return calendar.add_working_days(
            began, amount, "close" if falls is At.CLOSE else "same_clock")
    add = (
        calendar.add_calendar_days
        if rule.measure is Measure.CALENDAR_DAYS
        else calendar.add_calendar_months
    )
    return add(
        began, amount, "end_of_day" if falls is At.END_OF_DAY else "same_clock", rule.roll)


def _shifted(
    clock: Clock, calendar: WorkingCalendar, moment: dt.datetime, now: dt.datetime | None = None
) -> dt.datetime:
    """Return ``moment`` moved by every pause that began before it."""
    for one in clock.pauses:
        end = one.end or now
        if end is not None and one.start < moment and one.start < end:
            moment = _plus(clock, calendar, moment, _between(clock, calendar, one.start, end))
    return moment


def _between(
    clock: Clock, calendar: WorkingCalendar, first: dt.datetime, last: dt.datetime
) -> dt.timedelta:
    if clock.rule.measure.is_working:
        return calendar.working_time(first, last)
    # Through UTC: the difference of two times in one zone is that of their wall clocks.
    return last.astimezone(dt.UTC) - first.astimezone(dt.UTC)


def _plus(
    clock: Clock, calendar: WorkingCalendar, moment: dt.datetime, amount: dt.timedelta
) -> dt.datetime:
    if clock.rule.measure.is_working:
        return calendar.add_working_time(moment, amount)
    return moment.astimezone(dt.UTC) + amount
