"""When a customer may be contacted: rules, the customer's facts, and one verdict. Pure.

A contact that is not allowed is held, never dropped: the verdict says why, and when it opens.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import zoneinfo
from collections.abc import Callable, Iterable, Iterator, Sequence

from app.deadlines.shifts import MINUTES_A_DAY, Shift, Shifts, shifts
from app.i18n import N_, Message

EVERY = ""
"""Channel or purpose of a row that counts for all of them."""

IsHoliday = Callable[[dt.date], bool]

_DAY = dt.timedelta(days=1)
# A verdict looks no further ahead for an open day than this; nor does it follow more rules in turn.
_FURTHEST_DAYS = 400
_MOST_TURNS = 100


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the organisation allows.

    Attributes:
        quiet_from, quiet_until: minutes after midnight, by the customer's clock, between which
            nobody is contacted; across midnight where the first is the larger one, and never
            where both are the same.
        on_holidays: whether customers are contacted on public holidays.
        most_unanswered: unanswered tries a number and a person a day.
        interval: least time between two contacts of a customer or a number.
        consent_purposes: purposes for which the customer must have consented.
    """

    quiet_from: int = 22 * 60
    quiet_until: int = 8 * 60
    on_holidays: bool = False
    most_unanswered: int = 6
    interval: dt.timedelta = dt.timedelta(minutes=30)
    consent_purposes: frozenset[str] = frozenset()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Consenting:
    """A consent of the customer.

    Attributes:
        channel, purpose: what it counts for; ``EVERY`` for all.
        from_on: first day.
        withdrawn_on: day from which it is withdrawn, or ``None``.
    """

    channel: str = EVERY
    purpose: str = EVERY
    from_on: dt.date
    withdrawn_on: dt.date | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Ban:
    """A do-not-contact of the customer.

    Attributes:
        purpose: what it counts for; ``EVERY`` for all.
        reason: why, as it was entered.
        until_on: last day, or ``None`` for good.
    """

    purpose: str = EVERY
    reason: str = ""
    until_on: dt.date | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Try:
    """A contact with the person, or with the number.

    Attributes:
        at: when, aware.
        reached: whether somebody was reached.
    """

    at: dt.datetime
    reached: bool


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a customer.

    Attributes:
        zone: the customer's time zone.
        wishes: times of day at which the customer wants to be contacted; none for any.
        consents, bans: of the customer.
        tries: contacts of the last days with the customer or with the number.
    """

    zone: zoneinfo.ZoneInfo
    wishes: Shifts = ()
    consents: Sequence[Consenting] = ()
    bans: Sequence[Ban] = ()
    tries: Sequence[Try] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a contact is allowed.

    Attributes:
        allowed: whether it is allowed at the moment asked about.
        reason: why not; ``None`` where it is allowed.
        opens_at: when it will be allowed, as far as is known now, aware in UTC; ``None`` where it
            is allowed, or where that depends on a person.
    """

    allowed: bool
    reason: Message | None = None
    opens_at: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class _Hold:
    reason: Message
    until: dt.datetime | None = None


def read_wishes(text: str) -> Shifts:
    """Return times of day written such as ``09:00-12:00, 18:00-20:00``.

    Raises:
        ValueError: a time is malformed, or two overlap.
    """
    return shifts(*(part for part in text.replace("，", ",").split(",") if part.strip()))


def judge(
    rules: Rules, facts: Facts, channel: str, purpose: str, at: dt.datetime, is_holiday: IsHoliday,
) -> Verdict:
    """Return whether a customer may be contacted at a moment.

    Args:
        rules: of the organisation.
        facts: of the customer.
        channel: way of the contact.
        purpose: what it is about.
        at: aware moment.
        is_holiday: tells whether a local date is a public holiday.
    """
    moment, first = at.astimezone(dt.UTC), None
    for _turn in range(_MOST_TURNS):
        hold = _hold(rules, facts, channel, purpose, moment, is_holiday)
        if hold is None:
            return Verdict(True) if first is None else Verdict(False, first.reason, moment)
        if hold.until is None:
            return Verdict(False, hold.reason)
        first, moment = first or hold, hold.until
    return Verdict(False, first.reason if first else None)


def _hold(
    rules: Rules, facts: Facts, channel: str, purpose: str, moment: dt.datetime,
    is_holiday: IsHoliday,
) -> _Hold | None:
    return (
        _banned(facts, purpose, moment)
        or _without_consent(rules, facts, channel, purpose, moment)
        or _tried_too_often(rules, facts, moment)
        or _too_soon(rules, facts, moment)
        or _resting(rules, facts, moment, is_holiday)
    )


def _banned(facts: Facts, purpose: str, moment: dt.datetime) -> _Hold | None:
    today = moment.astimezone(facts.zone).date()
    found = [ban for ban in facts.bans if ban.purpose in (EVERY, purpose)
             and (ban.until_on is None or ban.until_on >= today)]
    if not found:
        return None
    last = max(found, key=lambda ban: ban.until_on or dt.date.max)
    text = N_("The customer does not want to be contacted: %(reason)s")
    return _Hold(Message(text, {"reason": last.reason}),
                 None if last.until_on is None else _day_after(last.until_on, moment, facts.zone))


