"""Table of merged customers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.access.sensitive.columns import EncryptedJson
from app.customers.models import Customer
from app.database import Base, Json, UTCDateTime, utcnow
from app.records.personal import Personal


class CustomerMerge(Base):
    """Two customers that were made one (合并): who went into whom, and what it takes to part them.

    The merged customer lies in the recycle bin; its address leads to the survivor.
    """

    __tablename__ = "customers_merge"
    __personal__ = Personal(emptied=("before",), swept=("reason",), kept=("change_set", "moved"))

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    merged_id: Mapped[int] = mapped_column(ForeignKey("customers_customer.id"), index=True)
    survivor_id: Mapped[int] = mapped_column(ForeignKey("customers_customer.id"), index=True)
    change_set: Mapped[str] = mapped_column(String(36))
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    reason: Mapped[str] = mapped_column(String(400))
    # Names of tables and columns with the keys of the rows that were moved.
    moved: Mapped[list[Any]] = mapped_column(Json, default=list)
    # Values of the survivor before, by column.
    before: Mapped[Any] = mapped_column(EncryptedJson)
    # Versions right after the merge: as long as they stand, nothing has followed.
    merged_version: Mapped[int] = mapped_column(Integer)
    survivor_version: Mapped[int] = mapped_column(Integer)
    undone_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    merged: Mapped[Customer] = relationship(foreign_keys=[merged_id])
    survivor: Mapped[Customer] = relationship(foreign_keys=[survivor_id])
    by: Mapped[User | None] = relationship()

    def __str__(self) -> str:
        return f"{self.merged_id} → {self.survivor_id}"
