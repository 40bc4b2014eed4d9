"""What stands against erasing a customer: a hold, open work, money, and what plugins say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import SYSTEM
from app.customers.changes.models import UNDECIDED, ChangeRequest
from app.customers.models import HELD, Customer, Investment, Loan
from app.customers.privacy.holds import hold_refusal
from app.customers.privacy.reach import one_person
from app.database import Base
from app.i18n import N_, Message
from app.records.deleting import plugins_refusal
from app.records.mixin import WorkflowRecord, is_present
from app.records.purging import tables_of

_MOST_NAMED = 5
# Contracts over which money is still out.
_RUNNING: tuple[tuple[Any, Any], ...] = (
    (Loan, Loan.status != "settled"), (Investment, Investment.status == HELD))


def erasure_refusal(session: Session, customer: Customer) -> Message | None:
    """Return why a customer cannot be erased now, or ``None``.

    Args:
        session: any session.
        customer: the customer; those who were merged into them count as well.
    """
    if customer.erased_at is not None:
        return Message(N_("This customer is erased already."))
    people = one_person(session, customer)
    return (hold_refusal(session, people)
            or _named(N_("Still open: %(records)s."), _open_work(session, people))
            or _named(N_("Money is still out: %(records)s."), _running(session, people))
            or _plugins_refusal(session, people))


def _plugins_refusal(session: Session, people: Sequence[int]) -> Message | None:
    """Return what a plugin says against it: whoever may not be deleted is not erased either."""
    return next(filter(None, (
        plugins_refusal(session, SYSTEM, session.get(Customer, key)) for key in people)), None)


def workflow_models(session: Session) -> list[Any]:
    """Return the kinds of record about customers that a workflow drives, of every plugin."""
    present = {table.name for table in tables_of(session)}
    return [
        mapper.class_ for mapper in Base.registry.mappers
        if issubclass(mapper.class_, WorkflowRecord) and "customer_id" in mapper.columns
        and mapper.local_table.name in present]


def _named(text: str, numbers: Sequence[str]) -> Message | None:
    if not numbers:
        return None
    named = ", ".join(numbers[:_MOST_NAMED])
    return Message(text, {"records": f"{named} …" if len(numbers) > _MOST_NAMED else named})


def with_open_work(session: Session, keys: Sequence[int]) -> set[int]:
    """Return those of some customers who cannot be erased: something is open, or money is out.

    Args:
        session: any session.
        keys: keys of customers.
    """
    return {
        key for model, condition in (*_open_kinds(session), *_RUNNING)
        for key in session.scalars(select(model.customer_id).where(
            model.customer_id.in_(keys), is_present(model), condition))}


def _open_kinds(session: Session) -> list[tuple[Any, Any]]:
    """Return the kinds of work on customers, each with the condition of what is open."""
    return [(ChangeRequest, ChangeRequest.status.in_(UNDECIDED)),
            *((model, model.is_open.is_(True)) for model in workflow_models(session))]


def _open_work(session: Session, people: Sequence[int]) -> list[str]:
    return sorted(number for model, condition in _open_kinds(session)
                  for number in _numbers(session, model, people, condition))


def _running(session: Session, people: Sequence[int]) -> list[str]:
    return [number for model, condition in _RUNNING
            for number in _numbers(session, model, people, condition)]


def _numbers(session: Session, model: Any, people: Sequence[int], condition: Any) -> list[str]:
    return list(session.scalars(
        select(model.number)
        .where(model.customer_id.in_(people), is_present(model), condition)
        .order_by(model.id).limit(_MOST_NAMED + 1)))
