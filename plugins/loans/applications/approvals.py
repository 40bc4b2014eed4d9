"""The chain of approvals: whose turn it is, deputies, and who reads the application for that."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.errors import Invalid
from app.sdk.models import Post
from app.sdk.people import Holder, holders_of
from app.sdk.services import Actor, actor_for, notice_kinds, tell, utcnow
from app.sdk.workflow import Message
from plugins.loans.access import MAY_APPROVE
from plugins.loans.applications.models import Approval, ApprovalReader, LoanApplication
from plugins.loans.products.models import LoanProduct

_OF_THE_DEPARTMENT = "department_manager"


def posts_for(product: LoanProduct, amount: Decimal) -> list[int]:
    """Return the keys of the posts that approve a loan, in order.

    Args:
        product: the product.
        amount: amount applied for.
    """
    needs_second = product.second_post_id is not None and (
        product.second_from is None or amount >= product.second_from)
    second = [product.second_post_id] if needs_second and product.second_post_id else []
    return [product.first_post_id, *second]


def begin(session: Session, actor: Actor, application: LoanApplication) -> None:
    """Make the chain of a new round, and let the first ones read the application.

    Args:
        session: session with a running write.
        actor: who hands over.
        application: the application, with its approval department.

    Raises:
        Invalid: nobody who may approve acts in one of the posts.
    """
    round_number = _round(session, application.id) + 1
    posts = posts_for(application.product, application.amount)
    rows = [Approval(application_id=application.id, round=round_number, place=place,
                     post_id=post_id, post=session.get(Post, post_id))
            for place, post_id in enumerate(posts, start=1)]
    for row in rows:
        if not _who_may(session, application, row):
            raise Invalid({"approval_department_id": Message(
                N_("Nobody who may approve holds post %(place)s that the product names."),
                {"place": row.place})})
    session.add_all(rows)
    session.flush()
    call_on(session, actor, application, rows[0])


def call_on(session: Session, actor: Actor, application: LoanApplication, row: Approval) -> None:
    """Let whoever acts in the post of a place read the application, and tell them of it."""
    people = [one.user_id for one in acting(session, application, row)]
    let_read(session, application.id, people)
    tell(session, people, notice_kinds.WAITING, N_("A loan application waits for your approval."),
         record=application, by=actor.user_id)


def let_read(session: Session, application_id: int, user_ids: Iterable[int]) -> None:
    """Let people read an application because an approval is theirs; see ``LoanApplication``."""
    known = set(session.scalars(select(ApprovalReader.user_id).where(
        ApprovalReader.application_id == application_id)))
    session.add_all(ApprovalReader(application_id=application_id, user_id=one)
                    for one in sorted(set(user_ids) - known))
    session.flush()


def chain_of(session: Session, application_id: int) -> list[Approval]:
    """Return the places of the latest round, in order; none before the hand-over."""
    latest = select(func.max(Approval.round)).where(Approval.application_id == application_id)
    return list(session.scalars(
        select(Approval).where(Approval.application_id == application_id,
                               Approval.round == latest.scalar_subquery())
        .order_by(Approval.place)))


def every_round(session: Session, application_id: int) -> list[Approval]:
    """Return the places of all rounds, the latest round first."""
    return list(session.scalars(
        select(Approval).where(Approval.application_id == application_id)
        .order_by(Approval.round.desc(), Approval.place)))


def waiting(chain: Iterable[Approval]) -> Approval | None:
    """Return the place whose turn it is, or ``None`` where all have decided."""
    return next((row for row in chain if not row.decision), None)


def acting(session: Session, application: LoanApplication, row: Approval) -> list[Holder]:
    """Return who may decide at a place today: holders of the post or their deputies.

    Nobody approves what they own, took in or reviewed, nor in the place of somebody who did.

    Args:
        session: any session.
        application: the application.
        row: the place.
    """
    department = (application.approval_department_id
                  if row.post.code == _OF_THE_DEPARTMENT else None)
    involved = {application.owner_id, application.created_by_id, application.reviewer_id} - {None}
    return [one for one in holders_of(session, row.post.code, department_id=department)
            if not involved & {one.user_id, one.deputy_for}]


def _who_may(session: Session, application: LoanApplication, row: Approval) -> list[Actor]:
    people = (actor_for(session, one.user_id) for one in acting(session, application, row))
    return [one for one in people if one is not None and one.can(*MAY_APPROVE)]


def decide(
    session: Session, actor: Actor, application: LoanApplication, decision: str, note: str
) -> list[Approval]:
    """Note what the post whose turn it is decides.

    Args:
        session: session with a running write.
        actor: who decides; the guard has seen to it that they act in the post.
        application: the application.
        decision: ``approved`` or ``refused``.
        note: remark; for a refusal the reason.

    Returns:
        The chain.
    """
    chain = chain_of(session, application.id)
    row = waiting(chain)
    assert row is not None, "the guard has seen to it"
    holder = next((one for one in acting(session, application, row)
                   if one.user_id == actor.user_id), None)
    row.decision, row.note, row.decided_at = decision, note[:1000], utcnow()
    row.decided_by_id = actor.user_id
    row.in_place_of_id = None if holder is None else holder.deputy_for
    session.flush()
    return chain


def _round(session: Session, application_id: int) -> int:
    return session.scalar(select(func.max(Approval.round)).where(
        Approval.application_id == application_id)) or 0
