"""The form of what somebody calls about: the caller found by number, or made a customer with it."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, request
from flask_babel import gettext

from app.customers.models import Customer
from app.customers.services import find_by_phone
from app.database import db, write
from app.records.services import create, find
from app.screens.forms.page import FormPage
from app.web.request import actor

NEW_CUSTOMER = "new_customer"
"""Name of the box that asks for an unknown caller to be made a customer."""


class CallerFormPage(FormPage):
    """A form with a customer, and with name and number of who calls.

    Class attributes:
        name_column: text column with the name of the caller.
        contact_column: sensitive column with the number of the caller.
    """

    name_column: ClassVar[str] = "customer_name"
    contact_column: ClassVar[str] = "contact"

    def prefill(self) -> dict[str, Any]:
        """Choose the customer by the number in the address (screen pop)."""
        data = super().prefill()
        if request.method == "GET":
            number = request.args.get(self.contact_column, "").strip()
            customer = find_by_phone(db.session, actor(), number)
            if customer is not None:
                data.setdefault("customer", customer.id)
        return data

    def create(self, values: dict[str, Any]) -> Any:
        """Make an unknown caller a customer first, where that has been asked for."""
        if not self._is_new_caller(values):
            return super().create(values)
        with write(db.session):
            customer = create(db.session, actor(), Customer, {
                "name": values[self.name_column], "phone": values[self.contact_column]})
            record = super().create({**values, "customer": customer.id})
        flash(gettext("%(name)s is a customer now.", name=customer.name), "success")
        return record

    def _is_new_caller(self, values: dict[str, Any]) -> bool:
        number = str(values.get(self.contact_column) or "")
        return bool(
            NEW_CUSTOMER in request.form and not values.get("customer") and may_add_customers()
            and values.get(self.name_column) and number
            and find_by_phone(db.session, actor(), number) is None)

    def caller(self, customer_id: int | None, contact: str) -> dict[str, Any]:
        """Return what ``screens/forms/_caller.html`` shows of who calls.

        Args:
            customer_id: the chosen customer.
            contact: the number given.
        """
        person, customer = actor(), None
        if customer_id and person.can("can_show", "core.Customer"):
            customer = find(db.session, person, Customer, customer_id)
        return {
            "is_known": bool(customer_id or contact.strip()), "customer": customer,
            "caller": None if customer_id else find_by_phone(db.session, person, contact),
            "may_add": bool(contact.strip()) and not customer_id and may_add_customers(),
            "is_added": NEW_CUSTOMER in request.form or request.method == "GET",
        }


def may_add_customers() -> bool:
    """Return whether the person at the page may make somebody a customer."""
    return actor().can("can_add", "core.Customer")
