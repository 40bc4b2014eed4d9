"""Asking whether a customer may be contacted, and logging contacts."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Date,
    bindparam,
    cast,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.sensitive.keyring import ring
from app.access.sensitive.kinds import KINDS
from app.access.sensitive.values import SensitiveValue
from app.customers.contact_governor import (
    Ban,
    Consenting,
    Facts,
    IsHoliday,
    Rules,
    Try,
    Verdict,
    judge,
    read_wishes,
)
from app.customers.contact_models import PURPOSES, Consent, Contact, DoNotContact
from app.customers.models import CONTACT_WAYS, Customer
from app.customers.verification import credit_contact
from app.database import AnySelect, utcnow, write
from app.deadlines.calendar_store import laid_out
from app.deadlines.calendars import WorkingCalendar
from app.deadlines.models import CalendarRow
from app.errors import NotPermitted
from app.forms.definition import Choice, Field, Form, Kind, Section
from app.i18n import N_, Message
from app.people.clock import local_zone
from app.settings.services import settings_of
from app.statements import built_once

VIEW = "core.Customer"
SETTINGS_NAME = "core"
BY_PHONE = frozenset({"phone", "sms"})
"""Channels that use the customer's phone number."""

SETTINGS = Form(SETTINGS_NAME, N_("Rules of contact"), (Section("contact", "", (
    Field("quiet_from", Kind.INTEGER, N_("Quiet hours begin (full hour)"), True, default=22,
          minimum=0, maximum=23, help=N_("By the customer's clock. The same hour twice: none.")),
    Field("quiet_until", Kind.INTEGER, N_("Quiet hours end (full hour)"), True, default=8,
          minimum=0, maximum=23),
    Field("on_holidays", Kind.BOOLEAN, N_("Contact customers on public holidays"), default=False),
    Field("most_unanswered", Kind.INTEGER, N_("Unanswered tries a day, at most"), True, default=6,
          minimum=1, maximum=50, help=N_("Of one customer, and of one number.")),
    Field("interval_minutes", Kind.INTEGER, N_("Minutes between two contacts, at least"), True,
          default=30, minimum=0, maximum=1440),
    Field("consent_purposes", Kind.MULTI_CHOICE, N_("Purposes that need a consent"),
          choices=tuple(Choice(code, label) for code, label in PURPOSES),
          default=("marketing",)),
)),))

_CHANNELS = frozenset(code for code, _label in CONTACT_WAYS)
_PURPOSES = frozenset(code for code, _label in PURPOSES)
_CUSTOMER, _BAN, _CONSENT, _CALENDAR = range(4)
"""What a row of ``_what_is_known`` is about."""
_PORTION = 500
# Longer than any local day, and than the longest interval.
_LOOK_BACK = dt.timedelta(hours=50)


def may_contact(
    session: Session, actor: Actor, customer_id: int, channel: str, purpose: str,
    at: dt.datetime | None = None, *, number: str = "",
) -> Verdict:
    """Return whether a customer may be contacted, and if not, why and when it opens.

    Args:
        session: any session.
        actor: who asks.
        customer_id: the customer.
        channel: ``phone``, ``sms``, ``wechat``, ``qq``, ``mail`` or ``visit``.
        purpose: ``service``, ``survey``, ``reminder``, ``greeting`` or ``marketing``.
        at: aware moment of the contact; now by default.
        number: number that would be called, where it is not the customer's own.

    Raises:
        LookupError: there is no such customer.
        NotPermitted: the actor may not see customers.
        ValueError: channel or purpose is unknown.
    """
    found = may_contact_many(
        session, actor, [customer_id], channel, purpose, at,
        numbers={customer_id: number} if number else None)
    return found[customer_id]


def may_contact_many(
    session: Session, actor: Actor, customer_ids: Collection[int], channel: str, purpose: str,
    at: dt.datetime | None = None, *, numbers: Mapping[int, str] | None = None,
) -> dict[int, Verdict]:
    """Return verdicts on several customers, by id, with two statements for each 500 of them.

    Args:
        session: any session.
        actor: who asks.
        customer_ids: primary keys of customers.
        channel: see ``may_contact``.
        purpose: see ``may_contact``.
        at: moment of the contact, now by default.
        numbers: other numbers than the customers' own, by primary key.

    Raises:
        LookupError: there is no such customer.
        NotPermitted: the actor may not see customers.
        ValueError: channel or purpose is unknown.
    """
    _require_known(channel, purpose)
    if not actor.can("can_list", VIEW):
        raise NotPermitted(Message(N_("Your role may not do this.")))
    moment, rules = at or utcnow(), rules_of(session)
    wanted = sorted(set(customer_ids))
    verdicts: dict[int, Verdict] = {}
    for start in range(0, len(wanted), _PORTION):
        portion = wanted[start:start + _PORTION]
        facts, is_holiday = _facts(session, portion, channel, moment, numbers or {})
        for key in portion:
            if key not in facts:
                raise LookupError(f"there is no customer {key}")
            verdicts[key] = judge(rules, facts[key], channel, purpose, moment, is_holiday)
    return verdicts


