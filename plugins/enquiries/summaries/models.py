"""The table of weekly summaries."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import Date
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import Base, CodeString, Json, Record, UTCDateTime


class Summary(Record, Base):
    """What was asked in a week (每周问题汇总), frozen at its end; every reader sees all of them."""

    __tablename__ = "enquiries_summary"
    __record_type__ = "enquiries.summary"
    __number_prefix__ = "ZH"
    __title_field__ = "week"
    __scope_people__: ClassVar[tuple[str, ...]] = ()
    __scope_teams__: ClassVar[tuple[str, ...]] = ()
    __scope_departments__: ClassVar[tuple[str, ...]] = ()

    # ISO year and week, e.g. "2026-W48".
    week: Mapped[str] = mapped_column(CodeString(8), unique=True)
    first_day: Mapped[dt.date] = mapped_column(Date)
    last_day: Mapped[dt.date] = mapped_column(Date)
    made_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    received: Mapped[int] = mapped_column(default=0)
    answered_at_once: Mapped[int] = mapped_column(default=0)
    promised: Mapped[int] = mapped_column(default=0)
    promised_kept: Mapped[int] = mapped_column(default=0)
    unanswered: Mapped[int] = mapped_column(default=0)
    rated: Mapped[int] = mapped_column(default=0)
    satisfied: Mapped[int] = mapped_column(default=0)
    # Counts by kind, category and channel, and the frequent questions; see ``counting.Figures``.
    figures: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
