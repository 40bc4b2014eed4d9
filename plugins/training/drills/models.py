"""The table of drills."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import Date, Float, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.models import Base, Json, Record, UTCDateTime
from plugins.training.sessions.models import Session


class Drill(Record, Base):
    """One person practises a talk (话术演练) or a situation (模拟演练) before an observer.

    The owner is the learner. The checklist is a version of a published form: what the observer
    has answered stays readable however the form changes.
    """

    __tablename__ = "training_drill"
    __record_type__ = "training.drill"
    __number_prefix__ = "YL"
    __title_field__ = "subject"
    __search_fields__ = ("subject", "remark")
    __scope_people__: ClassVar[tuple[str, ...]] = ("owner_id", "observer_id")
    # The page shows them as a form, and nobody changes them any more.
    __untracked_fields__: ClassVar[tuple[str, ...]] = (
        *Record.__untracked_fields__, "answers", "checklist_id")

    subject: Mapped[str] = mapped_column(String(160))
    method: Mapped[str] = mapped_column(String(12), default="script", index=True)
    observer_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), index=True)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("training_session.id"), index=True)
    held_on: Mapped[dt.date] = mapped_column(Date, index=True)
    checklist_id: Mapped[int | None] = mapped_column(ForeignKey("forms_version.id"))
    answers: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    points: Mapped[float | None] = mapped_column(Float)
    observed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, index=True)
    remark: Mapped[str] = mapped_column(Text, default="")

    observer: Mapped[Any] = relationship("User", foreign_keys=[observer_id])
    session: Mapped[Session | None] = relationship()