def _without_consent(
    rules: Rules, facts: Facts, channel: str, purpose: str, moment: dt.datetime
) -> _Hold | None:
    today = moment.astimezone(facts.zone).date()
    found = [one for one in facts.consents
             if one.channel in (EVERY, channel) and one.purpose in (EVERY, purpose)]
    begun = [one for one in found if one.from_on <= today]
    if any(one.withdrawn_on is None or one.withdrawn_on > today for one in begun):
        return None
    if begun:
        reason = Message(N_("The customer has withdrawn the consent."))
    elif purpose in rules.consent_purposes:
        reason = Message(N_("The customer has not consented to this purpose on this channel."))
    else:
        return None
    future = [one.from_on for one in found if one.from_on > today
              and (one.withdrawn_on is None or one.withdrawn_on > one.from_on)]
    return _Hold(reason, _day_after(min(future) - _DAY, moment, facts.zone) if future else None)


def _tried_too_often(rules: Rules, facts: Facts, moment: dt.datetime) -> _Hold | None:
    today = moment.astimezone(facts.zone).date()
    unanswered = sum(
        1 for one in facts.tries
        if not one.reached and one.at <= moment and one.at.astimezone(facts.zone).date() == today
    )
    if unanswered < rules.most_unanswered:
        return None
    return _Hold(
        Message(N_("There have been %(count)s unanswered tries today."), {"count": unanswered}),
        _day_after(today, moment, facts.zone),
    )


def _too_soon(rules: Rules, facts: Facts, moment: dt.datetime) -> _Hold | None:
    last = max((one.at for one in facts.tries if one.at <= moment), default=None)
    if last is None or moment >= last + rules.interval:
        return None
    minutes = int(rules.interval / dt.timedelta(minutes=1))
    return _Hold(
        Message(N_("The last contact was less than %(minutes)s minutes ago."),
                {"minutes": minutes}),
        (last + rules.interval).astimezone(dt.UTC),
    )


def _resting(
    rules: Rules, facts: Facts, moment: dt.datetime, is_holiday: IsHoliday
) -> _Hold | None:
    awake = _awake(rules)
    wanted = tuple(_common(awake, facts.wishes)) if facts.wishes else awake

    def is_open(instant: dt.datetime) -> bool:
        local = instant.astimezone(facts.zone)
        return (rules.on_holidays or not is_holiday(local.date())) and _within(wanted, local)

    if is_open(moment):
        return None
    local = moment.astimezone(facts.zone)
    if not rules.on_holidays and is_holiday(local.date()):
        reason = Message(N_("Customers are not contacted on public holidays."))
    elif _within(awake, local):
        reason = Message(N_("The customer wishes to be contacted at another time of the day."))
    else:
        reason = Message(N_("It is within the quiet hours of the customer."))
    openings = (
        instant
        for number in range(-1, _FURTHEST_DAYS) for shift in wanted
        for instant in _instants(local.date() + number * _DAY, shift.opens, facts.zone)
        if instant > moment and is_open(instant)
    )
    return _Hold(reason, next(openings, None))


def _awake(rules: Rules) -> Shifts:
    """Return the times of a day outside of the quiet hours."""
    first, last = rules.quiet_from, rules.quiet_until
    if first == last:
        bounds: Iterable[tuple[int, int]] = ((0, MINUTES_A_DAY),)
    elif first > last:
        bounds = ((last, first),)
    else:
        bounds = ((0, first), (last, MINUTES_A_DAY))
    return tuple(Shift(start, end) for start, end in bounds if start < end)


def _common(some: Shifts, others: Shifts) -> Iterator[Shift]:
    for one in some:
        for other in others:
            start, end = max(one.opens, other.opens), min(one.closes, other.closes)
            if start < end:
                yield Shift(start, end)


def _within(times: Shifts, local: dt.datetime) -> bool:
    minute = local.hour * 60 + local.minute
    return any(shift.opens <= minute < shift.closes for shift in times)


def _instants(day: dt.date, minutes: int, zone: zoneinfo.ZoneInfo) -> list[dt.datetime]:
    """Return when the clock on the wall shows a time: twice where it is set back, in order."""
    wall = dt.datetime.combine(day, dt.time()) + dt.timedelta(minutes=minutes)
    return sorted({wall.replace(tzinfo=zone, fold=fold).astimezone(dt.UTC) for fold in (0, 1)})


def _day_after(
    day: dt.date, moment: dt.datetime, zone: zoneinfo.ZoneInfo
) -> dt.datetime | None:
    """Return when the day after ``day`` begins, later than ``moment``; ``None`` in no year."""
    if day.year >= dt.MAXYEAR:
        return None
    return next(
        (one for one in _instants(day + _DAY, 0, zone)
         if one > moment and one.astimezone(zone).date() > day),
        moment + _DAY,
    )
