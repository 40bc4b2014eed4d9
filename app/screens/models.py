"""What a person has set up for themselves on the screens."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.access.sensitive.columns import EncryptedJson
from app.database import Base, CodeString, Json, UTCDateTime, utcnow
from app.records.personal import Personal


class Draft(Base):
    """What a person has typed into a form and not saved yet; encrypted, for it may be anything."""

    __tablename__ = "screens_draft"
    __personal__ = Personal(forgotten=True)

    user_id: Mapped[int] = mapped_column(
        ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    form: Mapped[str] = mapped_column(String(120), primary_key=True)
    values: Mapped[dict[str, Any]] = mapped_column(EncryptedJson)
    updated_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)


class Submission(Base):
    """A form for a new row that has been saved; sent again as it was, it makes no second row."""

    __tablename__ = "screens_submission"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    token: Mapped[str] = mapped_column(CodeString(64), primary_key=True)
    row_id: Mapped[int | None] = mapped_column(Integer)
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow, index=True)


class Preference(Base):
    """One choice of one user: the columns of a list, how dense its rows are."""

    __tablename__ = "screens_preference"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    value: Mapped[dict[str, Any]] = mapped_column(Json)
    updated_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)


class SavedView(Base):
    """A list as somebody wants to see it again: filters, order, columns, density, mode.

    ``shared`` is empty (the owner's alone), ``all`` (everyone who may list) or ``roles`` (holders
    of one of ``roles``). ``default_roles`` begin with it unless a person has chosen another.
    """

    __tablename__ = "screens_saved_view"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    list_name: Mapped[str] = mapped_column(String(120), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(Text)
    columns: Mapped[list[str]] = mapped_column(Json, default=list)
    widths: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    density: Mapped[str] = mapped_column(String(20), default="")
    position: Mapped[int] = mapped_column(Integer, default=0)
    shared: Mapped[str] = mapped_column(String(10), default="")
    roles: Mapped[list[str]] = mapped_column(Json, default=list)
    default_roles: Mapped[list[str]] = mapped_column(Json, default=list)
    updated_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
