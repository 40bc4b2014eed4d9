"""How complete the information about each customer is: kept in columns, so that lists find it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.customers.items import NAMES, VERIFIED, Wanted, completeness_of, filled_items, review_due
from app.customers.models import Customer
from app.customers.profile_settings import wanted_items
from app.customers.template import item_values, values_of_template
from app.customers.verification_models import Verification
from app.people.clock import local_zone

KEPT = ("completeness", "information_state")
_WORKED_OUT, _SINCE = (*KEPT, "review_due_on"), ("reviewed_at", "created_at")
_TABLE = Customer.__table__


def completeness_values(
    session: Session, values: Mapping[str, Any], verified: Collection[str]
) -> dict[str, Any]:
    """Return what the kept columns of a customer hold.

    Args:
        session: any session.
        values: the items of the customer by column.
        verified: items that are verified.
    """
    found = completeness_of(wanted_items(session), filled_items(values), verified)
    return dict(zip(KEPT, (found.percent, found.state), strict=True))


def keep_completeness(session: Session, customer: Customer) -> None:
    """Write how complete a customer is, after something was verified or rejected.

    It follows from other facts: it is no change of the record, and its version stays.

    Args:
        session: session with a running write; the customer has been flushed.
        customer: the customer.
    """
    values = completeness_values(
        session, item_values(customer), verified_items(session, [customer.id])[customer.id])
    session.execute(update(_TABLE).where(_TABLE.c.id == customer.id).values(values))
    for name, value in values.items():
        set_committed_value(customer, name, value)


def verified_items(session: Session, customer_ids: Sequence[int]) -> Mapping[int, set[str]]:
    """Return the verified items of several customers, by id."""
    found: dict[int, set[str]] = defaultdict(set)
    for key, item in session.execute(
        select(Verification.customer_id, Verification.item)
        .where(Verification.customer_id.in_(customer_ids), Verification.is_current,
               Verification.state == VERIFIED)
    ):
        found[key].add(item)
    return found


def recalculate(session: Session, wanted: Wanted, customer_ids: Sequence[int]) -> int:
    """Write anew how complete some customers are, and when they are reviewed.

    Args:
        session: session with a running write.
        wanted: what is wanted of customers' information.
        customer_ids: some hundreds of customers.

    Returns:
        Of how many something was changed.
    """
    rows = session.execute(
        select(*(_TABLE.c[name] for name in ("id", "extra", *NAMES, *_WORKED_OUT, *_SINCE)))
        .where(_TABLE.c.id.in_(customer_ids)).with_for_update()).mappings().all()
    verified = verified_items(session, customer_ids)
    changed = []
    for row in rows:
        filled = filled_items(
            {name: row[name] for name in NAMES} | values_of_template(row["extra"]))
        found = completeness_of(wanted, filled, verified[row["id"]])
        due = review_due_after(row["reviewed_at"] or row["created_at"], wanted)
        if (found.percent, found.state, due) != tuple(row[name] for name in _WORKED_OUT):
            changed.append({"key": row["id"], "percent": found.percent, "found": found.state,
                            "due": due})
    if changed:
        session.execute(
            update(_TABLE).where(_TABLE.c.id == bindparam("key"))
            .values(completeness=bindparam("percent"), information_state=bindparam("found"),
                    review_due_on=bindparam("due")),
            changed)
    return len(changed)


def review_due_after(moment: dt.datetime, wanted: Wanted) -> dt.date | None:
    """Return the last day for the review that follows one, or the registration.

    Args:
        moment: of the review or the registration, aware.
        wanted: what is wanted of customers' information.
    """
    return review_due(moment.astimezone(local_zone()).date(), wanted.review_months)
