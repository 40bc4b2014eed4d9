"""Tables of sheets, their signatures, objections, and who may read them."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import Any, ClassVar

from sqlalchemy import (
    Boolean,
    Date,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.forms import FormVersion
from app.sdk.models import Base, Json, Post, Record, ScopeTable, UTCDateTime, utcnow
from plugins.appraisals.choices import FILLING, FINISHED, OBJECTED
from plugins.appraisals.cycles.models import Cycle


class Sheet(Record, Base):
    """A person's appraisal for a cycle (考核表); the owner is the person appraised."""

    __tablename__ = "appraisals_sheet"
    __table_args__ = (
        Index("ix_appraisals_sheet_owner_starts", "owner_id", "starts_on"),
        Index("ix_appraisals_sheet_cycle_status", "cycle_id", "status", "id"),
        Index("ix_appraisals_sheet_appraiser", "appraiser_id", "status", "id"),
        Index("ix_appraisals_sheet_status", "status", "id"),
    )
    __record_type__ = "appraisals.sheet"
    __number_prefix__ = "KP"
    # Nothing but the chain of a sheet opens it: not even leading the person's department.
    __confidential__ = True
    __scope_people__: ClassVar[tuple[str, ...]] = ("owner_id", "appraiser_id")
    __scope_teams__: ClassVar[tuple[str, ...]] = ()
    __scope_departments__: ClassVar[tuple[str, ...]] = ()
    __scope_tables__: ClassVar[tuple[ScopeTable, ...]] = (
        ScopeTable("appraisals_reader", "sheet_id", "user_id"),)
    __notifies_owner__ = False
    # Everybody of the chain follows the sheet; each hears when it is their turn.
    __notifies_changes__ = False
    __untracked_fields__: ClassVar[tuple[str, ...]] = (
        *Record.__untracked_fields__, "waits_since")

    cycle_id: Mapped[int] = mapped_column(ForeignKey("appraisals_cycle.id"))
    starts_on: Mapped[dt.date] = mapped_column(Date)
    ends_on: Mapped[dt.date] = mapped_column(Date)
    appraiser_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    form_version_id: Mapped[int] = mapped_column(ForeignKey("forms_version.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("people_post.id"))
    quota: Mapped[decimal.Decimal] = mapped_column(Numeric(12, 2), default=decimal.Decimal(0))
    status: Mapped[str] = mapped_column(String(12), default=FILLING)
    # What the person thinks of the items that others rate.
    self_answers: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    answers: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    left_out: Mapped[list[str]] = mapped_column(Json, default=list)
    left_out_reason: Mapped[str] = mapped_column(String(400), default="")
    # Weights that the period announced, where they are not those of the form.
    weights: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    # When the person has taken note of the weights and tasks of the period.
    acknowledged_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    asked_on: Mapped[dt.date | None] = mapped_column(Date)
    # Since when the present step waits, and since when it is refused: it was not taken in time.
    waits_since: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    closed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    # When the person's words were passed over by rule.
    words_passed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    # Facts of the system behind items that fill themselves in, by name of the item.
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    score: Mapped[decimal.Decimal | None] = mapped_column(Numeric(7, 2))
    grade: Mapped[str] = mapped_column(String(16), default="")
    # What was signed and the points of a calibration, and the grade of both together.
    final_score: Mapped[decimal.Decimal | None] = mapped_column(Numeric(7, 2))
    final_grade: Mapped[str] = mapped_column(String(16), default="")
    calibrated_points: Mapped[decimal.Decimal | None] = mapped_column(Numeric(5, 2))
    calibration_reason: Mapped[str] = mapped_column(String(400), default="")
    calibrated_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    calibrated_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    # When the person has taken note of the calibration.
    calibration_noted_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    # Hash of the figures, from the person's signature on.
    frozen_hash: Mapped[str] = mapped_column(String(64), default="")
    signed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    released_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    replaces_id: Mapped[int | None] = mapped_column(
        ForeignKey("appraisals_sheet.id"), unique=True)

    cycle: Mapped[Cycle] = relationship()
    appraiser: Mapped[Any] = relationship("User", foreign_keys=[appraiser_id])
    calibrated_by: Mapped[Any] = relationship("User", foreign_keys=[calibrated_by_id])
    post: Mapped[Post | None] = relationship()
    form_version: Mapped[FormVersion] = relationship()
    replaces: Mapped[Sheet | None] = relationship(remote_side="Sheet.id")

    @property
    def is_settled(self) -> bool:
        """Whether its figures are frozen, or it is over."""
        return bool(self.frozen_hash) or self.status in FINISHED


class Signature(Base):
    """A place in the chain of signatures of a sheet: signed, passed over, or still to come."""

    __tablename__ = "appraisals_signature"
    __table_args__ = (UniqueConstraint("sheet_id", "place"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("appraisals_sheet.id"))
    place: Mapped[int] = mapped_column(SmallInteger)
    # "subject", "appraiser" or the code of a post.
    part: Mapped[str] = mapped_column(String(64))
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    # Whom a deputy signed for.
    in_place_of_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    statement: Mapped[str] = mapped_column(String(1000), default="")
    signed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    # When it was passed over by rule, which is no signature.
    passed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    # What was signed, or what stood there when it was passed over.
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    reminded_on: Mapped[dt.date | None] = mapped_column(Date)

    @property
    def is_over(self) -> bool:
        """Whether it is signed, or passed over by rule."""
        return self.signed_at is not None or self.passed_at is not None

    def __str__(self) -> str:
        return f"{self.sheet_id}/{self.place} {self.part}"


class Reader(Base):
    """Somebody who sees a sheet because a signature is theirs."""

    __tablename__ = "appraisals_reader"
    __table_args__ = (
        UniqueConstraint("sheet_id", "user_id"),
        Index("ix_appraisals_reader_user_id", "user_id", "sheet_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("appraisals_sheet.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))

    def __str__(self) -> str:
        return f"{self.sheet_id}/{self.user_id}"


class TaskVersion(Base):
    """A version of the tasks of a sheet's period (任务申报); none is ever changed or removed."""

    __tablename__ = "appraisals_task_version"
    __table_args__ = (UniqueConstraint("sheet_id", "number"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("appraisals_sheet.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    # Title and target of each, see ``rules.tasks``.
    tasks: Mapped[list[dict[str, str]]] = mapped_column(Json)
    reason: Mapped[str] = mapped_column(String(400), default="")
    state: Mapped[str] = mapped_column(String(12))
    declared_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    declared_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    decided_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    answer: Mapped[str] = mapped_column(String(400), default="")

    def __str__(self) -> str:
        return f"{self.sheet_id}/{self.number}"


class Objection(Base):
    """An objection (申诉) of the person to one item, and its answer."""

    __tablename__ = "appraisals_objection"
    __table_args__ = (Index("ix_appraisals_objection_sheet_state", "sheet_id", "state"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("appraisals_sheet.id"))
    item: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    raised_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(12), default=OBJECTED)
    answer: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    decided_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    was_changed: Mapped[bool] = mapped_column(Boolean, default=False)

    def __str__(self) -> str:
        return f"{self.sheet_id}/{self.item}"