def may_contact_at(
    session: Session, actor: Actor, customer_id: int, channel: str, purpose: str,
    moments: Sequence[dt.datetime], *, number: str = "",
) -> list[Verdict]:
    """Return a verdict on a customer for each of several moments, with two statements in all.

    Args:
        session: any session.
        actor: who asks.
        customer_id: the customer.
        channel: see ``may_contact``.
        purpose: see ``may_contact``.
        moments: aware moments to come; what will have been tried by then is not known yet.
        number: number that would be called, where it is not the customer's own.

    Raises:
        LookupError: there is no such customer.
        NotPermitted: the actor may not see customers.
        ValueError: channel or purpose is unknown.
    """
    _require_known(channel, purpose)
    if not actor.can("can_list", VIEW):
        raise NotPermitted(Message(N_("Your role may not do this.")))
    rules = rules_of(session)
    known, is_holiday = _facts(session, [customer_id], channel, utcnow(),
                               {customer_id: number} if number else {})
    facts = known.get(customer_id)
    if facts is None:
        raise LookupError(f"there is no customer {customer_id}")
    return [judge(rules, facts, channel, purpose, moment, is_holiday) for moment in moments]


def note_contact(
    session: Session, actor: Actor, customer_id: int, channel: str, purpose: str, reached: bool,
    *, at: dt.datetime | None = None, number: str = "", origin: Any | None = None,
) -> Contact:
    """Log a contact, or a try; it counts for every rule, plugin and channel.

    Args:
        session: session without unsaved changes, or within a write.
        actor: who contacted the customer; the system for a job.
        customer_id: the customer.
            channel, purpose: as for ``may_contact``.
        channel: one of ``CONTACT_WAYS``.
        purpose: one of ``PURPOSES``.
        reached: whether the customer was reached; an unanswered try counts against the limit.
        at: aware moment; now by default.
        number: number that was called, where it is not the customer's own.
        origin: record for which it was done.

    Raises:
        LookupError: there is no such customer.
        NotPermitted: the actor may not see customers.
        ValueError: channel or purpose is unknown.
    """
    _require_known(channel, purpose)
    if not actor.can("can_list", VIEW):
        raise NotPermitted(Message(N_("Your role may not do this.")))
    with write(session):
        customer = session.get(Customer, customer_id)
        if customer is None:
            raise LookupError(f"there is no customer {customer_id}")
        digests = _digests(number or customer.phone) if number or channel in BY_PHONE else []
        row = Contact(
            customer_id=customer_id, number_digest=digests[0] if digests else "",
            channel=channel, purpose=purpose, reached=reached, at=at or utcnow(),
            by_id=actor.user_id, record_type=getattr(origin, "__record_type__", ""),
            record_id=getattr(origin, "id", None),
        )
        session.add(row)
        session.flush()
        if reached:
            credit_contact(session, row)
    return row


def rules_of(session: Session) -> Rules:
    """Return the rules of contact as an admin set them."""
    held = settings_of(session, SETTINGS_NAME)
    return Rules(
        quiet_from=held["quiet_from"] * 60, quiet_until=held["quiet_until"] * 60,
        on_holidays=bool(held["on_holidays"]), most_unanswered=held["most_unanswered"],
        interval=dt.timedelta(minutes=held["interval_minutes"]),
        consent_purposes=frozenset(held["consent_purposes"] or ()),
    )


def holidays_of(calendar: WorkingCalendar) -> IsHoliday:
    """Return what tells public holidays: days off of a calendar, or closed by hand.

    A weekend is none, unless the calendar lists its days as days off.
    """
    def is_holiday(day: dt.date) -> bool:
        if day in calendar.overrides:
            return not calendar.overrides[day]
        return day in calendar.off_days

    return is_holiday


def zone_of(name: str) -> zoneinfo.ZoneInfo:
    """Return a customer's time zone; the organisation's where none, or no valid one, is named."""
    try:
        return zoneinfo.ZoneInfo(name) if name else local_zone()
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return local_zone()


def _require_known(channel: str, purpose: str) -> None:
    if channel not in _CHANNELS:
        raise ValueError(f"{channel!r} is no channel: {', '.join(sorted(_CHANNELS))}")
    if purpose not in _PURPOSES:
        raise ValueError(f"{purpose!r} is no purpose: {', '.join(sorted(_PURPOSES))}")


