"""Which information about the made-up customers has been verified, and what turned out wrong."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select, update

from app.customers.completeness import recalculate
from app.customers.profile_settings import wanted_items
from app.customers.verification_models import DocumentKind, Verification
from app.jobs.portions import portions
from app.sdk.customers import note_contact
from app.sdk.demo import DemoContext, Story
from app.sdk.models import Customer
from app.sdk.people import local_today
from app.sdk.services import act, utcnow, write

VERIFIED, REJECTED, REVIEWED, DUE = 60, 4, 10, 25
# Whoever makes no callbacks verifies on paper: what callers verify counts for their month.
_LOOKED = "supervisor"
# Whom they call in the month before this, and what the customer confirms.
_CALLS = {"agent": 24, "zhangjing": 22, "wanghao": 21, "liuyang": 20}
_IN_A_CALL = ["name", "phone", "id_number"]
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
    person = story.actor(_LOOKED)
    if place < REJECTED:
        act(story.session, person, customer, "reject", {
            "items": ["phone"], "reason": _FOUND_WRONG})
        return
    act(story.session, person, customer, "verify", {
        "items": ["name", "id_number"], "document_kind_id": documents["id_card"],
        "note": "原件"})
    if place % 4:
        act(story.session, person, customer, "verify", {
            "items": ["phone"], "document_kind_id": documents["call"]})


def load_calls(context: DemoContext) -> str:
    """Verify information in the calls of the month before this, from which appraisals fill in.

    Args:
        context: see ``app.sdk.demo``.
    """
    session, story = context.session, Story(context, "information_in_calls")
    if context.complaints is not None:
        return "No calls for a load test."
    if session.scalar(select(func.count()).select_from(Verification).where(
            Verification.contact_id.is_not(None))):
        return "Information is verified in calls already."
    documents = {kind.code: kind.id for kind in session.scalars(select(DocumentKind))}
    customers = session.scalars(
        select(Customer).order_by(Customer.id)
        .offset(REJECTED).limit(VERIFIED)).all()
    last_day = local_today().replace(day=1) - dt.timedelta(days=1)
    for username, number in _CALLS.items():
        for customer in story.chance.sample(customers, number):
            day = last_day.replace(day=story.chance.randint(1, last_day.day))
            story.later(story.local(day, story.chance.randint(9, 16)),
                        lambda one=customer, username=username: _call(
                            story, username, one, documents))
    story.happen()
    return f"Information is verified in {sum(_CALLS.values())} calls."


def _call(story: Story, username: str, customer: Customer, documents: dict[str, int]) -> None:
    actor = story.actor(username)
    with write(story.session):
        act(story.session, actor, customer, "verify", {
            "items": _IN_A_CALL, "document_kind_id": documents["call"]})
        note_contact(story.session, actor, customer.id, "phone", "service", True)
