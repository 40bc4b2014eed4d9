"""What bulk work says it did, and one click that takes it back."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, request, session
from flask_appbuilder.baseviews import expose
from flask_babel import gettext, ngettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from app.access.models import AuditEntry
from app.database import db
from app.records.bulk import RecordResult, Run
from app.records.undo import acts_in, undo
from app.screens.bulk.skipped import LeftOut, SkippedPage
from app.screens.screen import Page, Screen
from app.web.permission_check import requires
from app.web.request import actor, go_to, safe_next

_UNDO = "careline_undo"


class UndoPage(Page):
    """One change set of bulk work, and its undo.

    Args:
        screen: the screen.
        skipped_page: tells which records were left out.
    """

    def __init__(self, screen: Screen, skipped_page: SkippedPage) -> None:
        super().__init__(screen)
        self._skipped = skipped_page

    def flash_done(self, done: Run, text: str) -> None:
        """Say what bulk work did, and offer to take it back where rows have a history."""
        self.flash_set(done.change_set, text)

    def flash_set(self, change_set: str, text: str) -> None:
        """Say what was done in one go, and offer to take it back; see ``flash_done``."""
        model = self.screen.datamodel.obj
        # An action may leave nothing that could be taken back.
        if self.is_possible() and acts_in(db.session, actor(), model, change_set):
            session[_UNDO] = {"set": change_set, "text": text,
                              "list": self.screen.class_permission_name}
        else:
            flash(text, "success")

    def flash_step(self, record: Any, text: str) -> None:
        """Say what a step did, and offer to take it back where it is the last that happened."""
        entry = self._last_act(record)
        if entry is not None and self._may_undo(record, entry):
            session[_UNDO] = {"set": entry.change_set, "text": text, "record": record.id,
                              "list": self.screen.class_permission_name}
        else:
            flash(text, "success")

    def _may_undo(self, record: Any, entry: AuditEntry) -> bool:
        """Return whether a single step of a record is taken back; plain records have none."""
        return False

    @staticmethod
    def _last_act(record: Any) -> AuditEntry | None:
        """Return the newest entry of a record's history if it is a step of the caller's."""
        kind = getattr(record, "__record_type__", "")
        entry = db.session.scalar(
            select(AuditEntry)
            .where(AuditEntry.record_type == kind, AuditEntry.record_id == record.id)
            .order_by(AuditEntry.id.desc()).limit(1)
        ) if kind else None
        is_own_step = (
            entry is not None and entry.action == "transition"
            and entry.actor_id == actor().user_id)
        return entry if is_own_step else None

    def flash_outcomes(self, done: Run) -> None:
        """Say which records bulk work left out, and note those that are hidden from the caller."""
        missing = [one.record_id for one in done.outcomes if one.result is RecordResult.NOT_FOUND]
        self.screen.datamodel.note_hidden_rows(missing)
        self._skipped.flash([LeftOut.of_outcome(one) for one in done.left_out])

    def is_possible(self) -> bool:
        """Return whether a change of several rows is taken back in one go: they have a history."""
        return hasattr(self.screen.datamodel.obj, "__record_type__")

    def pending(self, record: Any = None) -> dict[str, Any] | None:
        """Return what the person can still take back on the page that is shown, once.

        Args:
            record: the record of the page, where it is no list.
        """
        kept = session.get(_UNDO)
        if not kept or kept.get("list") != self.screen.class_permission_name:
            return None
        if record is not None and kept.get("record") != record.id:
            return None
        return session.pop(_UNDO)

    @expose("/undo", methods=["POST"])
    @requires("list")
    def undo_together(self) -> BaseResponse:
        """Take back what the caller did with several records in one go."""
        model, key = self.screen.datamodel.obj, request.form.get("set", "")[:40]
        back = safe_next(request.form.get("next"), self.screen.url("list"))
        if not self.is_possible():
            abort(404)
        acts = acts_in(db.session, actor(), model, key)
        if not acts:
            abort(404)
        # A step is taken back by whoever took it: no right of the screen stands behind it.
        needed = {"change": "can_edit", "delete": "can_delete"}
        if not all(self.screen.can(needed[act]) for act in acts if act in needed):
            abort(403)
        result = undo(db.session, actor(), model, key)
        flash(ngettext("%(num)s record is as it was.", "%(num)s records are as they were.",
                       result.count), "success")
        self._skipped.flash(
            [LeftOut(gettext("changed by someone else"), name) for name in result.kept]
        )
        return go_to(back)


def offer_undo(screen: Screen, change_set: str, text: str) -> None:
    """Say on the next page of a screen what was done with its records, and offer to undo it.

    Args:
        screen: screen of the kind of record.
        change_set: id of what was done, see ``change_set``.
        text: what was done, translated.
    """
    screen.part(UndoPage).flash_set(change_set, text)


def undo_offered(screen: Screen) -> dict[str, Any] | None:
    """Return what ``screens/records/_undo.html`` shows as ``undo`` on a page of a screen, once.

    Args:
        screen: screen of the kind of record.

    Returns:
        The offer; ``None`` where nothing was done, or a page has shown it already.
    """
    return screen.part(UndoPage).pending()