def _digests(number: Any) -> list[str]:
    clear = number.reveal() if isinstance(number, SensitiveValue) else str(number or "")
    # Compared only: the log holds a digest that nobody can read.
    canonical = KINDS["phone"].canonical(clear)
    return ring().digests(canonical) if canonical else []


def _facts(
    session: Session, keys: Sequence[int], channel: str, moment: dt.datetime,
    numbers: Mapping[int, str],
) -> tuple[dict[int, Facts], IsHoliday]:
    """Return what the rules look at: by customer, and which days are holidays for all of them."""
    asked = {"keys": list(keys)}
    rows, calendar = [], WorkingCalendar()
    consents, bans = defaultdict(list), defaultdict(list)
    for one in session.execute(_what_is_known(), asked):
        if one.kind == _CUSTOMER:
            rows.append(one)
        elif one.kind == _CALENDAR:
            calendar = laid_out(session, one.key, one.reason)
        elif one.kind == _BAN:
            bans[one.customer_id].append(
                Ban(purpose=one.purpose, reason=one.reason, until_on=one.until_on))
        else:
            consents[one.customer_id].append(Consenting(
                channel=one.channel, purpose=one.purpose, from_on=one.from_on,
                withdrawn_on=one.until_on))
    digests = {
        row.customer_id: _digests(numbers.get(row.customer_id) or row.phone)
        for row in rows if row.customer_id in numbers or channel in BY_PHONE
    }
    tries = _tries(session, keys, moment, digests)
    return {
        row.customer_id: Facts(
            zone=zone_of(row.timezone), wishes=_wishes(row.contact_hours),
            consents=consents[row.customer_id], bans=bans[row.customer_id],
            tries=tries[row.customer_id],
        )
        for row in rows
    }, holidays_of(calendar)


def _tries(
    session: Session, keys: Sequence[int], moment: dt.datetime,
    digests: Mapping[int, Sequence[str]],
) -> Mapping[int, list[Try]]:
    """Return the contacts of each customer and of each customer's number, each one once."""
    by_digest: dict[str, list[int]] = defaultdict(list)
    for key, found in digests.items():
        for digest in found:
            by_digest[digest].append(key)
    tries: dict[int, list[Try]] = defaultdict(list)
    rows = session.execute(_contacts_since(), {
        "keys": list(keys), "digests": list(by_digest), "since": moment - _LOOK_BACK})
    wanted = set(keys)
    for row in rows:
        concerned = {*by_digest.get(row.number_digest, ()), *wanted.intersection({row.customer_id})}
        for key in concerned:
            tries[key].append(Try(row.at, row.reached))
    return tries


@built_once
def _what_is_known() -> CompoundSelect[*tuple[Any, ...]]:
    """Return the SELECT of customers, their consents, what they do not want, and the calendar."""
    keys, no_text, no_day = bindparam("keys", expanding=True), literal(""), cast(null(), Date)
    customers = select(
        Customer.id.label("customer_id"), literal(_CUSTOMER).label("kind"), Customer.phone,
        Customer.timezone, Customer.contact_hours, no_text.label("purpose"),
        no_text.label("channel"), no_text.label("reason"), no_day.label("from_on"),
        no_day.label("until_on"), Customer.id.label("key"),
    ).where(Customer.id.in_(keys))
    bans = select(
        DoNotContact.customer_id, literal(_BAN), no_text, no_text, no_text, DoNotContact.purpose,
        no_text, DoNotContact.reason, no_day, DoNotContact.until_on, DoNotContact.id,
    ).where(DoNotContact.customer_id.in_(keys))
    consents = select(
        Consent.customer_id, literal(_CONSENT), no_text, no_text, no_text, Consent.purpose,
        Consent.channel, no_text, Consent.from_on, Consent.withdrawn_on, Consent.id,
    ).where(Consent.customer_id.in_(keys))
    # The default one, with its stamp as the reason.
    calendar = select(
        CalendarRow.id, literal(_CALENDAR), no_text, no_text, no_text, no_text, no_text,
        CalendarRow.stamp, no_day, no_day, CalendarRow.id,
    ).where(CalendarRow.is_default)
    return customers.union_all(bans, consents, calendar).order_by("kind", "key")


@built_once
def _contacts_since() -> AnySelect:
    return select(
        Contact.customer_id, Contact.number_digest, Contact.at, Contact.reached
    ).where(
        or_(Contact.customer_id.in_(bindparam("keys", expanding=True)),
            Contact.number_digest.in_(bindparam("digests", expanding=True))),
        Contact.at > bindparam("since"),
    )


def _wishes(text: str) -> Any:
    try:
        return read_wishes(text)
    except ValueError:
        # Written past the operations: the quiet hours still hold.
        return ()
