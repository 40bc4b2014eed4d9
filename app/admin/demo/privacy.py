"""What made-up customers ask of their data: a legal hold, an erasure to decide on, a copy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import func, select

from app.access.scope import scope_filter
from app.customers.models import Customer
from app.customers.privacy.copying import ask_for_copy
from app.customers.privacy.holds import PLACE
from app.customers.privacy.models import LegalHold
from app.customers.privacy.obstacles import erasure_refusal
from app.customers.privacy.requests import ERASE
from app.records.mixin import is_present
from app.sdk.demo import DemoContext, Story
from app.sdk.records import act

_HOLD = {"reason": "客户就贷款合同起诉，律师要求保全全部往来记录", "reference": "（2025）沪0115民初20418号"}
_ERASURE = "客户来电要求删除个人信息，已按预留证件核实身份"
_COPY = "客户到店书面申请，已核对身份证原件"


def load(context: DemoContext) -> str:
    """Place a hold, ask for an erasure and make a copy, each of another customer.

    Args:
        context: see ``app.sdk.demo``.
    """
    session, story = context.session, Story(context, "privacy")
    if context.complaints is not None:
        return "No requests about personal data for a load test."
    if session.scalar(select(func.count()).select_from(LegalHold)):
        return "Requests about personal data are there already."
    customers = _erasable(story)
    held, leaving, asking = (next(customers, None) for _ in range(3))
    if held is None or leaving is None or asking is None:
        return "No requests about personal data: of every customer something is open."
    with story.at(story.now - dt.timedelta(days=20)):
        act(session, story.actor("admin"), held, PLACE, _HOLD)
    with story.at(story.now - dt.timedelta(days=1)):
        act(session, story.actor("supervisor"), leaving, ERASE, {"reason": _ERASURE})
    ask_for_copy(session, story.actor("supervisor"), asking, _COPY, "zh")
    return "A legal hold, an erasure that waits for a decision, and a copy of all data."


def _erasable(story: Story) -> Iterator[Customer]:
    """Yield customers against whose erasure nothing stands."""
    boss = story.actor("supervisor")
    for customer in story.session.scalars(
            select(Customer).where(is_present(Customer), scope_filter(boss, Customer))
            .order_by(Customer.id)).all():
        if erasure_refusal(story.session, customer) is None:
            yield customer
