"""The table of calls of the telephone system."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from sqlalchemy import Boolean, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import Base, CodeString, Personal, Record, Sensitive, UTCDateTime


class Call(Record, Base):
    """A call that came in (来电), as the telephone system wrote it down; its owner took it."""

    __tablename__ = "enquiries_call"
    __table_args__ = (Index("ix_enquiries_call_called_at", "called_at", "id"),)
    __record_type__ = "enquiries.call"
    __number_prefix__ = "LD"
    __search_fields__: ClassVar[tuple[str, ...]] = ("line",)
    __personal__ = Personal(emptied=("phone",), kept=("line", "external_id"))
    # A thousand rows of a file: nobody is told of each.
    __notifies_owner__: ClassVar[bool] = False
    __notifies_changes__: ClassVar[bool] = False

    called_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    phone: Mapped[str] = mapped_column(Sensitive("phone", 40), default="")
    line: Mapped[str] = mapped_column(String(40), default="")
    rings: Mapped[int] = mapped_column(SmallInteger, default=0)
    answered: Mapped[bool] = mapped_column(Boolean, default=False)
    # Number of the call in the telephone system: a file that is read again changes nothing.
    external_id: Mapped[str | None] = mapped_column(CodeString(60), unique=True)
