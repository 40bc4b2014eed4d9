"""Tables of monthly gradings."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import Base, ScopeTable, UTCDateTime, WorkflowRecord


class Grading(WorkflowRecord, Base):
    """What somebody did in a month (月度评分): theirs, of those who sign it, and of HR."""

    __tablename__ = "gradings_grading"
    __table_args__ = (UniqueConstraint("owner_id", "month"),)
    __record_type__ = "gradings.grading"
    __number_prefix__ = "PF"
    __title_field__ = "month"
    __confidential__ = True
    __scope_teams__ = ()
    __scope_departments__ = ()
    __scope_tables__ = (ScopeTable("gradings_signer", "grading_id", "user_id"),)

    month: Mapped[str] = mapped_column(String(7))


class Signer(Base):
    """One place of the chain: who signs, in which order, and when it was signed."""

    __tablename__ = "gradings_signer"

    id: Mapped[int] = mapped_column(primary_key=True)
    grading_id: Mapped[int] = mapped_column(ForeignKey("gradings_grading.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), index=True)
    place: Mapped[int]
    signed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
