"""The pages on which a complaint is registered: the caller, earlier complaints, the time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask import request
from flask_appbuilder.baseviews import expose
from sqlalchemy import select

from app.sdk import N_
from app.sdk.models import Customer
from app.sdk.screens import Refused, column_values, current_person, requires
from app.sdk.services import db, find_by_phone, utcnow
from plugins.complaints.models import Channel, Complaint
from plugins.complaints.services import likely_duplicates, register
from plugins.complaints.settings import home_department

# Clocks of two machines differ a little.
_LEEWAY = dt.timedelta(minutes=5)


class RegistrationPages:
    """The form of a new complaint, beside what every form does."""

    def _prefilled(self) -> dict[str, Any]:
        """Fill in the channel, and the caller from a link with a phone number (screen pop)."""
        data = super()._prefilled()
        if request.method == "GET":
            phone = request.args.get("contact", "").strip()
            customer = find_by_phone(db.session, current_person(), phone)
            if customer is not None:
                data.setdefault("customer", customer.id)
            if "channel" not in data:
                data["channel"] = _phone_channel()
        return data

    def create_record(self, values: Mapping[str, Any]) -> Complaint:
        """Register through the service, which fills in what the form left open.

        Raises:
            Refused: neither what happened nor what is demanded is told, or it is yet to happen.
        """
        if not any(str(values.get(name) or "").strip() for name in ("reason", "demand")):
            raise Refused(N_("Tell what happened or what the customer demands."))
        _refuse_future(values)
        return register(
            db.session, current_person(),
            {name: value for name, value in column_values(Complaint, values).items()
             if value not in (None, "")},
        )

    def change_record(
        self, record: Complaint, values: Mapping[str, Any], version: int | None
    ) -> None:
        """Change a complaint.

        Raises:
            Refused: the time of receipt is yet to come.
        """
        _refuse_future(values)
        super().change_record(record, values, version)

    def is_seen_by_nobody(self) -> bool:
        """A department that the settings name sees what a person without one registers."""
        return super().is_seen_by_nobody() and home_department(db.session) is None

    def duplicates(self, form: Any) -> list[Complaint]:
        """Return open complaints of the same caller, shown before saving."""
        return likely_duplicates(
            db.session, current_person(),
            customer_id=form.customer.data if "customer" in form else None,
            contact=form.contact.data or "" if "contact" in form else "",
        )

    @expose("/earlier")
    @requires("add")
    def earlier(self) -> str:
        """Show who calls, and the caller's open complaints, while the form is filled in."""
        person = current_person()
        customer_id = request.args.get("customer", type=int)
        contact = request.args.get("contact", "")[:80]
        found = likely_duplicates(db.session, person, customer_id=customer_id, contact=contact)
        caller: Customer | None = None
        if not customer_id:
            caller = find_by_phone(db.session, person, contact)
        return self.render_template(
            "complaints/earlier.html", view=self, found=found, caller=caller
        )


def _refuse_future(values: Mapping[str, Any]) -> None:
    received_at = values.get("received_at")
    if received_at is not None and received_at > utcnow() + _LEEWAY:
        raise Refused(N_("The time of receipt lies in the future."))


def _phone_channel() -> int | None:
    return db.session.scalar(select(Channel.id).where(Channel.code == "phone"))
