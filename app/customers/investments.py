"""Operations on investments: when they mature follows from beginning and term."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import SYSTEM, Actor
from app.customers.items import review_due
from app.customers.models import HELD, MATURED, Investment
from app.database import write
from app.i18n import N_, Message
from app.people.clock import local_today
from app.records.changes import Changes
from app.records.mixin import is_present
from app.records.operations import operations_of
from app.records.record_operations import RecordOperations, made_together

LONGEST_TERM = 600
_TOGETHER = 200


@made_together
class InvestmentOperations(RecordOperations):
    """Operations on investments."""

    required = ("customer_id", "contract", "amount", "started_on")

    def prepare(
        self, session: Session, actor: Actor, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Work out when it matures, where nobody says so."""
        given = dict(values)
        if given.get("matures_on") is None:
            given["matures_on"] = matures_on(given.get("started_on"), given.get("term_months"))
        return given

    def validate(
        self, session: Session, actor: Actor, record: Investment | None,
        values: Mapping[str, Any],
    ) -> dict[str, Message]:
        """Refuse an amount or a term that is none, and an end before the beginning."""
        problems = dict(super().validate(session, actor, record, values))
        amount, term = values.get("amount"), values.get("term_months")
        if amount is not None and amount <= 0:
            problems["amount"] = Message(N_("Enter an amount above zero."))
        if term is not None and not 1 <= term <= LONGEST_TERM:
            problems["term_months"] = Message(
                N_("Between 1 and %(most)s months."), {"most": LONGEST_TERM})
        first, last = (values.get(name, getattr(record, name, None))
                       for name in ("started_on", "matures_on"))
        if first and last and last < first:
            problems["matures_on"] = Message(N_("The end lies before the beginning."))
        return problems

    def store(
        self, session: Session, actor: Actor, record: Investment, values: Mapping[str, Any],
        *, reason: str = "",
    ) -> Changes:
        """Let the maturity follow a changed beginning or term, unless it is given as well."""
        if {"started_on", "term_months"}.intersection(values) and "matures_on" not in values:
            first, term = (values.get(name, getattr(record, name))
                           for name in ("started_on", "term_months"))
            found = matures_on(first, term)
            values = {**values, "matures_on": found} if found is not None else values
        return super().store(session, actor, record, values, reason=reason)


def matures_on(first: dt.date | None, months: int | None) -> dt.date | None:
    """Return the day on which an investment matures, or ``None`` where it is not known.

    Args:
        first: day of the beginning.
        months: the term; the 31st becomes the last day of a shorter month.
    """
    return review_due(first, months) if first and months else None


def mature(session: Session, _due: dt.datetime, _now: dt.datetime) -> int:
    """Mark investments whose day has come as matured, and return how many; a schedule."""
    done = 0
    while True:
        with write(session):
            found = session.scalars(
                select(Investment)
                .where(Investment.status == HELD, Investment.matures_on <= local_today(),
                       is_present(Investment))
                .order_by(Investment.id).limit(_TOGETHER)).all()
            for record in found:
                operations_of(Investment).change(session, SYSTEM, record, {"status": MATURED})
        done += len(found)
        if len(found) < _TOGETHER:
            return done
