"""The copy of all that is held of a customer: who may make one, of whom, and what is noted."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import record_act
from app.access.scope import scope_filter
from app.customers.merging.operations import survivor_of
from app.customers.models import Customer
from app.customers.privacy.held import SEES_BIN, Held
from app.customers.privacy.made_copies import KIND
from app.errors import NotPermitted, Rejected
from app.i18n import N_, Message
from app.jobs.hidden_rows import is_hidden
from app.jobs.models import Job
from app.jobs.services import enqueue

COPY = PERMISSION, VIEW = "can_copy_personal_data", "core.Customer"
ACTION = "copy_personal_data"
LONGEST_REASON = 500
LANGUAGES = ("zh", "en")
MAY_NOT = N_("Your role may not do this.")


def copied_customer(session: Session, actor: Actor, key: int) -> Customer | None:
    """Return the customer whose data an actor may copy, or ``None``.

    A merged customer is the one that it went into. One in the recycle bin is there for those who
    see the bin.

    Args:
        session: any session.
        actor: who makes the copy.
        key: primary key of the customer.
    """
    if not actor.can(*COPY):
        return None
    found = session.scalar(select(Customer).where(
        Customer.id == (survivor_of(session, key) or key), scope_filter(actor, Customer)))
    if found is None or is_hidden(found.deleted_at):
        return None
    return found if not found.is_away or actor.can(SEES_BIN, VIEW) else None


def ask_for_copy(
    session: Session, actor: Actor, customer: Customer, reason: str, language: str
) -> Job:
    """Let a job make the copy of all that is held of a customer.

    Args:
        session: session without unsaved changes, or within a write.
        actor: who asks; the file is theirs alone.
        customer: the customer.
        reason: who asked for it, and how their identity was checked.
        language: ``zh`` or ``en``, the language of the copy.

    Raises:
        NotPermitted: the actor may not copy the data of this customer.
        Rejected: no reason is given, or there is no such language.
    """
    if copied_customer(session, actor, customer.id) is None:
        raise NotPermitted(Message(MAY_NOT))
    reason = " ".join(reason.replace("\x00", "").split())
    if not reason:
        raise Rejected(Message(N_("Say who asked for the copy and how you know that it is them.")))
    if language not in LANGUAGES:
        raise Rejected(Message(N_("Choose a language.")))
    return enqueue(
        session, actor, KIND,
        {"customer": customer.id, "reason": reason[:LONGEST_REASON], "language": language},
        title=N_("Copy of all data of %(number)s"), title_values={"number": customer.number})


def note_copy(
    session: Session, actor: Actor, customer: Customer, reason: str, held: Held, files: int
) -> None:
    """Write into the audit trail that a copy was made: how much it holds, and nothing of it.

    Args:
        session: session with a running write.
        actor: who made it.
        customer: the customer.
        reason: as given to ``ask_for_copy``.
        held: the rows.
        files: how many attachments it holds.
    """
    facts: dict[str, Any] = {"rows": held.number, "files": files}
    if held.left_out:
        facts["left_out"] = sum(held.left_out.values())
    record_act(
        session, actor, ACTION, record_type=Customer.__record_type__, record_id=customer.id,
        number=customer.number, changes=facts, reason=reason)
