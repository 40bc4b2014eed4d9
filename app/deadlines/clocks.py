"""A running clock as an immutable value, and everything that can be done to it.

Pure. A clock is what happened: started, paused, resumed, extended, stopped. When it is due
follows from that, its rule and a calendar (``app.deadlines.clock_status``), so a changed calendar
changes nothing of what is kept here.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection

from app.deadlines.policies import ClockKind, ClockRule, Extension
from app.errors import Rejected
from app.i18n import N_, Message

# Begins the name that tells the category of a state which was entered.
CATEGORY = "category:"


class ClockRefused(Rejected):
    """The clock cannot be moved this way."""

    def __init__(self, msgid: str, **params: object) -> None:
        super().__init__(Message(msgid, params))


@dataclasses.dataclass(frozen=True, slots=True)
class Pause:
    """A stretch during which the clock stood; ``end`` is ``None`` while it still stands."""

    start: dt.datetime
    end: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Clock:
    """What happened to one clock.

    Attributes:
        rule: how it runs.
        started_at: when it started, aware.
        pauses: in order; only the last may be open.
        extended: amount granted on top, in the rule's measure.
        stopped_at: when it stopped, ``None`` while it runs.
        agreed_at: deadline that people have agreed on, in the place of the rule's amount.
    """

    rule: ClockRule
    started_at: dt.datetime
    pauses: tuple[Pause, ...] = ()
    extended: int = 0
    stopped_at: dt.datetime | None = None
    agreed_at: dt.datetime | None = None

    @property
    def is_paused(self) -> bool:
        """Whether the clock stands at present."""
        return self.stopped_at is None and bool(self.pauses) and self.pauses[-1].end is None

    @property
    def amount(self) -> int:
        """The whole amount, extensions included, in the rule's measure."""
        return self.rule.amount + self.extended


def start(rule: ClockRule, at: dt.datetime, agreed_at: dt.datetime | None = None) -> Clock:
    """Return a clock of ``rule`` started at an aware moment.

    Args:
        rule: how it runs.
        at: when it starts.
        agreed_at: deadline that people have agreed on; one that lies before the start is due at
            the start.
    """
    agreed_at = None if agreed_at is None else max(_aware(agreed_at), at)
    return Clock(rule, _aware(at), agreed_at=agreed_at)


def pause(clock: Clock, at: dt.datetime) -> Clock:
    """Return the clock standing from ``at``; a clock that stands already is unchanged.

    Raises:
        ClockRefused: it is stopped, ``at`` lies before its last move, or it is statutory and its
            law knows no pause.
    """
    _require_running(clock, at)
    if clock.rule.kind is ClockKind.STATUTORY and not clock.rule.pause_source:
        raise ClockRefused(N_("A statutory deadline cannot be paused."))
    if clock.is_paused:
        return clock
    return dataclasses.replace(clock, pauses=(*clock.pauses, Pause(at)))


def resume(clock: Clock, at: dt.datetime) -> Clock:
    """Return the clock running again from ``at``; a running clock is unchanged.

    Raises:
        ClockRefused: it is stopped or ``at`` lies before its last move.
    """
    _require_running(clock, at)
    if not clock.is_paused:
        return clock
    ended = dataclasses.replace(clock.pauses[-1], end=at)
    return dataclasses.replace(clock, pauses=(*clock.pauses[:-1], ended))


def stop(clock: Clock, at: dt.datetime) -> Clock:
    """Return the clock stopped for good at ``at``; a pause that is open ends there.

    Raises:
        ClockRefused: it is stopped already or ``at`` lies before its last move.
    """
    return dataclasses.replace(resume(clock, at), stopped_at=at)


def restart(clock: Clock, at: dt.datetime) -> Clock:
    """Return the clock as if it had started at another moment; all that happened since stays.

    Raises:
        ClockRefused: ``at`` is later than its first pause or its stop.
    """
    first = clock.pauses[0].start if clock.pauses else clock.stopped_at
    if first is not None and _aware(at) > first:
        raise ClockRefused(N_("The time of receipt is later than what has been done since."))
    return dataclasses.replace(clock, started_at=_aware(at))


def extend(clock: Clock, by: int, reason: str, approver_roles: Collection[str]) -> Clock:
    """Return the clock with a longer time.

    Args:
        clock: a clock that is not stopped.
        by: amount to add, in the rule's measure; at most what one extension may add.
        reason: why, in words.
        approver_roles: roles of, and relations to the record of, the person who approves.

    Raises:
        ClockRefused: the rule knows no extension, the reason or the approver's right is
            missing, or the amount is beyond the ceiling.
    """
    approver = check_extension(clock, by, reason).approver
    if approver and approver not in approver_roles:
        raise ClockRefused(N_("Only %(approver)s may approve this extension."), approver=approver)
    return dataclasses.replace(clock, extended=clock.extended + by)


def check_extension(clock: Clock, by: int, reason: str) -> Extension:
    """Refuse an extension that nobody could approve.

    Args:
        clock: the clock to extend.
        by: amount to add, in the rule's measure.
        reason: why, in words.

    Returns:
        The step that allows it: it names who must approve.

    Raises:
        ClockRefused: see ``extend``.
    """
    rule, total = clock.rule, clock.amount + by
    if clock.stopped_at is not None:
        raise ClockRefused(N_("The deadline is closed already."))
    if not rule.extensions:
        raise ClockRefused(N_("This deadline cannot be extended."))
    step = rule.step_for(total)
    if step is None:
        most = rule.extensions[-1].most
        raise ClockRefused(N_("The deadline may be extended to %(most)s at most."), most=most)
    if not 1 <= by <= step.by:
        raise ClockRefused(N_("One extension may add 1 to %(most)s."), most=step.by)
    if step.needs_reason and not reason.strip():
        raise ClockRefused(N_("Give a reason for the extension."))
    return step


def react(
    clock: Clock | None, rule: ClockRule, names: Collection[str], at: dt.datetime,
    agreed_at: dt.datetime | None = None,
) -> Clock | None:
    """Return the clock after a record entered a state by a transition.

    Args:
        clock: the latest clock of the rule, ``None`` if there never was one.
        rule: rule under which a new clock would start.
        names: the state entered, ``category:`` with its category, and the transition performed; or
            an act alone, which enters no state and so leaves a pause as it is.
        at: when.
        agreed_at: deadline that a new clock gets, see ``ClockRule.due_from``.

    Returns:
        The same object when nothing changes. A stopped clock gives way to a new one when a name
        of ``starts_on`` comes again.
    """
    if clock is None or clock.stopped_at is not None:
        if not _any(rule.starts_on, names):
            return clock
        clock = start(rule, at, agreed_at)
    held = clock.rule
    if _any(held.stops_on, names):
        return stop(clock, at)
    if _any(held.pauses_on, names):
        return pause(clock, at)
    enters = any(name.startswith(CATEGORY) for name in names)
    return resume(clock, at) if enters else clock


def _any(wanted: Collection[str], names: Collection[str]) -> bool:
    return any(name in wanted for name in names)


def _aware(at: dt.datetime) -> dt.datetime:
    if at.tzinfo is None:
        raise ValueError("naive datetime: give an aware one")
    return at


def _require_running(clock: Clock, at: dt.datetime) -> None:
    _aware(at)
    if clock.stopped_at is not None:
        raise ClockRefused(N_("The deadline is closed already."))
    last = clock.started_at
    if clock.pauses:
        last = clock.pauses[-1].end or clock.pauses[-1].start
    if at < last:
        raise ClockRefused(N_("A deadline cannot be changed before its last change."))
