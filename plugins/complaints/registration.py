"""The pages on which a complaint is registered: the caller, earlier complaints, the time."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_appbuilder.baseviews import expose
from markupsafe import Markup
from sqlalchemy import select

from app.sdk.models import Loan, Vehicle
from app.sdk.screens import CallerFormPage, current_person, requires
from app.sdk.services import db
from plugins.complaints.models import Channel, Complaint
from plugins.complaints.services import (
    likely_duplicates,
    owner_of,
    past_complaints,
)
from plugins.complaints.settings import home_department

# What belongs to a customer: a complaint about it is a complaint of theirs.
_OWNED = {"vehicle": Vehicle, "loan": Loan}


def _typed(contact: Any) -> str:
    """Return a contact that somebody has typed; what stands there as a mask finds nobody."""
    return contact if isinstance(contact, str) else ""


class RegistrationFormPage(CallerFormPage):
    """The form of a new complaint, beside what every form of a caller does."""

    def prefill(self) -> dict[str, Any]:
        """Fill in the channel, and the customer whose vehicle or loan it is about."""
        data = super().prefill()
        if request.method == "GET":
            for name, model in _OWNED.items():
                owner = owner_of(db.session, current_person(), model, data.get(name))
                if owner is not None:
                    data.setdefault("customer", owner)
            if "channel" not in data:
                data["channel"] = _phone_channel()
        return data

    def is_seen_by_nobody(self) -> bool:
        """A department that the settings name sees what a person without one registers."""
        return super().is_seen_by_nobody() and home_department(db.session) is None

    def context(self, form: Any, record: Complaint | None) -> dict[str, Any]:
        """Show who calls, with their other complaints, beside the form."""
        return {"caller": self._caller(
            form.customer.data if "customer" in form else None,
            _typed(form.contact.data) if "contact" in form else "",
            None if record is None else record.id,
        )}

    @expose("/earlier")
    @requires("add")
    def earlier(self) -> Markup:
        """Show who calls, and the caller's complaints, while the form is filled in."""
        customer_id = self.screen.datamodel.parse_key(request.args.get("customer", ""))
        contact = request.args.get("contact", "")[:80]
        own = self.screen.datamodel.parse_key(request.args.get("own", ""))
        return self._caller(customer_id, contact, own)

    def _caller(self, customer_id: int | None, contact: str, own: int | None) -> Markup:
        person, asked = current_person(), {"customer_id": customer_id, "contact": contact}
        likely = likely_duplicates(db.session, person, **asked)
        besides = [one.id for one in likely] + ([own] if own is not None else [])
        return Markup(self.screen.render(
            "complaints/earlier.html", found=[one for one in likely if one.id != own],
            past=past_complaints(db.session, person, besides=besides, **asked),
            **self.caller(customer_id, contact),
        ))


def _phone_channel() -> int | None:
    return db.session.scalar(select(Channel.id).where(Channel.code == "phone"))
