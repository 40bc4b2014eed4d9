"""Events of a customer from which callbacks start."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.customers.models import Customer, Vehicle
from app.database import Base, UTCDateTime
from app.i18n import N_
from app.records.mixin import SharedRecord
from app.records.personal import Personal

SALES_CONTACT, LOST, DELIVERED, WORKSHOP_VISIT = (
    "sales_contact", "lost", "delivered", "workshop_visit")
EVENT_KINDS = (
    (SALES_CONTACT, N_("Sales contact")), (LOST, N_("Lost customer")),
    (DELIVERED, N_("Delivery")), (WORKSHOP_VISIT, N_("Workshop visit")),
)


class CustomerEvent(SharedRecord, Base):
    """A sales contact (售前), lost customer (战败), delivery (交车) or workshop visit (进厂)."""

    __tablename__ = "customers_event"
    __table_args__ = (Index("ix_customers_event_kind_happened_at", "kind", "happened_at"),)
    __record_type__ = "customers.event"
    __number_prefix__ = "KS"
    __search_fields__ = ("detail",)
    __personal__ = Personal(swept=("detail",))

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers_customer.id"), index=True)
    vehicle_id: Mapped[int | None] = mapped_column(ForeignKey("customers_vehicle.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20), info={"choices": EVENT_KINDS})
    happened_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    detail: Mapped[str] = mapped_column(String(400), default="")

    customer: Mapped[Customer] = relationship()
    vehicle: Mapped[Vehicle | None] = relationship()
