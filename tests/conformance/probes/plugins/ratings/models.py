"""The table of ratings."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import Float, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.models import Base, Customer, Json, Record, UTCDateTime


class Rating(Record, Base):
    """What a customer said of the service, or what an inspector saw of a showroom.

    The version of the form is kept: an answer stays readable however the form changes.
    """

    __tablename__ = "ratings_rating"
    __record_type__ = "ratings.rating"
    __number_prefix__ = "PJ"
    __title_field__ = "subject"
    __untracked_fields__: ClassVar[tuple[str, ...]] = (
        *Record.__untracked_fields__, "answers", "version_id")

    subject: Mapped[str] = mapped_column(String(160))
    kind: Mapped[str] = mapped_column(String(12), default="survey")
    customer_id: Mapped[int | None] = mapped_column(
        ForeignKey("customers_customer.id"), index=True)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("forms_version.id"))
    answers: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    points: Mapped[float | None] = mapped_column(Float)
    answered_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    customer: Mapped[Customer | None] = relationship()
