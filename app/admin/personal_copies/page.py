"""The dialog that asks for a copy of all that is held of a customer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, request, url_for
from flask_appbuilder.baseviews import expose
from werkzeug.wrappers import Response

from app.customers.models import Customer
from app.customers.privacy.copying import (
    LANGUAGES,
    LONGEST_REASON,
    PERMISSION,
    ask_for_copy,
    copied_customer,
)
from app.customers.privacy.requests import MAY_ASK, erasable_among
from app.errors import Rejected
from app.forms.build import translate
from app.screens.declaration import ScreenDeclaration
from app.screens.records.recycle_bin import RecycleBinPage
from app.screens.screen import Page, Screen
from app.sdk.screens import current_person, is_partial, page_language, requires
from app.sdk.services import db
from app.web.language import LANGUAGES as LANGUAGE_NAMES
from app.web.request import go_to

_UNPROCESSABLE = 422


class PersonalCopyPage(Page):
    """Who asked for a copy, and in which language it is made."""

    @classmethod
    def further_permissions(
        cls, screen: Screen, declaration: ScreenDeclaration
    ) -> Sequence[str]:
        """Return the right to make copies."""
        return (PERMISSION,)

    @expose("/copy/<pk>", methods=["GET", "POST"])
    @requires("show")
    def copy(self, pk: str) -> Response | tuple[str, int] | str:
        """Ask for reason and language, then let a job make the copy."""
        key = self.screen.datamodel.parse_key(pk)
        customer = None if key is None else copied_customer(db.session, current_person(), key)
        if customer is None:
            abort(404)
        if request.method == "GET":
            return self._dialog(customer)
        try:
            job = ask_for_copy(
                db.session, current_person(), customer, request.form.get("reason", ""),
                request.form.get("language", ""))
        except Rejected as error:
            return self._dialog(customer, translate(error.message)), _UNPROCESSABLE
        return go_to(url_for("JobsView.show", job_id=job.id))

    def _dialog(self, customer: Customer, problem: str = "") -> str:
        return self.screen.render(
            "admin/personal_copy.html", record=customer, problem=problem,
            reason=request.form.get("reason", ""), longest=LONGEST_REASON,
            languages=[(code, LANGUAGE_NAMES[code]) for code in LANGUAGES],
            language=request.form.get("language") or page_language(), partial=is_partial())


class CustomerBinPage(RecycleBinPage):
    """The recycle bin of customers: who lies there has a right to a copy and to erasure as well."""

    bin_template = "admin/customer_bin.html"

    def context(self, keys: Sequence[int]) -> dict[str, Any]:
        """Return whose erasure may be asked for."""
        asks = current_person().can(*MAY_ASK)
        return {"erasable": erasable_among(db.session, keys) if asks else frozenset()}
