"""Work on a customer that is not finished, which keeps the customer from being deleted."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.customers.models import Customer
from app.i18n import N_, Message
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
        numbers = session.scalars(
            select(kind.number)
            .where(kind.customer_id == record.id, kind.is_open.is_(True), is_present(kind))
            .order_by(kind.id).limit(_MOST_NAMED + 1)
        ).all()
        if numbers:
            named = ", ".join(numbers[:_MOST_NAMED])
            return Message(
                N_("Work on this customer is not finished: %(records)s."),
                {"records": f"{named} …" if len(numbers) > _MOST_NAMED else named})
    return None
