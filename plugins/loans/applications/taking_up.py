"""An approved application becomes the loan of the customer."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.errors import Invalid
from app.sdk.models import Loan
from app.sdk.people import local_today
from app.sdk.records import create, link
from app.sdk.services import SYSTEM, Actor
from app.sdk.workflow import Message
from plugins.loans.applications.models import LoanApplication


def make_loan(session: Session, actor: Actor, application: LoanApplication, contract: str) -> Loan:
    """Make the loan that an application was approved for.

    It follows from an approval, so that whoever tells the customer needs no right to enter loans.

    Args:
        session: session with a running write.
        actor: who tells the customer.
        application: the application, approved.
        contract: number of the contract; empty for the number of the application.

    Raises:
        Invalid: the number of the contract is taken.
    """
    number = contract or application.number
    if session.scalar(select(Loan.id).where(Loan.contract == number)) is not None:
        raise Invalid({"contract": Message(N_("There is a loan with this contract already."))})
    loan = create(session, SYSTEM, Loan, {
        "customer_id": application.customer_id, "vehicle_id": application.vehicle_id,
        "contract": number, "product": application.product.name_zh or application.product.name,
        "principal": application.approved_amount or application.amount,
        "term_months": application.term_months, "started_on": local_today(),
        "owner_id": application.owner_id, "department_id": application.department_id,
        "team_id": application.team_id,
    })
    link(session, SYSTEM, application, loan, "core.origin")
    return loan
