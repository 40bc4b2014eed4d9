"""Handovers for demonstrations."""

from __future__ import annotations

import datetime as dt

from plugins.handovers.models import VehicleHandover

from app.sdk.demo import acting_at, places
from app.sdk.models import Customer
from app.sdk.services import SYSTEM, create, find_by_phone, utcnow


def load(context) -> str:
    """Make a handover for each place, yesterday; nothing where there are some."""
    if context.session.query(VehicleHandover).first() is not None:
        return "No handovers."
    with acting_at(utcnow() - dt.timedelta(days=1)):
        for number, place in enumerate(places(context.session), 1):
            phone = f"1390000{number:04d}"
            customer = find_by_phone(context.session, SYSTEM, phone) or create(
                context.session, SYSTEM, Customer, {"name": "李雷", "phone": phone})
            create(context.session, SYSTEM, VehicleHandover, {
                "customer_id": customer.id, "vin": f"LSVAA4182E2{number:06d}",
                "handed_over_on": (utcnow() - dt.timedelta(days=1)).date()}, place=place)
    return "A handover for each group."
