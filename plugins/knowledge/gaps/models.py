"""The table of gaps."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.models import Base, CodeString, Record, UTCDateTime, utcnow
from plugins.knowledge.articles.models import Article
from plugins.knowledge.choices import GAP_OPEN


class Gap(Record, Base):
    """A question to which nobody found an answer (知识缺口); the same one is counted up."""

    __tablename__ = "knowledge_gap"
    __record_type__ = "knowledge.gap"
    __number_prefix__ = "QK"
    __title_field__ = "question"
    __search_fields__ = ("question",)
    __untracked_fields__: ClassVar[tuple[str, ...]] = (
        *Record.__untracked_fields__, "times", "last_at", "digest", "article_id")
    __notifies_changes__ = False
    __scope_people__: ClassVar[tuple[str, ...]] = ()
    __scope_teams__: ClassVar[tuple[str, ...]] = ()
    __scope_departments__: ClassVar[tuple[str, ...]] = ()

    question: Mapped[str] = mapped_column(String(300))
    digest: Mapped[str] = mapped_column(CodeString(64), unique=True)
    asked_on: Mapped[str] = mapped_column(CodeString(80), default="")
    times: Mapped[int] = mapped_column(Integer, default=1, index=True)
    last_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow, index=True)
    status: Mapped[str] = mapped_column(CodeString(12), default=GAP_OPEN, index=True)
    article_id: Mapped[int | None] = mapped_column(ForeignKey("knowledge_article.id"), index=True)

    article: Mapped[Article | None] = relationship()
