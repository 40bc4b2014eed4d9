"""The page on which callers are shared out to sales, and why a caller is whose they are."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, url_for
from flask_appbuilder.baseviews import expose
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from app.sdk.screens import Page, current_person, requires
from app.sdk.services import db
from plugins.enquiries.access import ENQUIRY
from plugins.enquiries.enquiries import sharing


class SharePage(Page):
    """Who would get which callers, and why; then it is done."""

    @expose("/callers")
    @requires("list")
    def callers(self) -> str:
        """Show the share-out of the callers who want to buy."""
        person = self._person()
        return self.screen.render(
            "enquiries/callers.html", plan=sharing.plan(db.session, person), ledger=self._ledger())

    @expose("/callers/give", methods=["POST"])
    @requires("list")
    def give_callers(self) -> BaseResponse:
        """Give the callers to those who were chosen."""
        person = self._person()
        planned = sharing.plan(db.session, person)
        number = sharing.give(db.session, person, planned) if planned is not None else 0
        flash(ngettext("%(num)s caller was given.", "%(num)s callers were given.", number),
              "success")
        return redirect(self.screen.url("callers"))

    @staticmethod
    def _person() -> Any:
        person = current_person()
        if not person.can("can_share_callers", ENQUIRY):
            abort(403)
        return person

    @staticmethod
    def _ledger() -> str:
        if not current_person().can("can_list", "core.ShareOuts"):
            return ""
        return url_for("ShareOutView.index", kind=sharing.LEDGER)
