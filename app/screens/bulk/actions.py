"""The page of an action: it asks what the action needs, or does it at once."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from app.database import db
from app.errors import Invalid, Rejected, StaleRecord
from app.forms.build import translate
from app.records.actions import Done
from app.screens.bulk.record_actions import RecordActions
from app.screens.bulk.undo import UndoPage
from app.screens.contracts import ActionOffer
from app.screens.forms.record_forms import RecordForms
from app.screens.forms.suggestions import dialog_panel_of
from app.screens.records.header import RecordHeader
from app.screens.records.origin import Origin
from app.screens.screen import Page, Screen
from app.web.input_limits import whole_number
from app.web.permission_check import requires
from app.web.request import actor, go_to, is_partial, safe_next
from app.web.texts import translated

_UNPROCESSABLE = 422
_CONFLICT = 409


class ActionsPage(Page):
    """The dialog of an action, and its execution.

    Args:
        screen: the screen.
        record_actions: what can be done.
        record_forms: puts errors at the fields of a form.
        record_header: names the record.
        origin: the list that one came from.
        undo_page: offers to take a step back.
    """

    def __init__(
        self, screen: Screen, record_actions: RecordActions, record_forms: RecordForms,
        record_header: RecordHeader, origin: Origin, undo_page: UndoPage,
    ) -> None:
        super().__init__(screen)
        self._actions, self._forms = record_actions, record_forms
        self._header, self._origin, self._undo = record_header, origin, undo_page

    @expose("/act/<pk>/<name>", methods=["GET", "POST"])
    @requires("show")
    def action_page(self, pk: str, name: str) -> BaseResponse | tuple[str, int] | str:
        """Ask what an action needs, or do it."""
        record = self.acted_on(pk, name)
        offer = self._actions.chosen(self._actions.offers(record), name)
        if offer.blocked_reason:
            return self._refused(record, translated(offer.blocked_reason))
        form = self._actions.form(offer, record)
        self._forms.offer_files(form, record)
        if request.method == "GET":
            return self._action_page(record, offer, form)
        if not form.validate():
            return self._action_page(record, offer, form), _UNPROCESSABLE
        version = whole_number(request.form.get("version"))
        try:
            done = self.screen.operations.act(
                db.session, actor(), record, name, self._actions.values(form), version
            )
        except (Rejected, Invalid) as error:
            self._forms.explain(form, error, record)
            return self._action_page(self.acted_on(pk, name), offer, form), _UNPROCESSABLE
        except StaleRecord as stale:
            return self._stale(stale.record, offer, form)
        return self._done(record, offer, done)

    def acted_on(self, pk: str, name: str) -> Any:
        """Return the record that an action is about; by default one that the page shows.

        Args:
            pk: primary key as the address names it.
            name: name of the action.

        Raises:
            NotFound: there is none, or the caller may not see it.
        """
        return self.screen.get_or_404(pk)

    def _action_page(self, record: Any, offer: ActionOffer, form: Any, **values: Any) -> str:
        return self.screen.render(
            "screens/bulk/action.html", record=record, offer=offer, form=form,
            suggestions=dialog_panel_of(self.screen, record, offer.name, form),
            upload=self._upload(record, offer, form),
            partial=is_partial(), title=self._header.title(record),
            **{"next_url": self._back(record), **values},
        )

    def _upload(self, record: Any, offer: ActionOffer, form: Any) -> dict[str, str] | None:
        into = self.screen.declared.uploads_in.get(offer.name, "")
        if into not in form or not self.screen.can("can_comment"):
            return None
        return {"into": into, "address": self.screen.url("add_files", pk=record.id)}

    def _back(self, record: Any) -> str:
        return safe_next(
            request.values.get("next"), self._origin.page_of(record.id)
        )

    def _done(self, record: Any, offer: ActionOffer, done: Done) -> BaseResponse:
        target = self._back(record)
        if done.record is not None:
            key = done.record.id
            target = self.screen.url("edit", pk=key) if done.edits else self._origin.page_of(key)
        if done.record is None or done.message is not None:
            text = translate(done.message) if done.message is not None else gettext(
                "%(action)s: done.", action=translated(offer.label)
            )
            if done.record is None:
                self._undo.flash_step(record, text)
            else:
                flash(text, "success")
        return go_to(self._origin.onward_from(record, target))

    def _refused(self, record: Any, reason: str) -> BaseResponse:
        if is_partial():
            abort(409, description=reason)
        flash(reason, "warning")
        return redirect(self._origin.page_of(record.id))

    def _stale(self, record: Any, offer: ActionOffer, form: Any) -> tuple[str, int]:
        form.form_errors.append(
            gettext("Someone changed this record after you opened it. Look at the changes first.")
        )
        page = self._action_page(
            record, offer, form, next_url=self._origin.page_of(record.id), stale=True)
        return page, _CONFLICT
