"""The page on which a supervisor shares out callbacks, and why a callback is whose it is."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, url_for
from flask_appbuilder.baseviews import expose
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from app.sdk.screens import (
    Page,
    RecordPage,
    current_person,
    offer_undo,
    requires,
    undo_offered,
)
from app.sdk.services import db
from plugins.callbacks import sharing
from plugins.callbacks.call_context import why_owned
from plugins.callbacks.models import Task
from plugins.callbacks.workflow import VIEW


class SharePage(Page):
    """Who would get which callbacks, and why; then it is done."""

    @expose("/share-out")
    @requires("edit")
    def share_out(self) -> str:
        """Show the share-out of today."""
        person = current_person()
        if not person.can("can_reassign", VIEW):
            abort(403)
        return self.screen.render(
            "callbacks/share_out.html", groups=sharing.plan(db.session, person),
            ledger=url_for("ShareOutView.index", kind=Task.__record_type__)
            if person.can("can_list", "core.ShareOuts") else "",
            undo=undo_offered(self.screen), here=self.screen.url("share_out"))

    @expose("/share-out/do", methods=["POST"])
    @requires("edit")
    def share_out_now(self) -> BaseResponse:
        """Give the callbacks of today to those who were chosen."""
        person = current_person()
        if not person.can("can_reassign", VIEW):
            abort(403)
        given = sharing.give(db.session, person, sharing.plan(db.session, person))
        offer_undo(self.screen, given.change_set, ngettext(
            "%(num)s callback was given.", "%(num)s callbacks were given.", given.number))
        return redirect(self.screen.url("share_out"))


class TaskPage(RecordPage):
    """The page of a callback; it says why its owner has it."""

    def context(self, record: Any) -> dict[str, Any]:
        """Return the reason of the share-out."""
        return {"why_owned": why_owned(record)}
