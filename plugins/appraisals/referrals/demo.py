"""Referral rewards in every state for demonstrations; one is paid with a bonus table."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk.demo import Story
from app.sdk.models import Customer, Investment
from app.sdk.people import local_today
from app.sdk.records import act, create
from app.sdk.services import SYSTEM
from plugins.appraisals.referrals.models import Referral
from plugins.appraisals.referrals.operations import due_step

_CHECKER = "hr"
# With their loan it takes the customer past the first step that is worth money.
_INVESTED, _TERM = 1_000_000, 24
# Applicant, remark, step that follows and what it says.
_DECIDED: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("agent", "老客户介绍同事购车，首次接待和资料由本人完成。", "grant", {}),
    ("agent", "同一客户追加投资，累计达到下一档。", "grant", {}),
    ("wanghao", "客户到店时说是朋友介绍。", "refuse",
     {"reason": "登记来源为自然到店，查不到转介绍记录。"}),
    ("liuyang", "客户介绍邻居办理贷款。", "withdraw", {}),
)
_OPEN = (("zhangjing", "车主群客户介绍亲属购车，已核对推荐人。"),
         ("wanghao", "回访中客户推荐同事，已到店签约。"))


def decided(story: Story, begin: dt.date) -> None:
    """Let rewards be applied for and decided in a month; there are customers who reach a step.

    Args:
        story: whose people act.
        begin: first day of the month.
    """
    session, found = story.session, _customers(story.session, len(_DECIDED) - 1)
    if not found:
        return
    with story.at(story.local(begin, 9)):
        create(session, SYSTEM, Investment, {
            "customer_id": found[0], "contract": f"TZ{begin:%Y%m}-ZJ", "product": "稳健理财",
            "amount": _INVESTED, "term_months": _TERM, "started_on": begin})
    # The first customer reaches two steps.
    for place, (who, remark, step, values) in enumerate(_DECIDED):
        customer = found[min(max(place - 1, 0), len(found) - 1)]
        if due_step(session, customer) is None:
            continue
        day = begin + dt.timedelta(days=5 + 3 * place)
        with story.at(story.local(day, 10)):
            made = _apply(story, who, customer, remark)
        with story.at(story.local(day + dt.timedelta(days=1), 16)):
            act(session, story.actor(who if step == "withdraw" else _CHECKER), made, step, values)


def waiting(story: Story) -> None:
    """Let rewards be applied for in the last days that are still to be decided.

    Args:
        story: whose people act.
    """
    found = _customers(story.session, len(_OPEN))
    for back, ((who, remark), customer) in enumerate(zip(_OPEN, found, strict=False), start=1):
        with story.at(story.local(local_today() - dt.timedelta(days=len(_OPEN) - back), 10)):
            _apply(story, who, customer, remark)


def _apply(story: Story, who: str, customer_id: int, remark: str) -> Any:
    return create(story.session, story.actor(who), Referral,
                  {"customer_id": customer_id, "remark": remark})


def _customers(session: Session, number: int) -> list[int]:
    """Return customers for whom nobody has applied and who have reached a step."""
    known = select(Referral.customer_id)
    found: list[int] = []
    for key in session.scalars(select(Customer.id).where(Customer.id.not_in(known))
                               .order_by(Customer.id)):
        if len(found) == number:
            break
        if due_step(session, key) is not None:
            found.append(key)
    return found
