"""The table of lines."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import ClassVar

from sqlalchemy import Date, ForeignKey, Integer, Numeric, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.models import Base, Record
from plugins.knowledge.articles.models import Article
from plugins.knowledge.audiences.models import ForAudience


class ArticleLine(ForAudience, Record, Base):
    """A line of a price table, a warranty table or a list of numbers; it follows its article."""

    __tablename__ = "knowledge_line"
    __record_type__ = "knowledge.line"
    __number_prefix__ = "ZSM"
    __title_field__ = "name"
    __search_fields__ = ("name", "name_en", "model", "scope")
    __untracked_fields__: ClassVar[tuple[str, ...]] = (*Record.__untracked_fields__, "audience_id")

    article_id: Mapped[int] = mapped_column(ForeignKey("knowledge_article.id"), index=True)
    audience_id: Mapped[int | None] = mapped_column(
        ForeignKey("knowledge_audience.id"), index=True)
    position: Mapped[int] = mapped_column(SmallInteger, default=0)
    name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    model: Mapped[str] = mapped_column(String(80), default="")
    price: Mapped[decimal.Decimal | None] = mapped_column(Numeric(12, 2))
    months: Mapped[int | None] = mapped_column(SmallInteger)
    kilometres: Mapped[int | None] = mapped_column(Integer)
    scope: Mapped[str] = mapped_column(String(400), default="")
    service_number: Mapped[str] = mapped_column(String(40), default="")
    valid_from: Mapped[dt.date | None] = mapped_column(Date)
    valid_until: Mapped[dt.date | None] = mapped_column(Date)

    article: Mapped[Article] = relationship()

    def named(self, language: str) -> str:
        """Return the name in a language, else in the other one."""
        return self.name_en if language == "en" and self.name_en else self.name
