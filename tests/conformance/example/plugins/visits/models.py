"""Tables of showroom visits."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.models import Base, CodeString, Dictionary, Personal, Sensitive, WorkflowRecord


class Purpose(Dictionary, Base):
    """Why people come (来访目的); a list of values that an admin edits."""

    __tablename__ = "visits_purpose"
    __dictionary__ = "visits.purpose"


class Visit(WorkflowRecord, Base):
    """A visit to the showroom (到访)."""

    __tablename__ = "visits_visit"
    __record_type__ = "visits.visit"
    __number_prefix__ = "DF"
    __title_field__ = "visitor"
    __search_fields__ = ("visitor", "result")
    __personal__ = Personal(names=("visitor",), emptied=("phone",), swept=("result",))

    visitor: Mapped[str] = mapped_column(String(80))
    phone: Mapped[str] = mapped_column(Sensitive("phone", 40), default="", index=True)
    customer_id: Mapped[int | None] = mapped_column(
        ForeignKey("customers_customer.id"), index=True
    )
    purpose_id: Mapped[int | None] = mapped_column(ForeignKey("visits_purpose.id"), index=True)
    result: Mapped[str] = mapped_column(String(400), default="")

    purpose: Mapped[Purpose | None] = relationship()


class Note(Base):
    """What an event left behind; the event's id keeps a second delivery from counting twice."""

    __tablename__ = "visits_note"

    event_id: Mapped[str] = mapped_column(CodeString(40), primary_key=True)
    text: Mapped[str] = mapped_column(String(200))
