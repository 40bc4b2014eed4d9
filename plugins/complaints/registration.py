"""The pages on which a complaint is registered: the caller, earlier complaints, the time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask import request
from flask_appbuilder.baseviews import expose
from markupsafe import Markup
from sqlalchemy import select

from app.sdk import N_
from app.sdk.models import Customer, Loan, Vehicle
from app.sdk.screens import Refused, column_values, current_person, requires, translated
from app.sdk.services import db, find, find_by_phone, utcnow
from plugins.complaints.models import Channel, Complaint
from plugins.complaints.services import (
    likely_duplicates,
    not_corrected,
    owner_of,
    past_complaints,
    register,
)
from plugins.complaints.settings import home_department

# What belongs to a customer: a complaint about it is a complaint of theirs.
_OWNED = {"vehicle": Vehicle, "loan": Loan}
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
            for name, model in _OWNED.items():
                owner = owner_of(db.session, current_person(), model, data.get(name))
                if owner is not None:
                    data.setdefault("customer", owner)
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
            Refused: the time of receipt is yet to come, or the person may not correct it.
        """
        _refuse_future(values)
        for reason in not_corrected(current_person(), record, values).values():
            raise Refused(reason)
        super().change_record(record, values, version)

    def check_form(self, form: Any, record: Complaint | None) -> None:
        """Say at the field what only those may change who correct receipt and rule book."""
        super().check_form(form, record)
        if record is None:
            return
        sent = {field.name: field.data for field in form}
        for name, reason in not_corrected(current_person(), record, sent).items():
            form[name].errors = [*form[name].errors, translated(reason)]

    def is_seen_by_nobody(self) -> bool:
        """A department that the settings name sees what a person without one registers."""
        return super().is_seen_by_nobody() and home_department(db.session) is None

    def caller_told(self, form: Any) -> Markup:
        """Return who calls, with their complaints, as shown above the form."""
        return self._told(
            form.customer.data if "customer" in form else None,
            form.contact.data or "" if "contact" in form else "",
        )

    @expose("/earlier")
    @requires("add")
    def earlier(self) -> Markup:
        """Show who calls, and the caller's complaints, while the form is filled in."""
        customer_id = self.datamodel.parse_key(request.args.get("customer", ""))
        contact = request.args.get("contact", "")[:80]
        return self._told(customer_id, contact)

    def _told(self, customer_id: int | None, contact: str) -> Markup:
        person, asked = current_person(), {"customer_id": customer_id, "contact": contact}
        found = likely_duplicates(db.session, person, **asked)
        opens = customer_id and person.can("can_show", "core.Customer")
        return Markup(self.render_template(
            "complaints/earlier.html", view=self, found=found,
            is_known=bool(customer_id or contact.strip()),
            past=past_complaints(db.session, person, besides=[one.id for one in found], **asked),
            customer=find(db.session, person, Customer, customer_id) if opens else None,
            caller=None if customer_id else find_by_phone(db.session, person, contact),
        ))


def _refuse_future(values: Mapping[str, Any]) -> None:
    received_at = values.get("received_at")
    if received_at is not None and received_at > utcnow() + _LEEWAY:
        raise Refused(N_("The time of receipt lies in the future."))


def _phone_channel() -> int | None:
    return db.session.scalar(select(Channel.id).where(Channel.code == "phone"))
