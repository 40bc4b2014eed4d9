"""Granted rewards enter the bonus table of their person, each once."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk.records import operations_of
from app.sdk.services import Actor, is_present
from plugins.appraisals.bonus.models import BonusTable
from plugins.appraisals.referrals.models import Referral
from plugins.appraisals.referrals.workflow import GRANTED


def take_rewards(
    session: Session, actor: Actor, table: BonusTable
) -> dict[int, Decimal]:
    """Let granted rewards that were not paid be paid with a table; return their sums by user.

    Args:
        session: session with a running write.
        actor: who compiles the table.
        table: the new table; it pays everybody, with a quota or without.
    """
    found: dict[int, Decimal] = {}
    operations = operations_of(Referral)
    for one in session.scalars(select(Referral).where(
            Referral.state == GRANTED, Referral.table_id.is_(None), Referral.amount > 0,
            Referral.owner_id.is_not(None),
            is_present(Referral)).order_by(Referral.id).with_for_update()).all():
        assert one.owner_id is not None
        operations.store(session, actor, one, {"table_id": table.id})
        found[one.owner_id] = found.get(one.owner_id, Decimal(0)) + one.amount
    return found
