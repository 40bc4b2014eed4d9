"""The table of uses."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import Base, CodeString, UTCDateTime, utcnow


class ArticleUse(Base):
    """What was done with an article once; it says nothing about who did it, or for whom.

    ``use`` is ``opened``, ``inserted``, ``answered``, or ``missed``: it was suggested, and the
    person said that nothing helped. An answer may name the record that it answered.
    """

    __tablename__ = "knowledge_use"
    __table_args__ = (
        Index("ix_knowledge_use_root", "root_id", "use", "at"),
        Index("ix_knowledge_use_record", "record_type", "record_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    root_id: Mapped[int] = mapped_column(ForeignKey("knowledge_article.id"))
    article_id: Mapped[int] = mapped_column(ForeignKey("knowledge_article.id"), index=True)
    use: Mapped[str] = mapped_column(CodeString(12))
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow, index=True)
    record_type: Mapped[str] = mapped_column(CodeString(80), default="")
    record_id: Mapped[int | None] = mapped_column()
