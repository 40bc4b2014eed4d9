"""Work on a customer that is not finished, which keeps the customer from being deleted."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.customers.models import Customer
from app.i18n import N_, Message
from app.records.deleting import read_of
from app.records.mixin import is_present

_MOST_NAMED = 3


def unfinished_work(session: Session, record: Any, *kinds: type[Any]) -> Message | None:
    """Return why a customer is not deleted while records about them are open: for ``check_delete``.

    The records are named by number, in whoever's sight they are: who deletes the customer has to
    know of them.

    Args:
        session: any session.
        record: what is to be deleted; of anything but a customer nothing is asked.
        kinds: classes of records with a workflow and a ``customer_id``.

    Returns:
        A sentence with the first numbers, or ``None``.
    """
    if not isinstance(record, Customer):
        return None
    for kind in kinds:
        numbers = read_of(
            record, ("unfinished", kind), functools.partial(_numbers_of_open, session, kind))
        if numbers:
            named = ", ".join(numbers[:_MOST_NAMED])
            return Message(
                N_("Work on this customer is not finished: %(records)s."),
                {"records": f"{named} …" if len(numbers) > _MOST_NAMED else named})
    return None


def _numbers_of_open(
    session: Session, kind: type[Any], customer_ids: Sequence[int]
) -> Mapping[int, list[str]]:
    """Return the numbers of open records by customer, the oldest first."""
    found: dict[int, list[str]] = {}
    for key, number in session.execute(
        select(kind.customer_id, kind.number)
        .where(kind.customer_id.in_(customer_ids), kind.is_open.is_(True), is_present(kind))
        .order_by(kind.id)
    ):
        found.setdefault(key, []).append(number)
    return found
