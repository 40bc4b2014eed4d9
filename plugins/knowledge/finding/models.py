"""The tables by which articles are found: documents and their words with counts."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import Base, CodeString


class ArticleDocument(Base):
    """A text that leads to an article: its title, its text, or a question that it answered.

    Questions are kept as words with their counts, never as they were typed.
    """

    __tablename__ = "knowledge_document"
    __table_args__ = (
        Index("ix_knowledge_document_root", "root_id", "kind", "digest", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    root_id: Mapped[int] = mapped_column(ForeignKey("knowledge_article.id"))
    kind: Mapped[str] = mapped_column(CodeString(12))
    digest: Mapped[str] = mapped_column(CodeString(64), default="")
    length: Mapped[int] = mapped_column(Integer)
    times: Mapped[int] = mapped_column(Integer, default=1)


class ArticlePosting(Base):
    """How often a word stands in a document."""

    __tablename__ = "knowledge_posting"

    word: Mapped[str] = mapped_column(CodeString(40), primary_key=True)
    document_id: Mapped[int] = mapped_column(
        ForeignKey("knowledge_document.id", ondelete="CASCADE"), primary_key=True, index=True)
    count: Mapped[int] = mapped_column(Integer)
