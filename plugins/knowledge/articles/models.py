"""Tables of articles and of the lists that they are sorted by."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import Boolean, Date, ForeignKey, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from app.sdk.models import Base, Dictionary, UTCDateTime, WorkflowRecord
from plugins.knowledge.audiences.models import Audience, ForAudience

LONGEST_TITLE = 200


class ArticleKind(Dictionary, Base):
    """What an article is (知识类型): article, phrase, price table …"""

    __tablename__ = "knowledge_kind"
    __dictionary__ = "knowledge.kind"


class ArticleTopic(Dictionary, Base):
    """What an article is about (主题): a kind of phrase, a kind of call, a field of business."""

    __tablename__ = "knowledge_topic"
    __dictionary__ = "knowledge.topic"


class ArticleProduct(Dictionary, Base):
    """The product that an article is about (产品)."""

    __tablename__ = "knowledge_product"
    __dictionary__ = "knowledge.product"


class Article(ForAudience, WorkflowRecord, Base):
    """One version of an article (知识条目); what was published is never changed.

    The versions of an article share ``root_id``, the key of its first version. An audience names
    the roles that may read it; without one every role with the permission may.
    """

    __tablename__ = "knowledge_article"
    __table_args__ = (
        Index("ix_knowledge_article_root_edition", "root_id", "edition"),
        Index("ix_knowledge_article_state_review", "state", "review_on"),
    )
    __record_type__ = "knowledge.article"
    __number_prefix__ = "WZ"
    __title_field__ = "name"
    __search_fields__ = ("title_zh", "title_en", "text_zh", "text_en", "tags")
    __untracked_fields__: ClassVar[tuple[str, ...]] = (
        *WorkflowRecord.__untracked_fields__, "root_id", "name")

    root_id: Mapped[int | None] = mapped_column(ForeignKey("knowledge_article.id"))
    edition: Mapped[int] = mapped_column(SmallInteger, default=1)
    name: Mapped[str] = mapped_column(String(LONGEST_TITLE), default="")
    kind_id: Mapped[int | None] = mapped_column(ForeignKey("knowledge_kind.id"), index=True)
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("knowledge_topic.id"), index=True)
    product_id: Mapped[int | None] = mapped_column(ForeignKey("knowledge_product.id"), index=True)
    title_zh: Mapped[str] = mapped_column(String(LONGEST_TITLE), default="")
    title_en: Mapped[str] = mapped_column(String(LONGEST_TITLE), default="")
    text_zh: Mapped[str] = mapped_column(Text, default="")
    text_en: Mapped[str] = mapped_column(Text, default="")
    tags: Mapped[str] = mapped_column(String(200), default="")
    audience_id: Mapped[int | None] = mapped_column(
        ForeignKey("knowledge_audience.id"), index=True)
    valid_from: Mapped[dt.date | None] = mapped_column(Date)
    valid_until: Mapped[dt.date | None] = mapped_column(Date)
    review_on: Mapped[dt.date | None] = mapped_column(Date)
    reviewed_on: Mapped[dt.date | None] = mapped_column(Date)
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    published_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, index=True)
    machine_written: Mapped[bool] = mapped_column(Boolean, default=False)
    origin: Mapped[str] = mapped_column(String(200), default="")

    kind: Mapped[ArticleKind | None] = relationship()
    topic: Mapped[ArticleTopic | None] = relationship()
    product: Mapped[ArticleProduct | None] = relationship()
    audience: Mapped[Audience | None] = relationship()

    @declared_attr
    @classmethod
    def approver(cls) -> Mapped[Any]:
        """Who has approved it."""
        return relationship("User", foreign_keys=[cls.approver_id])

    def titled(self, language: str) -> str:
        """Return the title in a language, else in the other one."""
        first, second = self.title_zh, self.title_en
        return (first or second) if language == "zh" else (second or first)

    def text_in(self, language: str) -> str:
        """Return the text in a language, else in the other one."""
        first, second = self.text_zh, self.text_en
        return (first or second) if language == "zh" else (second or first)
