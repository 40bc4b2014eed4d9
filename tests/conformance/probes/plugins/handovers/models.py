"""Tables of vehicle handovers."""

from __future__ import annotations

import datetime as dt
import decimal

from sqlalchemy import Boolean, Date, ForeignKey, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.models import Base, Customer, Vehicle, WorkflowRecord


class VehicleHandover(WorkflowRecord, Base):
    """Vehicle handover (交车单)."""

    __tablename__ = "handovers_vehicle_handover"
    __record_type__ = "handovers.vehicle_handover"
    __number_prefix__ = "JC"
    __title_field__ = "plate"
    __search_fields__ = ("plate", "vin", "remarks")

    plate: Mapped[str] = mapped_column(String(200), default="")
    vin: Mapped[str] = mapped_column(String(200))
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customers_customer.id"), index=True
    )
    vehicle_id: Mapped[int | None] = mapped_column(
        ForeignKey("customers_vehicle.id"), index=True
    )
    handed_over_on: Mapped[dt.date] = mapped_column(Date, index=True)
    place: Mapped[str] = mapped_column(String(40), default="", index=True)
    price: Mapped[decimal.Decimal | None] = mapped_column(Numeric(14, 2))
    insured: Mapped[bool] = mapped_column(Boolean, default=False)
    salesperson_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), index=True)
    remarks: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[str] = mapped_column(Text, default="")

    customer: Mapped[Customer] = relationship(foreign_keys=[customer_id])
    vehicle: Mapped[Vehicle | None] = relationship(foreign_keys=[vehicle_id])
    salesperson = relationship("User", foreign_keys=[salesperson_id])
