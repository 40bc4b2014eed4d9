"""Table of the rules of the year's result: each is a version, from a year on."""

from __future__ import annotations

from sqlalchemy import SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import Base, SharedRecord


class YearRule(SharedRecord, Base):
    """How the year's result follows from its months, from a year on until the next rule."""

    __tablename__ = "appraisals_year_rule"
    __record_type__ = "appraisals.year_rule"
    __number_prefix__ = "KN"

    from_year: Mapped[int] = mapped_column(SmallInteger)
    least_months: Mapped[int] = mapped_column(SmallInteger, default=1)
    note: Mapped[str] = mapped_column(Text, default="")
