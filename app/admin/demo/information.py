"""Which information about the made-up customers has been verified, and what turned out wrong."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select, update

from app.customers.completeness import recalculate
from app.customers.profile_settings import wanted_items
from app.customers.verification_models import DocumentKind, Verification
from app.jobs.portions import portions
from app.sdk.demo import DemoContext, Story
from app.sdk.models import Customer
from app.sdk.services import act, utcnow, write

VERIFIED, REJECTED, REVIEWED, DUE = 60, 4, 10, 25
_AGENTS = ("agent", "wanghao", "liuyang")
_FOUND_WRONG = "电话打不通，号码已停用"


def load(context: DemoContext) -> str:
    """Verify information of some customers where nothing has been verified.

    Args:
        context: see ``app.sdk.demo``.
    """
    session = context.session
    if session.scalar(select(func.count()).select_from(Verification)):
        return "Information is verified already."
    story = Story(context, "information")
    customers = list(session.scalars(
        select(Customer).order_by(Customer.id).limit(VERIFIED + REJECTED)))
    documents = {kind.code: kind.id for kind in session.scalars(select(DocumentKind))}
    for place, customer in enumerate(customers):
        ago = dt.timedelta(days=story.chance.randrange(1, 90), hours=story.chance.randrange(8))
        story.later(utcnow() - ago, lambda one=customer, place=place: _look(
            story, one, place, documents))
    for customer in customers[:REVIEWED]:
        story.later(utcnow() - dt.timedelta(days=story.chance.randrange(1, 30)),
                    lambda one=customer: act(session, story.actor("supervisor"), one, "review"))
    story.happen()
    with write(session):
        # Customers of long ago, whom nobody has reviewed since.
        session.execute(
            update(Customer.__table__).where(Customer.id.in_(
                [one.id for one in customers[-DUE:]]))
            .values(created_at=utcnow() - dt.timedelta(days=420)))
    wanted = wanted_items(session)
    for keys in portions(session.scalars(select(Customer.id).order_by(Customer.id)).all()):
        with write(session):
            recalculate(session, wanted, keys)
    return f"Information of {len(customers)} customers is verified or rejected."


def _look(story: Story, customer: Customer, place: int, documents: dict[str, int]) -> None:
    agent = story.actor(story.chance.choice(_AGENTS))
    if place < REJECTED:
        act(story.session, agent, customer, "reject", {
            "items": ["phone"], "reason": _FOUND_WRONG})
        return
    act(story.session, agent, customer, "verify", {
        "items": ["name", "id_number"], "document_kind_id": documents["id_card"],
        "note": "原件"})
    if place % 4:
        act(story.session, agent, customer, "verify", {
            "items": ["phone"], "document_kind_id": documents["call"]})
