"""What made-up customers agree to and do not want, and contacts outside of callbacks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import func, select

from app.access.actor import SYSTEM
from app.customers.contact_models import Consent, DoNotContact
from app.sdk.customers import note_contact
from app.sdk.demo import DemoContext, Story, default_calendar
from app.sdk.models import Customer
from app.sdk.people import local_today
from app.sdk.services import create, write

CONSENTING, WITHDRAWN, CONTACTED, DAYS = 48, 9, 80, 90
# The first customers have stories of their own already.
_FIRST = 100
_CALLERS = ("agent", "zhangjing", "wanghao", "liuyang")
# Channel, purpose, how many in ten, and how many in ten of them are reached.
_WAYS = (("phone", "service", 4, 7), ("wechat", "service", 2, 9), ("sms", "reminder", 2, 10),
         ("visit", "service", 1, 10), ("wechat", "marketing", 1, 6))
_GIVEN = ("购车合同附页勾选同意", "到店时书面同意", "微信中确认同意", "电话中口头同意，已录音")
_TAKEN_BACK = "客户来电要求停止推送"
# Purpose, reason, and in how many days it ends; it has ended where that lies behind.
_NOT_WANTED = (
    ("marketing", "不接收任何推广信息", None), ("marketing", "多次收到活动短信，客户反感", None),
    ("marketing", "已在他处购车，近期不考虑", 120), ("marketing", "活动期间不愿被打扰", -25),
    ("marketing", "客户投诉推广电话", None), ("marketing", "出国半年，回国后再联系", -70),
    ("survey", "不愿参加满意度调查", None), ("survey", "家中有病人，暂不接受回访", -12),
    ("greeting", "不需要节日问候", None), ("greeting", "不需要生日祝福", None),
    ("", "客户住院，家属要求暂停一切联系", -40), ("", "仅接受书面联系，律师函在案", None),
)


def load(context: DemoContext) -> str:
    """Add consents, what is not wanted, and contacts where nobody has consented to anything.

    Args:
        context: see ``app.sdk.demo``.
    """
    session, story = context.session, Story(context, "contacts")
    if context.complaints is not None:
        return "No contacts for a load test."
    if session.scalar(select(func.count()).select_from(Consent)):
        return "Consents are there already."
    customers = session.scalars(
        select(Customer.id).order_by(Customer.id).offset(_FIRST)
        .limit(CONSENTING + len(_NOT_WANTED))).all()
    with write(session):
        _consents(story, customers[:CONSENTING])
        for customer, (purpose, reason, days) in zip(
                customers[CONSENTING:], _NOT_WANTED, strict=False):
            create(session, SYSTEM, DoNotContact, {
                "customer_id": customer, "purpose": purpose, "reason": reason,
                "until_on": None if days is None else local_today() + dt.timedelta(days=days)})
        _contacts(story, customers[:CONSENTING])
    return (f"{CONSENTING} consents, {len(_NOT_WANTED)} customers who do not want to be contacted, "
            f"{CONTACTED} contacts.")


def _consents(story: Story, customers: Sequence[int]) -> None:
    for place, customer in enumerate(customers):
        # Long enough ago that every contact came after it.
        days = story.chance.randrange(DAYS + 10, 700)
        given = local_today() - dt.timedelta(days=days)
        is_withdrawn = place < WITHDRAWN
        create(story.session, SYSTEM, Consent, {
            "customer_id": customer, "from_on": given,
            "channel": story.chance.choice(("", "", "wechat")),
            "purpose": "marketing" if place % 3 else "",
            "withdrawn_on": given + dt.timedelta(days=story.chance.randrange(5, days))
            if is_withdrawn else None,
            "note": _TAKEN_BACK if is_withdrawn else story.chance.choice(_GIVEN)})


def _contacts(story: Story, customers: Sequence[int]) -> None:
    """Let those who still consent be contacted on working days of the last three months.

    None of them was within the last days: an open callback would have to wait for it.
    """
    calendar = default_calendar(story.session)
    days = [day for ago in range(3, DAYS)
            if calendar.shifts_on(day := local_today() - dt.timedelta(days=ago))]
    for _ in range(CONTACTED):
        channel, purpose, _often, reached = story.chance.choices(
            _WAYS, [often for _channel, _purpose, often, _reached in _WAYS])[0]
        at = story.local(story.chance.choice(days), story.chance.randint(9, 16), story.chance.randrange(60))
        note_contact(
            story.session, story.actor(story.chance.choice(_CALLERS)),
            story.chance.choice(customers[WITHDRAWN:]), channel, purpose,
            story.chance.randrange(10) < reached, at=at)
