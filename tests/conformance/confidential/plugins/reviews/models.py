"""A confidential kind of record with readers in a table, and an ordinary one that refers to it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.models import Base, Customer, Record, ScopeTable


class Review(Record, Base):
    """What nobody reads but its people and the role of human resources."""

    __tablename__ = "reviews_review"
    __record_type__ = "reviews.review"
    __number_prefix__ = "PY"
    __title_field__ = "subject"
    __search_fields__ = ("subject",)
    __confidential__ = True
    __scope_tables__ = (ScopeTable("reviews_reader", "review_id", "user_id"),)

    subject: Mapped[str] = mapped_column(String(80))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers_customer.id"), index=True)

    customer: Mapped[Customer | None] = relationship()


class Reader(Base):
    """A person who may read a review."""

    __tablename__ = "reviews_reader"

    review_id: Mapped[int] = mapped_column(ForeignKey("reviews_review.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), primary_key=True, index=True)


class Letter(Record, Base):
    """An ordinary record that refers to a review."""

    __tablename__ = "reviews_letter"
    __record_type__ = "reviews.letter"
    __number_prefix__ = "HX"
    __title_field__ = "subject"
    __search_fields__ = ("subject",)

    subject: Mapped[str] = mapped_column(String(80))
    review_id: Mapped[int | None] = mapped_column(ForeignKey("reviews_review.id"), index=True)

    review: Mapped[Any] = relationship("Review")
