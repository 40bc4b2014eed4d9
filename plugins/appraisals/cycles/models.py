"""Tables of cycles and of forms by post."""

from __future__ import annotations

import datetime as dt
import decimal

from sqlalchemy import Boolean, Date, ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.forms import FormDraft
from app.sdk.models import Base, Json, Post, SharedRecord
from plugins.appraisals.choices import PLANNED
from plugins.appraisals.rules.periods import MONTH


class PostForm(SharedRecord, Base):
    """The form and the bonus quota of a post in a kind of cycle."""

    __tablename__ = "appraisals_post_form"
    __table_args__ = (Index("ix_appraisals_post_form_post_kind", "post_id", "kind"),)
    __record_type__ = "appraisals.post_form"
    __number_prefix__ = "KB"

    post_id: Mapped[int] = mapped_column(ForeignKey("people_post.id"))
    kind: Mapped[str] = mapped_column(String(12), default=MONTH)
    form_id: Mapped[int] = mapped_column(ForeignKey("forms_form.id"))
    quota: Mapped[decimal.Decimal] = mapped_column(Numeric(12, 2), default=decimal.Decimal(0))
    active: Mapped[bool] = mapped_column(Boolean, default=True)

    post: Mapped[Post] = relationship()
    form: Mapped[FormDraft] = relationship()


class Cycle(SharedRecord, Base):
    """A period for which people are appraised (考核周期)."""

    __tablename__ = "appraisals_cycle"
    __table_args__ = (
        Index("ix_appraisals_cycle_kind_starts", "kind", "starts_on"),
        Index("ix_appraisals_cycle_status", "status", "id"),
    )
    __record_type__ = "appraisals.cycle"
    __number_prefix__ = "KQ"
    __title_field__ = "title"
    __search_fields__ = ("title",)

    title: Mapped[str] = mapped_column(String(160), default="")
    kind: Mapped[str] = mapped_column(String(12), default=MONTH)
    starts_on: Mapped[dt.date] = mapped_column(Date)
    # The day after the last one: a month ends on the next 1st. Regular kinds say it themselves.
    ends_on: Mapped[dt.date] = mapped_column(Date, info={"required": False})
    status: Mapped[str] = mapped_column(String(12), default=PLANNED)
    note: Mapped[str] = mapped_column(Text, default="")
    # Tasks of the month for everybody, one on each line; each sheet begins with them.
    tasks: Mapped[str] = mapped_column(Text, default="")
    # By key of the form the weights of this period, where they are not those of the form.
    weights: Mapped[dict[str, dict[str, str]]] = mapped_column(Json, default=dict)
