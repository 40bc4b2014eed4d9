"""Contacts with the customer about an application, by the rules of contact; the words for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session

from app.sdk.customers import may_contact, note_contact
from app.sdk.errors import Invalid
from app.sdk.services import SYSTEM, Actor
from plugins.loans.applications.models import LoanApplication
from plugins.loans.applications.workflow import CHANNELS
from plugins.loans.choices import APPROVED

SERVICE, REMINDER = "service", "reminder"
PHONE = "phone"


def preferred_channel(application: LoanApplication) -> str:
    """Return how the customer wants to be contacted; by telephone where that is not known."""
    wanted = application.customer.preferred_contact
    return wanted if wanted in {one.value for one in CHANNELS} else PHONE


def contact(
    session: Session, actor: Actor, application: LoanApplication, values: Mapping[str, Any],
    purpose: str, reached: bool = True,
) -> None:
    """Log that the customer was contacted; a contact of ours has to be allowed.

    Args:
        session: session with a running write.
        actor: who has contacted the customer.
        application: the application.
        values: ``told_channel``, and ``inbound`` where the customer contacted us.
        purpose: ``service`` or ``reminder``.
        reached: whether the customer was reached.

    Raises:
        Invalid: the rules of contact hold it back now.
    """
    channel = values["told_channel"]
    if values.get("inbound"):
        return
    # A question about the customer, not about rights.
    verdict = may_contact(session, SYSTEM, application.customer_id, channel, purpose)
    if verdict.reason is not None:
        raise Invalid({"told_channel": verdict.reason})
    note_contact(session, actor, application.customer_id, channel, purpose, reached,
                 origin=application)


def reminder_text(application: LoanApplication, names: Sequence[str]) -> str:
    """Return what the customer is told to bring, in the language of the request.

    Args:
        application: the application.
        names: names of the documents in that language.
    """
    lines = [gettext("Dear %(name)s, for your loan application %(number)s please bring:",
                     name=application.customer_name, number=application.number)]
    lines += [f"{place}. {name}" for place, name in enumerate(names, start=1)]
    return "\n".join(lines)


def result_text(application: LoanApplication, language: str) -> str:
    """Return what the customer is told of the result: next steps, or reason and advice.

    Args:
        application: the application, decided.
        language: ``zh`` or ``en``, that of the request.
    """
    if application.result == APPROVED:
        lines = [gettext(
            "Your loan of %(amount)s for %(months)s months is approved; you pay %(instalment)s "
            "each month.", amount=f"{application.approved_amount or application.amount:,.2f}",
            months=application.term_months, instalment=f"{application.instalment:,.2f}"),
            application.product.next_steps_in(language)]
    else:
        reason = application.refusal_reason
        lines = [gettext("Your application %(number)s cannot be granted: %(reason)s.",
                         number=application.number,
                         reason="" if reason is None else reason.titled(language)),
                 application.advice]
    return "\n".join(filter(None, lines))
