"""Shares callers who want to buy out to sales: fairly, with a reason (SPEC E4)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.sdk.customers import keeps_own_agent, tier_priority
from app.sdk.errors import CarelineError
from app.sdk.models import Customer
from app.sdk.people import (
    Choice,
    Person,
    Task,
    Worker,
    last_served,
    local_zone,
    members,
    note_given,
    share_out,
)
from app.sdk.services import Actor, is_present, scope_filter, utcnow, write
from plugins.enquiries.access import ENQUIRY
from plugins.enquiries.enquiries.models import Enquiry
from plugins.enquiries.enquiries.operations import enquiry_operations
from plugins.enquiries.settings import department_of, setting

MOST_AT_ONCE = 500
LEDGER = Enquiry.__record_type__
_DAYS = 7


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """Callers whom nobody of sales has, and whom they should go to.

    Attributes:
        callers: enquiries of the callers, the first to be given first.
        choices: one for each of them, in their order.
        people: staff of sales, absent ones too.
        load: callers that each got today, by user id.
        quota: callers of a whole day.
    """

    callers: Sequence[Enquiry]
    choices: Sequence[Choice]
    people: Sequence[Person]
    load: Mapping[int, int]
    quota: int

    @property
    def shares(self) -> Mapping[int, int]:
        """How many callers each person gets, by user id."""
        return Counter(one.user_id for one in self.choices if one.user_id is not None)

    @property
    def pairs(self) -> Sequence[tuple[Enquiry, Choice]]:
        """Each caller with the choice."""
        return list(zip(self.callers, self.choices, strict=True))


def plan(session: Session, actor: Actor, now: dt.datetime | None = None) -> Plan | None:
    """Return whom the callers of the last days should go to who want to buy.

    Args:
        session: any session.
        actor: only callers in this person's sight are shared out.
        now: moment of asking, aware; the present one by default.

    Returns:
        ``None`` where no department of sales is set.
    """
    department = department_of(session, "sales_department_id")
    if department is None:
        return None
    day = _day(now or utcnow())
    callers = session.scalars(
        select(Enquiry)
        .where(Enquiry.for_sales, Enquiry.sales_id.is_(None), is_present(Enquiry),
               Enquiry.received_at >= day - dt.timedelta(days=_DAYS),
               scope_filter(actor, Enquiry, indexed=False))
        .order_by(tier_priority(Enquiry.customer_id).desc(), Enquiry.received_at, Enquiry.id)
        .limit(MOST_AT_ONCE)).all()
    people = members(session, department_id=department, can=("can_edit", ENQUIRY), present=False)
    keys, quota = [one.user_id for one in people], setting(session, "callers_a_day")
    load, served = _load(session, keys, day), last_served(session, LEDGER, keys)
    own = _own_agents(session, callers, keys)
    choices = share_out(
        [Task(key=one.id, own_agent=own.get(one.customer_id or 0)) for one in callers],
        [Worker(user_id=one.user_id, load=load[one.user_id], quota=quota, presence=one.presence,
                last_served=served.get(one.user_id)) for one in people])
    return Plan(callers, choices, people, load, quota)


def give(session: Session, actor: Actor, planned: Plan) -> int:
    """Give callers to those who were chosen; return how many were given.

    Whom somebody has got meanwhile, and what a plugin refuses, is left as it is.

    Args:
        session: session without unsaved changes, or within a write.
        actor: who shares out.
        planned: see ``plan``.
    """
    given: Counter[int] = Counter()
    with write(session):
        for caller, choice in planned.pairs:
            if choice.user_id is None:
                continue
            try:
                with session.begin_nested():
                    taken = enquiry_operations().assign_to_sales(
                        session, actor, caller, choice.user_id, choice.message)
            except CarelineError:
                continue
            given[choice.user_id] += taken
        note_given(session, LEDGER, {
            key: (number, float(number)) for key, number in given.items() if number})
    return given.total()


def part_of(planned: Plan, number: int) -> Plan:
    """Return the plan of the first callers alone.

    Args:
        planned: see ``plan``.
        number: how many of its callers.
    """
    return dataclasses.replace(
        planned, callers=planned.callers[:number], choices=planned.choices[:number])


def _day(now: dt.datetime) -> dt.datetime:
    zone = local_zone()
    return dt.datetime.combine(now.astimezone(zone).date(), dt.time(), zone)


def _load(session: Session, keys: Sequence[int], day: dt.datetime) -> dict[int, int]:
    rows = session.execute(
        select(Enquiry.sales_id, func.count())
        .where(Enquiry.sales_id.in_(keys), Enquiry.received_at >= day, is_present(Enquiry))
        .group_by(Enquiry.sales_id))
    return dict.fromkeys(keys, 0) | {key: number for key, number in rows if key is not None}


def _own_agents(
    session: Session, callers: Sequence[Enquiry], keys: Sequence[int]
) -> dict[int, int]:
    """Return the salesperson whom a customer has already, by customer."""
    customers = {one.customer_id for one in callers if one.customer_id is not None}
    rows = session.execute(select(Customer.id, Customer.owner_id).where(
        Customer.id.in_(customers), Customer.owner_id.in_(keys), keeps_own_agent()))
    return {key: owner for key, owner in rows if owner is not None}
