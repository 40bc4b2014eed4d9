"""Tables of loan products and the documents that each asks for."""

from __future__ import annotations

import datetime as dt
import decimal

from sqlalchemy import (
    Boolean,
    Date,
    ForeignKey,
    Index,
    Numeric,
    SmallInteger,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.models import Base, CodeString, Dictionary, Post, SharedRecord
from plugins.loans.choices import EMPLOYMENTS
from plugins.loans.products.rules import Terms, read_months


class LoanDocumentKind(Dictionary, Base):
    """What customers hand in (申请材料): identity, proof of income, credit record …"""

    __tablename__ = "loans_document_kind"
    __dictionary__ = "loans.document_kind"


class LoanProduct(SharedRecord, Base):
    """A loan product (贷款产品)."""

    __tablename__ = "loans_product"
    __record_type__ = "loans.product"
    __number_prefix__ = "CP"
    __search_fields__ = ("name", "name_zh", "code")

    code: Mapped[str] = mapped_column(CodeString(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    name_zh: Mapped[str] = mapped_column(String(120), default="")
    # Percent per year.
    rate: Mapped[decimal.Decimal] = mapped_column(Numeric(6, 3))
    # Months between commas.
    terms: Mapped[str] = mapped_column(String(120))
    amount_from: Mapped[decimal.Decimal] = mapped_column(Numeric(14, 2))
    amount_to: Mapped[decimal.Decimal] = mapped_column(Numeric(14, 2))
    # Least share of the price of the vehicle, in percent.
    down_payment_share: Mapped[decimal.Decimal] = mapped_column(Numeric(5, 2))
    valid_from: Mapped[dt.date | None] = mapped_column(Date)
    valid_until: Mapped[dt.date | None] = mapped_column(Date)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    # Whose approval an application needs, in order; the second one from an amount on.
    first_post_id: Mapped[int] = mapped_column(ForeignKey("people_post.id"))
    second_post_id: Mapped[int | None] = mapped_column(ForeignKey("people_post.id"))
    second_from: Mapped[decimal.Decimal | None] = mapped_column(Numeric(14, 2))
    # What the customer is told to do after an approval.
    next_steps: Mapped[str] = mapped_column(Text, default="")
    next_steps_zh: Mapped[str] = mapped_column(Text, default="")

    first_post: Mapped[Post] = relationship(foreign_keys=[first_post_id])
    second_post: Mapped[Post | None] = relationship(foreign_keys=[second_post_id])

    def titled(self, language: str) -> str:
        """Return the name in a language, ``zh`` or ``en``."""
        return self.name_zh if language == "zh" and self.name_zh else self.name

    def next_steps_in(self, language: str) -> str:
        """Return the next steps in a language, ``zh`` or ``en``."""
        return self.next_steps_zh if language == "zh" and self.next_steps_zh else self.next_steps

    @property
    def lends(self) -> Terms:
        """What it lends, for the rules."""
        return Terms(read_months(self.terms), self.amount_from, self.amount_to,
                     self.down_payment_share, self.valid_from, self.valid_until)


class Requirement(SharedRecord, Base):
    """A document that a product asks for (材料要求)."""

    __tablename__ = "loans_requirement"
    __table_args__ = (
        Index("ix_loans_requirement_product", "product_id", "kind_id", "condition"),
    )
    __record_type__ = "loans.requirement"
    __number_prefix__ = "CQ"

    product_id: Mapped[int] = mapped_column(ForeignKey("loans_product.id"))
    kind_id: Mapped[int] = mapped_column(ForeignKey("loans_document_kind.id"), index=True)
    required: Mapped[bool] = mapped_column(Boolean, default=True)
    # How long it is valid from the day of issue, in days; empty for as long as it says itself.
    valid_days: Mapped[int | None] = mapped_column(SmallInteger)
    # Only from customers of this livelihood; empty for all.
    condition: Mapped[str] = mapped_column(
        String(16), default="", info={"choices": EMPLOYMENTS})

    product: Mapped[LoanProduct] = relationship()
    kind: Mapped[LoanDocumentKind] = relationship()
