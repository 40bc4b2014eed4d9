"""Table of referral rewards."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, Integer, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.models import Base, CodeString, Customer, Personal, UTCDateTime, WorkflowRecord
from plugins.appraisals.bonus.models import BonusTable


class Referral(WorkflowRecord, Base):
    """A reward for a customer whom the owner has won by referral (转介绍奖励)."""

    __tablename__ = "appraisals_referral"
    __table_args__ = (Index("ix_appraisals_referral_owner_state", "owner_id", "state", "id"),)
    __record_type__ = "appraisals.referral"
    __number_prefix__ = "ZJ"
    __search_fields__ = ("remark",)
    __personal__ = Personal(swept=("reason",), kept=("claim",))
    # Money of a person: nobody else of the team sees it.
    __confidential__ = True
    __scope_teams__: ClassVar[tuple[str, ...]] = ()
    __scope_departments__: ClassVar[tuple[str, ...]] = ()
    __untracked_fields__: ClassVar[tuple[str, ...]] = (
        *WorkflowRecord.__untracked_fields__, "claim")

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers_customer.id"), index=True)
    # 0 is the praise at a meeting; the others are numbered from 1.
    step: Mapped[int] = mapped_column(Integer, default=0, info={"required": False})
    # Customer and step while the reward is applied for or granted: each once.
    claim: Mapped[str | None] = mapped_column(CodeString(40), unique=True)
    # What the customer had borrowed and invested when it was applied for, and when it was checked.
    applied_total: Mapped[decimal.Decimal] = mapped_column(
        Numeric(16, 2), default=decimal.Decimal(0))
    checked_total: Mapped[decimal.Decimal | None] = mapped_column(Numeric(16, 2))
    amount: Mapped[decimal.Decimal] = mapped_column(Numeric(12, 2), default=decimal.Decimal(0))
    remark: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    decided_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(String(400), default="")
    table_id: Mapped[int | None] = mapped_column(
        ForeignKey("appraisals_bonus_table.id"), index=True)

    customer: Mapped[Customer] = relationship()
    decided_by: Mapped[Any] = relationship("User", foreign_keys=[decided_by_id])
    table: Mapped[BonusTable | None] = relationship()
