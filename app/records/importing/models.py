"""Table of column mappings that people saved under a name."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Json, UTCDateTime, utcnow


class ImportMapping(Base):
    """Which column of a file fills which field, saved to be used for the next such file."""

    __tablename__ = "records_import_mapping"
    __table_args__ = (UniqueConstraint("importer", "name"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    importer: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(80))
    columns: Mapped[dict[str, str]] = mapped_column(Json)
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    saved_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
