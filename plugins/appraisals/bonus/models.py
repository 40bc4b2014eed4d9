"""Tables of bonus tables and their lines."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Integer, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.models import Base, Json, Record, ScopeTable, UTCDateTime
from plugins.appraisals.choices import DRAFT
from plugins.appraisals.cycles.models import Cycle


class BonusTable(Record, Base):
    """The bonus allocation table (绩效奖金分配汇总表) of a cycle."""

    __tablename__ = "appraisals_bonus_table"
    __record_type__ = "appraisals.bonus_table"
    __number_prefix__ = "KJ"
    __confidential__ = True
    __scope_people__: ClassVar[tuple[str, ...]] = ()
    __scope_teams__: ClassVar[tuple[str, ...]] = ()
    __scope_departments__: ClassVar[tuple[str, ...]] = ()
    __scope_tables__: ClassVar[tuple[ScopeTable, ...]] = (
        ScopeTable("appraisals_bonus_reader", "table_id", "user_id"),)

    cycle_id: Mapped[int] = mapped_column(ForeignKey("appraisals_cycle.id"), unique=True)
    status: Mapped[str] = mapped_column(String(12), default=DRAFT, index=True)
    total: Mapped[decimal.Decimal] = mapped_column(Numeric(14, 2), default=decimal.Decimal(0))
    compiled_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    reviewed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    approved_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    cycle: Mapped[Cycle] = relationship()
    compiled_by: Mapped[Any] = relationship("User", foreign_keys=[compiled_by_id])
    reviewed_by: Mapped[Any] = relationship("User", foreign_keys=[reviewed_by_id])
    approved_by: Mapped[Any] = relationship("User", foreign_keys=[approved_by_id])


class BonusLine(Base):
    """One person's bonus and rewards, with the calculation."""

    __tablename__ = "appraisals_bonus_line"
    __table_args__ = (UniqueConstraint("table_id", "sheet_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    table_id: Mapped[int] = mapped_column(ForeignKey("appraisals_bonus_table.id"))
    # Empty for rewards of somebody who has no quota in the cycle.
    sheet_id: Mapped[int | None] = mapped_column(ForeignKey("appraisals_sheet.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    amount: Mapped[decimal.Decimal] = mapped_column(Numeric(12, 2))
    # Pairs of step and figure, as texts.
    steps: Mapped[list[list[str]]] = mapped_column(Json)

    def __str__(self) -> str:
        return f"{self.table_id}/{self.user_id}"


class BonusReader(Base):
    """Somebody who sees a bonus table because the review or the approval is theirs."""

    __tablename__ = "appraisals_bonus_reader"
    __table_args__ = (UniqueConstraint("table_id", "user_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    table_id: Mapped[int] = mapped_column(ForeignKey("appraisals_bonus_table.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), index=True)

    def __str__(self) -> str:
        return f"{self.table_id}/{self.user_id}"
