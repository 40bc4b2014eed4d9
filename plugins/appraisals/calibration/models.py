"""Table of calibrations: each is one change set."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import Base, Json, UTCDateTime


class Calibration(Base):
    """Final scores of a cycle that were adjusted together; none is ever changed or removed."""

    __tablename__ = "appraisals_calibration"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("appraisals_cycle.id"), index=True)
    # Of each sheet: key, points and reason after, and the columns that it had before.
    lines: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    made_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    undone_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    def __str__(self) -> str:
        return f"{self.cycle_id}/{self.id}"
