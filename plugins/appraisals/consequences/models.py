"""Tables of rules on streaks and of consequences."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import Any, ClassVar

from sqlalchemy import Boolean, Date, ForeignKey, Index, Numeric, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.models import Base, CodeString, Json, SharedRecord, WorkflowRecord
from plugins.appraisals.sheets.models import Sheet


class StreakRuleRow(SharedRecord, Base):
    """What follows when a grade was earned in several months in a row."""

    __tablename__ = "appraisals_streak_rule"
    __record_type__ = "appraisals.streak_rule"
    __number_prefix__ = "KG"
    __title_field__ = "code"

    code: Mapped[str] = mapped_column(CodeString(40))
    grade: Mapped[str] = mapped_column(String(16))
    months: Mapped[int] = mapped_column(SmallInteger, default=3)
    kind: Mapped[str] = mapped_column(String(20))
    repeats: Mapped[bool] = mapped_column(Boolean, default=False)
    is_reward: Mapped[bool] = mapped_column(Boolean, default=False)
    bars_months: Mapped[int] = mapped_column(SmallInteger, default=0)
    bonus_cut: Mapped[decimal.Decimal] = mapped_column(Numeric(5, 2), default=decimal.Decimal(0))
    due_days: Mapped[int] = mapped_column(SmallInteger, default=14)
    active: Mapped[bool] = mapped_column(Boolean, default=True)


class Consequence(WorkflowRecord, Base):
    """A consequence (处置) for a person; the owner is who has to see to it."""

    __tablename__ = "appraisals_consequence"
    __table_args__ = (
        Index("ix_appraisals_consequence_open_due", "is_open", "due_on", "id"),
        Index("ix_appraisals_consequence_subject", "subject_id", "id"),
    )
    __record_type__ = "appraisals.consequence"
    __number_prefix__ = "CZ"
    __confidential__ = True
    __scope_people__: ClassVar[tuple[str, ...]] = ("owner_id",)
    __scope_teams__: ClassVar[tuple[str, ...]] = ()
    __scope_departments__: ClassVar[tuple[str, ...]] = ()

    subject_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    kind: Mapped[str] = mapped_column(String(20))
    due_on: Mapped[dt.date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[str] = mapped_column(Text, default="")
    sheet_id: Mapped[int | None] = mapped_column(ForeignKey("appraisals_sheet.id"), index=True)
    # The rule as it was then; empty for a consequence of an incident.
    rule: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    bonus_cut: Mapped[decimal.Decimal] = mapped_column(Numeric(5, 2), default=decimal.Decimal(0))

    subject: Mapped[Any] = relationship("User", foreign_keys=[subject_id])
    sheet: Mapped[Sheet | None] = relationship()
