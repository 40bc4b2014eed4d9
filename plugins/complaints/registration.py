"""The pages on which a complaint is registered: the caller, earlier complaints, the time."""

from __future__ import annotations

from typing import Any

from flask import flash, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import select

from app.sdk.models import Customer, Loan, Vehicle
from app.sdk.records import create
from app.sdk.screens import FormPage, current_person, requires
from app.sdk.services import db, find, find_by_phone, write
from plugins.complaints.models import Channel, Complaint
from plugins.complaints.services import (
    likely_duplicates,
    owner_of,
    past_complaints,
)
from plugins.complaints.settings import home_department

# What belongs to a customer: a complaint about it is a complaint of theirs.
_OWNED = {"vehicle": Vehicle, "loan": Loan}


class RegistrationFormPage(FormPage):
    """The form of a new complaint, beside what every form does."""

    def prefill(self) -> dict[str, Any]:
        """Fill in the channel, and the caller from a link with a phone number (screen pop)."""
        data = super().prefill()
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

    def create(self, values: dict[str, Any]) -> Any:
        """Make an unknown caller a customer first, where that has been asked for."""
        if not self._is_new_caller(values):
            return super().create(values)
        with write(db.session):
            customer = create(db.session, current_person(), Customer, {
                "name": values["customer_name"], "phone": values["contact"]})
            complaint = super().create({**values, "customer": customer.id})
        flash(gettext("%(name)s is a customer now.", name=customer.name), "success")
        return complaint

    @staticmethod
    def _is_new_caller(values: dict[str, Any]) -> bool:
        return bool(
            "new_customer" in request.form and not values.get("customer")
            and _may_add_customers()
            and values.get("customer_name") and values.get("contact")
            and find_by_phone(db.session, current_person(), str(values["contact"])) is None)

    def is_seen_by_nobody(self) -> bool:
        """A department that the settings name sees what a person without one registers."""
        return super().is_seen_by_nobody() and home_department(db.session) is None

    def context(self, form: Any, record: Complaint | None) -> dict[str, Any]:
        """Show who calls, with their complaints, above the form of a new one."""
        if record is not None:
            return {}
        return {"caller": self._caller(
            form.customer.data if "customer" in form else None,
            form.contact.data or "" if "contact" in form else "",
        )}

    @expose("/earlier")
    @requires("add")
    def earlier(self) -> Markup:
        """Show who calls, and the caller's complaints, while the form is filled in."""
        customer_id = self.screen.datamodel.parse_key(request.args.get("customer", ""))
        contact = request.args.get("contact", "")[:80]
        return self._caller(customer_id, contact)

    def _caller(self, customer_id: int | None, contact: str) -> Markup:
        person, asked = current_person(), {"customer_id": customer_id, "contact": contact}
        found = likely_duplicates(db.session, person, **asked)
        customer = None
        if customer_id and person.can("can_show", "core.Customer"):
            customer = find(db.session, person, Customer, customer_id)
        return Markup(self.screen.render(
            "complaints/earlier.html", found=found,
            is_known=bool(customer_id or contact.strip()),
            past=past_complaints(db.session, person, besides=[one.id for one in found], **asked),
            customer=customer,
            caller=None if customer_id else find_by_phone(db.session, person, contact),
            may_add=bool(contact.strip()) and not customer_id and _may_add_customers(),
            is_added="new_customer" in request.form or request.method == "GET",
        ))


def _may_add_customers() -> bool:
    return current_person().can("can_add", "core.Customer")


def _phone_channel() -> int | None:
    return db.session.scalar(select(Channel.id).where(Channel.code == "phone"))
