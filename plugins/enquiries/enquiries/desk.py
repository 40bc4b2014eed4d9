"""The desk: one page on which a call becomes what it is, with who calls beside it."""

from __future__ import annotations

from typing import Any

from flask import flash, request, session
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import or_, select

from app.sdk.abilities import has_ability
from app.sdk.errors import CarelineError
from app.sdk.screens import CallerFormPage, current_person, phrases, requires
from app.sdk.services import db, is_present, scope_filter, write
from plugins.enquiries.choices import ANY_CALL, COMPLAINT, OCCASIONS
from plugins.enquiries.enquiries.models import Enquiry, EnquiryChannel
from plugins.enquiries.enquiries.operations import enquiry_operations
from plugins.enquiries.enquiries.passing import COMPLAIN

SHOWN = 6


class DeskPage(CallerFormPage):
    """The form of a call; saving it makes what the kind of the call says."""

    contact_column = "phone"

    def prefill(self) -> dict[str, Any]:
        """Begin with a call by telephone."""
        data = super().prefill()
        if request.method == "GET" and "channel" not in data:
            data["channel"] = db.session.scalar(
                select(EnquiryChannel.id).where(EnquiryChannel.code == "phone"))
        return data

    def create(self, values: dict[str, Any]) -> Any:
        """Write the call down and make of it what it is: both, or neither where a rule refuses."""
        try:
            with write(db.session):
                enquiry = super().create(values)
                is_passed_on = enquiry_operations().pass_on(
                    db.session, current_person(), enquiry)
        except CarelineError:
            # What the form has said of a new customer is not so.
            session.pop("_flashes", None)
            raise
        if is_passed_on:
            flash(gettext("%(number)s has been opened.", number=enquiry.became), "success")
        return enquiry

    def context(self, form: Any, record: Enquiry | None) -> dict[str, Any]:
        """Show who calls beside the form of a new call; offer only kinds that lead somewhere."""
        if record is not None:
            return {}
        if "kind" in form and not has_ability(COMPLAIN, current_person()):
            form.kind.choices = [one for one in form.kind.choices if one[0] != COMPLAINT]
        return {
            "phrases": self._phrases(str(form.kind.data or "") if "kind" in form else ""),
            "caller": self._caller(
                form.customer.data if "customer" in form else None,
                str(form.phone.data or "") if "phone" in form else ""),
        }

    @expose("/earlier")
    @requires("add")
    def earlier(self) -> Markup:
        """Show who calls, and what they asked before, while the form is filled in."""
        key = self.screen.datamodel.parse_key(request.args.get("customer", ""))
        return self._caller(key, request.args.get("phone", "")[:80])

    @expose("/phrases")
    @requires("add")
    def phrases(self) -> Markup:
        """Show what is said at the beginning and the end of a kind of call."""
        return self._phrases(request.args.get("kind", ""))

    def _phrases(self, kind: str) -> Markup:
        said = phrases(db.session, current_person(), OCCASIONS.get(kind, ANY_CALL))
        if not said:
            return Markup()
        return Markup(self.screen.render("enquiries/phrases.html", phrases=said))

    def _caller(self, customer_id: int | None, phone: str) -> Markup:
        return Markup(self.screen.render(
            "enquiries/caller.html", earlier=_earlier(customer_id, phone),
            **self.caller(customer_id, phone)))


def _earlier(customer_id: int | None, phone: str) -> list[Enquiry]:
    """Return what a caller asked before, open ones first, the newest first."""
    same = []
    if customer_id:
        same.append(Enquiry.customer_id == customer_id)
    if phone.strip():
        same.append(Enquiry.phone == phone)
    if not same:
        return []
    return list(db.session.scalars(
        select(Enquiry)
        .where(or_(*same), is_present(Enquiry),
               scope_filter(current_person(), Enquiry, indexed=False))
        .order_by(Enquiry.is_open.desc(), Enquiry.received_at.desc(), Enquiry.id.desc())
        .limit(SHOWN)))
