"""Callbacks that rules make, and the rehearsal of a rule on what has happened before."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk.customers import may_contact_many, shares_of_time
from app.sdk.events import occasions as offered
from app.sdk.models import Customer, CustomerEvent
from app.sdk.screens import zone
from app.sdk.services import SYSTEM, Place, create, is_present, utcnow
from plugins.callbacks import occasions
from plugins.callbacks.choices import REGISTERED
from plugins.callbacks.models import ForeignEvent, Rule, Task
from plugins.callbacks.occasions import Occasion
from plugins.callbacks.services import script_for

REHEARSED_DAYS = 30
_PORTION = 500


class LeftOut(enum.StrEnum):
    """Why an occasion makes no callback."""

    OTHER_GRADE = "other_grade"
    NO_NUMBER = "no_number"
    GONE = "gone"
    MADE_ALREADY = "made_already"
    SAME_OPEN = "same_open"
    TOO_LATE = "too_late"


@dataclasses.dataclass(frozen=True, slots=True)
class Planned:
    """What a rule makes of occasions.

    Attributes:
        wanted: occasions that make a callback, with their customers.
        left_out: how many make none, by reason.
    """

    wanted: Sequence[tuple[Occasion, Customer]]
    left_out: Mapping[LeftOut, int]


def active_rules(session: Session, *triggers: str) -> list[Rule]:
    """Return the rules in use with one of some triggers."""
    return list(session.scalars(
        select(Rule).where(Rule.trigger.in_(triggers), Rule.active, is_present(Rule))
        .order_by(Rule.id)))


def starts_at(rule: Rule, occasion: Occasion) -> dt.datetime:
    """Return when a callback may be made at the earliest: days after an event, before a date."""
    days = dt.timedelta(days=rule.days)
    before = rule.trigger in occasions.BY_DATE - occasions.AFTER_DATE
    return occasion.at - days if before else occasion.at + days


def _date_of(rule: Rule, today: dt.date) -> dt.date:
    """Return the date whose callbacks begin on a day."""
    days = dt.timedelta(days=rule.days)
    return today - days if rule.trigger in occasions.AFTER_DATE else today + days


def plan(
    session: Session, rule: Rule, found: Sequence[Occasion], now: dt.datetime | None = None
) -> Planned:
    """Return which occasions make a callback by a rule, and why the others make none.

    Args:
        session: any session.
        rule: the rule.
        found: the occasions.
        now: moment before which a callback must not have ended; ``None`` in a rehearsal.
    """
    wanted: list[tuple[Occasion, Customer]] = []
    left_out: Counter[LeftOut] = Counter()
    for start in range(0, len(found), _PORTION):
        portion = found[start:start + _PORTION]
        known = _Known(session, rule, portion)
        for one in portion:
            reason = known.reason(one, now)
            if reason is None:
                wanted.append((one, known.customers[one.customer_id]))
            else:
                left_out[reason] += 1
    return Planned(wanted, left_out)


class _Known:
    """What has to be known of a portion of occasions, in three statements."""

    def __init__(self, session: Session, rule: Rule, portion: Sequence[Occasion]) -> None:
        keys = {one.customer_id for one in portion}
        self._rule = rule
        self.customers = {one.id: one for one in session.scalars(
            select(Customer).where(Customer.id.in_(keys), is_present(Customer),
                                   Customer.erased_at.is_(None)))}
        self._made = set(session.scalars(select(Task.origin_key).where(
            Task.origin_key.in_([key_of(rule, one) for one in portion]))))
        self._open = set(map(tuple, session.execute(
            select(Task.customer_id, Task.vehicle_id).where(
                Task.customer_id.in_(keys), Task.is_open, is_present(Task),
                Task.rule_id == rule.id))))

    def reason(self, one: Occasion, now: dt.datetime | None) -> LeftOut | None:
        """Return why an occasion makes no callback, or ``None``."""
        customer, rule = self.customers.get(one.customer_id), self._rule
        if customer is None:
            return LeftOut.GONE
        if rule.grade and customer.grade != rule.grade:
            return LeftOut.OTHER_GRADE
        if not customer.phone:
            return LeftOut.NO_NUMBER
        if now is not None and key_of(rule, one) in self._made:
            return LeftOut.MADE_ALREADY
        if now is not None and starts_at(rule, one) + dt.timedelta(days=rule.window_days) < now:
            return LeftOut.TOO_LATE
        about = (one.customer_id, one.vehicle_id)
        if now is not None and about in self._open:
            return LeftOut.SAME_OPEN
        self._open.add(about)
        return None


def key_of(rule: Rule, occasion: Occasion) -> str:
    """Return what a callback is known by: a rule makes one for each occasion."""
    return f"{rule.id}:{occasion.subject}"


def make(
    session: Session, rule: Rule, found: Sequence[Occasion], now: dt.datetime | None = None
) -> int:
    """Make the callbacks of a rule that are not made yet; return how many were made.

    Where a customer may not be contacted when it begins, it begins when that opens. The service
    tier of a customer may leave less time for it.

    Args:
        session: session with a running write.
        rule: the rule.
        found: the occasions.
        now: moment of asking, aware; the present one by default.
    """
    moment = now or utcnow()
    script = script_for(session, rule.script_code, rule.language) if rule.script_code else None
    wanted = plan(session, rule, found, moment).wanted
    openings = _openings(session, rule, [
        (max(starts_at(rule, one), moment), customer.id) for one, customer in wanted])
    shares = shares_of_time(session)
    for (one, customer), opens in zip(wanted, openings, strict=True):
        begin = starts_at(rule, one)
        end = begin + dt.timedelta(days=rule.window_days) * shares.get(customer.tier_id, 1)
        begin = max(begin, opens) if opens is not None else begin
        source_type, source_id = one.source or ("", None)
        create(session, SYSTEM, Task, {
            "customer_id": customer.id, "vehicle_id": one.vehicle_id, "rule_id": rule.id,
            "purpose_id": rule.purpose_id, "contact_purpose": rule.contact_purpose,
            "channel": rule.channel, "priority": rule.priority, "skill": rule.skill,
            "due_from": begin, "due_until": max(begin, end), "origin_key": key_of(rule, one),
            "source_type": source_type, "source_id": source_id,
            "script_id": script.id if script else None,
        }, place=Place(department_id=rule.department_id, team_id=rule.team_id))
    return len(wanted)


def _openings(
    session: Session, rule: Rule, asked: Sequence[tuple[dt.datetime, int]]
) -> list[dt.datetime | None]:
    """Return when each of several contacts may be made, one question for each moment.

    Args:
        session: any session.
        rule: names channel and purpose.
        asked: moment and key of the customer; most rules ask for one moment.
    """
    together: dict[dt.datetime, list[int]] = defaultdict(list)
    for at, customer_id in asked:
        together[at].append(customer_id)
    found = {
        at: may_contact_many(session, SYSTEM, keys, rule.channel, rule.contact_purpose, at)
        for at, keys in together.items()
    }
    return [found[at][customer_id].opens_at for at, customer_id in asked]


# --- what starts it ---------------------------------------------------------------------------
def after_occasion(session: Session, payload: Mapping[str, Any]) -> int:
    """Note an event that a plugin offers as a trigger, and make the callbacks that follow.

    Args:
        session: session with a running write.
        payload: of ``on_event``.

    Returns:
        How many callbacks were made.
    """
    if not any(one.name == payload["event"] for one in offered()):
        return 0
    customer = session.get(Customer, payload["customer_id"] or 0)
    if customer is None or customer.is_away:
        return 0
    trigger = payload["event"]
    subject = f"{trigger}:{payload['record_id']}:{payload['event_id']}"
    at, source = dt.datetime.fromisoformat(payload["at"]), (
        payload["record_type"], payload["record_id"])
    if session.scalar(select(ForeignEvent.id).where(ForeignEvent.subject == subject)) is None:
        session.add(ForeignEvent(trigger=trigger, customer_id=customer.id, at=at, subject=subject,
                                 source_type=source[0], source_id=source[1]))
        session.flush()
    return _make_all(session, trigger, Occasion(customer.id, at, subject, source=source))


def after_event(session: Session, payload: Mapping[str, Any]) -> int:
    """Make the callbacks that follow an event of a customer; return how many were made.

    Args:
        session: session with a running write.
        payload: of ``on_event``.
    """
    if payload["record_type"] != CustomerEvent.__record_type__:
        return 0
    event = session.get(CustomerEvent, payload["record_id"])
    if event is None or event.is_away:
        return 0
    return _make_all(session, event.kind, occasions.of_event(event))


def follows_saving(payload: Mapping[str, Any]) -> bool:
    """Return whether a customer was registered.

    Args:
        payload: of ``on_record_saved``.
    """
    return (payload["record_type"], payload["action"]) == (Customer.__record_type__, "create")


def after_saving(session: Session, payload: Mapping[str, Any]) -> int:
    """Make the callbacks that follow the registration of a customer; return how many were made.

    Args:
        session: session with a running write.
        payload: of ``on_record_saved``.
    """
    if not follows_saving(payload):
        return 0
    # Rules first: an import registers a hundred thousand customers, and often there is none.
    rules = active_rules(session, REGISTERED)
    customer = session.get(Customer, payload["record_id"]) if rules else None
    if customer is None or customer.is_away:
        return 0
    one = occasions.registration(customer.id, customer.created_at)
    return sum(make(session, rule, [one]) for rule in rules)


def _make_all(session: Session, trigger: str, one: Occasion) -> int:
    return sum(make(session, rule, [one]) for rule in active_rules(session, trigger))


def before_dates(session: Session, due: dt.datetime) -> int:
    """Make the callbacks whose date comes; return how many were made.

    Args:
        session: session with a running write.
        due: moment for which it runs, aware.
    """
    today = due.astimezone(zone()).date()
    return sum(
        make(session, rule, occasions.dated(session, rule.trigger, _date_of(rule, today)), due)
        for rule in active_rules(session, *sorted(occasions.BY_DATE)))


# --- rehearsal --------------------------------------------------------------------------------
def rehearse(session: Session, rule: Rule, now: dt.datetime) -> dict[str, Any]:
    """Return what a rule would have made in the last 30 days, as plain values.

    ``made`` callbacks, ``left_out`` by reason, and of those made how many would wait for a
    person's decision (``wait``): the customer wants no contact, or has not consented.

    Args:
        session: any session.
        rule: the rule, switched on or not.
        now: end of the time, aware.
    """
    found = _last_days(session, rule, now)
    planned = plan(session, rule, found)
    keys = [customer.id for _one, customer in planned.wanted]
    judged = may_contact_many(
        session, SYSTEM, keys, rule.channel, rule.contact_purpose, now)
    return {
        "days": REHEARSED_DAYS, "found": len(found), "made": len(planned.wanted),
        "left_out": {str(reason): number for reason, number in planned.left_out.items()},
        "wait": sum(not judged[key].allowed and judged[key].opens_at is None for key in keys),
    }


def _last_days(session: Session, rule: Rule, now: dt.datetime) -> list[Occasion]:
    if rule.trigger not in occasions.BY_DATE:
        last = now - dt.timedelta(days=rule.days)
        return occasions.happened(
            session, rule.trigger, last - dt.timedelta(days=REHEARSED_DAYS), last)
    today = now.astimezone(zone()).date()
    return [
        one for number in range(REHEARSED_DAYS)
        for one in occasions.dated(
            session, rule.trigger, _date_of(rule, today - dt.timedelta(days=number)))
    ]
