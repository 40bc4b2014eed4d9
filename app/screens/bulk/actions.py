"""Actions: what a record view offers, with a form or at once, on one record or on many."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext, ngettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from app.database import db
from app.errors import Invalid, Rejected, StaleRecord
from app.forms.build import translate
from app.records.actions import Done
from app.records.bulk import Step, run
from app.screens.bulk.page import BulkPages
from app.screens.contracts import ActionOffer
from app.screens.forms.json_payload import BadPayload
from app.web.input_limits import whole_number
from app.web.permission_check import requires
from app.web.request import actor, go_to, is_partial, safe_next
from app.web.texts import translated

_UNPROCESSABLE = 422
_CONFLICT = 409


class ActionPages(BulkPages):
    """The dialog of an action, its execution, and bulk work."""

    # --- one record --------------------------------------------------------------------------
    @expose("/act/<pk>/<name>", methods=["GET", "POST"])
    @requires("show")
    def action_page(self, pk: str, name: str) -> BaseResponse | tuple[str, int] | str:
        """Ask what an action needs, or do it."""
        record = self.found(pk)
        offer = self._offer(self.offers(record), name)
        if offer.blocked_reason:
            return self._refused(record, translated(offer.blocked_reason))
        form = self._action_form(offer, record)
        if request.method == "GET":
            return self._action_page(record, offer, form)
        if not form.validate():
            return self._action_page(record, offer, form), _UNPROCESSABLE
        version = whole_number(request.form.get("version"))
        try:
            done = self.operations.act(
                db.session, actor(), record, name, self._form_values(form), version
            )
        except (Rejected, Invalid) as error:
            self.explain(form, error, record)
            return self._action_page(self.found(pk), offer, form), _UNPROCESSABLE
        except StaleRecord as stale:
            return self._stale(stale.record, offer, form)
        return self._done(record, offer, done)

    def _offer(self, offers: Any, name: str) -> ActionOffer:
        offer = next((offer for offer in offers if offer.name == name), None)
        if offer is None:
            # It was offered when the page was drawn: the record has moved on since.
            abort(409 if request.method == "POST" else 404)
        if not self.may_act(offer):
            abort(403)
        return offer

    def _action_form(self, offer: ActionOffer, record: Any | None) -> FlaskForm:
        return (offer.form or FlaskForm)(**self.action_defaults(offer.name, record))

    def action_defaults(self, name: str, record: Any | None) -> dict[str, Any]:
        """Return what an action's form is filled with at first."""
        return {}

    @staticmethod
    def _form_values(form: Any) -> dict[str, Any]:
        cleaned = getattr(form, "cleaned", None)
        if cleaned is not None:
            return dict(cleaned)
        return {name: value for name, value in form.data.items() if name != "csrf_token"}

    def read_action(self, offer: ActionOffer, record: Any, body: dict[str, Any]) -> dict[str, Any]:
        """Return the values of an action from a JSON body, checked by the action's own form.

        What the body does not name stays as the form of the page would show it.

        Raises:
            BadPayload: they do not fit.
        """
        if offer.form is None:
            return {}
        pairs = MultiDict()
        for name, value in body.items():
            for item in value if isinstance(value, list) else [value]:
                pairs.add(name, "" if item is None else str(item).replace("\x00", ""))
        # The request itself has been checked for forgery already.
        form = offer.form(
            formdata=pairs, meta={"csrf": False}, **self.action_defaults(offer.name, record)
        )
        if not form.validate():
            raise BadPayload(
                {name or "": " ".join(map(str, errors)) for name, errors in form.errors.items()}
            )
        return self._form_values(form)

    def _action_page(self, record: Any, offer: ActionOffer, form: Any) -> str:
        return self.render_template(
            "screens/bulk/action.html", view=self, record=record, offer=offer, form=form,
            partial=is_partial(), next_url=self._back(record),
        )

    def _back(self, record: Any) -> str:
        return safe_next(
            request.values.get("next"), self.page_of(record.id)
        )

    def _done(self, record: Any, offer: ActionOffer, done: Done) -> BaseResponse:
        target = self._back(record)
        if done.record is not None:
            key = done.record.id
            target = self.url("edit", pk=key) if done.edits else self.page_of(key)
        if done.record is None or done.message is not None:
            text = translate(done.message) if done.message is not None else gettext(
                "%(action)s: done.", action=translated(offer.label)
            )
            flash(text, "success")
        return go_to(self.onward_from(record, target))

    def _refused(self, record: Any, reason: str) -> BaseResponse:
        if is_partial():
            abort(409, description=reason)
        flash(reason, "warning")
        return redirect(self.page_of(record.id))

    def _stale(self, record: Any, offer: ActionOffer, form: Any) -> tuple[str, int]:
        form.form_errors.append(
            gettext("Someone changed this record after you opened it. Look at the changes first.")
        )
        page = self.render_template(
            "screens/bulk/action.html", view=self, record=record, offer=offer, form=form,
            partial=is_partial(), next_url=self.page_of(record.id), stale=True,
        )
        return page, _CONFLICT

    # --- many records ------------------------------------------------------------------------
    @expose("/bulk", methods=["POST"])
    @requires("list")
    def bulk(self) -> BaseResponse | tuple[str, int] | str:
        """Do one thing with several records; each goes through the same rules as alone.

        Rows that the caller may not see count as not found, and say nothing more.
        """
        offer = self._offer(self.bulk_offers(), request.form.get("action", ""))
        ids = self.chosen_rows()
        back = safe_next(request.form.get("next"), self.url("list"))
        if not ids:
            flash(gettext("Choose at least one row first."), "warning")
            return redirect(back)
        form = self._action_form(offer, None)
        asked = "confirmed" in request.form
        if offer.needs_dialog and not (asked and form.validate()):
            page = self.render_template(
                "screens/bulk/bulk.html", view=self, offer=offer, form=form, ids=ids,
                tokens=self.row_tokens(), next_url=back,
                partial=is_partial(),
            )
            return (page, _UNPROCESSABLE) if asked else page
        self._run_bulk(offer, ids, self._form_values(form))
        return go_to(back)

    def _run_bulk(self, offer: ActionOffer, ids: list[str], values: dict[str, Any]) -> None:
        done = run(db.session, actor(), self.datamodel.obj, self.seen_versions(ids),
                   Step(offer.name, values))
        if done.done:
            self.flash_done(done, ngettext(
                "%(action)s: %(num)s record.", "%(action)s: %(num)s records.", done.done,
                action=translated(offer.label),
            ))
        self.flash_outcomes(done)
