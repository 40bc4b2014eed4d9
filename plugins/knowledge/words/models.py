"""The table of forbidden words."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import Boolean, String
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import Base, CodeString, Record


class ForbiddenWord(Record, Base):
    """A word that is not said to customers (服务忌语), and what is said instead."""

    __tablename__ = "knowledge_forbidden_word"
    __record_type__ = "knowledge.forbidden_word"
    __number_prefix__ = "JY"
    __title_field__ = "word"
    __search_fields__ = ("word", "instead", "reason")
    __scope_people__: ClassVar[tuple[str, ...]] = ()
    __scope_teams__: ClassVar[tuple[str, ...]] = ()
    __scope_departments__: ClassVar[tuple[str, ...]] = ()

    word: Mapped[str] = mapped_column(String(80), unique=True)
    language: Mapped[str] = mapped_column(CodeString(2), default="zh", index=True)
    instead: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
    active: Mapped[bool] = mapped_column(Boolean, default=True)
