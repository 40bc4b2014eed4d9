"""Work with many records at once: choose them, do something with them, change, delete."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, jsonify, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as BaseResponse

from app.database import db
from app.forms.build import translate
from app.i18n import prefixed
from app.records.bulk import (
    BulkFieldChange,
    BulkStep,
    Deletion,
    RecordOutcome,
    RecordResult,
    preview,
    run,
)
from app.screens.bulk.record_actions import RecordActions
from app.screens.bulk.selection import BULK_MOST, Selection, row_token
from app.screens.bulk.undo import UndoPage
from app.screens.contracts import ActionOffer
from app.screens.forms.record_forms import RecordForms
from app.screens.lists.reader import ListReader
from app.screens.screen import Page, Screen
from app.web.permission_check import requires
from app.web.request import actor, go_to, is_partial, safe_next
from app.web.texts import translated

_LINES_SHOWN = 8
_UNPROCESSABLE = 422
_OWNER = "owner"
_KINDS = frozenset({"choice", "relation", "boolean", "date", "datetime", "integer", "decimal"})


class BulkPage(Page):
    """Actions, changes and deletion of several records of a list.

    Args:
        screen: the screen.
        list_reader: reads the address of the list.
        selection: the rows that were chosen.
        record_actions: what can be done.
        record_forms: the forms.
        undo_page: says what was done, and takes it back.
    """

    def __init__(
        self, screen: Screen, list_reader: ListReader, selection: Selection,
        record_actions: RecordActions, record_forms: RecordForms, undo_page: UndoPage,
    ) -> None:
        super().__init__(screen)
        self._reader, self._selection = list_reader, selection
        self._actions, self._forms, self._undo = record_actions, record_forms, undo_page

    @expose("/keys")
    @requires("list")
    def list_keys(self) -> Response:
        """Return the keys of the first rows that match the list, for "select all"."""
        version = self._selection.version_column
        columns = [] if version is None else [version]
        rows = self.screen.datamodel.stream(self._reader.query(), columns, BULK_MOST)
        return jsonify(
            keys=[row_token(row[0], row[2] if columns else None) for row in rows]
        )

    # --- what is offered -----------------------------------------------------------------
    def offers(self) -> list[ActionOffer]:
        """Return actions on several records that the caller may use."""
        return [
            offer for offer in self._actions.bulk_offers() if self._actions.is_allowed(offer)
        ]

    def columns(self) -> list[str]:
        """Return the columns that the caller may change for many records at once."""
        if not self.screen.can("can_edit"):
            return []
        declared, columns = self.screen.declared, self.screen.columns
        names = declared.edit_columns if declared.bulk_columns is None else declared.bulk_columns
        offered = [
            name for name in names
            if name in declared.edit_columns and name in columns
            and (declared.bulk_columns is not None or columns[name].kind in _KINDS)
        ]
        return [*offered, _OWNER] if declared.assignable and _OWNER not in offered else offered

    def can_delete(self) -> bool:
        """Return whether the caller may delete several records; they can be restored."""
        return self.screen.can("can_delete") and hasattr(self.screen.model, "deleted_at")

    def is_selectable(self) -> bool:
        """Return whether there is anything that the caller could do with several rows."""
        return bool(
            self.offers() or self.columns() or self.screen.can("can_export") or self.can_delete()
        )

    # --- do something -------------------------------------------------------------------------
    @expose("/bulk", methods=["POST"])
    @requires("list")
    def bulk(self) -> BaseResponse | tuple[str, int] | str:
        """Do one thing with several records; each goes through the same rules as alone.

        Rows that the caller may not see count as not found, and say nothing more.
        """
        offer = self._actions.chosen(
            self._actions.bulk_offers(), request.form.get("action", ""))
        ids = self._selection.ids()
        back = safe_next(request.form.get("next"), self.screen.url("list"))
        if not ids:
            flash(gettext("Choose at least one row first."), "warning")
            return go_to(back)
        form = self._actions.form(offer, None)
        asked = "confirmed" in request.form
        if offer.needs_dialog and not (asked and form.validate()):
            page = self.screen.render(
                "screens/bulk/bulk.html", offer=offer, form=form, ids=ids,
                tokens=self._selection.tokens(), next_url=back, partial=is_partial(),
            )
            return (page, _UNPROCESSABLE) if asked else page
        self._run_bulk(offer, ids, self._actions.values(form))
        return go_to(back)

    def _run_bulk(self, offer: ActionOffer, ids: list[str], values: dict[str, Any]) -> None:
        done = run(db.session, actor(), self.screen.model,
                   self._selection.seen_versions(ids), BulkStep(offer.name, values))
        if done.done:
            self._undo.flash_done(done, ngettext(
                "%(action)s: %(num)s record.", "%(action)s: %(num)s records.", done.done,
                action=translated(offer.label),
            ))
        self._undo.flash_outcomes(done)

    # --- change fields -----------------------------------------------------------------------
    @expose("/bulk/edit", methods=["POST"])
    @requires("edit")
    def bulk_edit(self) -> BaseResponse | tuple[str, int] | str:
        """Ask for a field and its value, show what would change, then change it."""
        ids, names = self._selection.ids(), self.columns()
        back = safe_next(request.form.get("next"), self.screen.url("list"))
        if not names:
            abort(403)
        if not ids:
            flash(gettext("Choose at least one row first."), "warning")
            return go_to(back)
        name = request.form.get("column", names[0])
        if name not in names:
            abort(404)
        step = request.form.get("step", "")
        form = self._forms.for_field(name, **({} if step else {"formdata": None}))
        form.drop_unsent({name, *self._companions(form, name)})
        page = {"names": names, "name": name, "form": form, "ids": ids, "next_url": back,
                "tokens": self._selection.tokens(), "can_undo": self._undo.is_possible()}
        if not step or not form.validate():
            answer = self._bulk_page(page, preview=None)
            return (answer, _UNPROCESSABLE) if step else answer
        value = form[name].data
        if step != "confirmed":
            return self._bulk_page(page, preview=self._preview(page, value))
        shown = [key for key in ids if f"version-{key}" in request.form]
        done = run(db.session, actor(), self.screen.model,
                   self._selection.seen_versions(shown), BulkFieldChange({name: value}))
        label = translated(self.screen.columns[name].label)
        if done.done:
            self._undo.flash_done(done, ngettext(
                "%(label)s of %(num)s record changed.", "%(label)s of %(num)s records changed.",
                done.done, label=label,
            ))
        self._undo.flash_outcomes(done)
        return go_to(back)

    @staticmethod
    def _companions(form: Any, name: str) -> set[str]:
        return {field.name for field in form if field.name in (name, "csrf_token", "version")}

    def _bulk_page(self, page: dict[str, Any], preview: Any) -> str:
        return self.screen.render(
            "screens/bulk/bulk_edit.html", partial=is_partial(), preview=preview, **page
        )

    def _preview(self, page: dict[str, Any], value: Any) -> dict[str, Any]:
        """Return what a change would do: rows that change, that have the value, that are left."""
        name = page["name"]
        outcomes = preview(db.session, actor(), self.screen.model, map(int, page["ids"]),
                           BulkFieldChange({name: value}))
        hidden = [one for one in outcomes if self._is_hidden(one, name)]
        changing = [one.record for one in outcomes
                    if one.result is RecordResult.DONE and one not in hidden]
        refused = [prefixed(f"{one.record}: ", translate(one.reason)) for one in outcomes
                   if one.result is RecordResult.REJECTED and one.reason is not None]
        refused += [
            f"{one.record}: {gettext('not possible in its present state')}" for one in hidden
        ]
        shown = changing[:_LINES_SHOWN]
        forms = self._forms
        befores = [forms.shown(name, forms.field_data(record, name)) for record in shown]
        return {
            "changing": changing, "refused": refused, "after": forms.shown(name, value),
            "same": sum(one.result is RecordResult.UNCHANGED for one in outcomes),
            "missing": sum(one.result is RecordResult.NOT_FOUND for one in outcomes),
            "sent": request.form.getlist(name),
            "lines": list(zip(shown, befores, strict=True)),
        }

    def _is_hidden(self, outcome: RecordOutcome, name: str) -> bool:
        """Return whether a form would not ask for the field at all, by what the record holds."""
        condition = self.screen.declared.conditions.get(name)
        if condition is None or outcome.record is None or outcome.is_left_out:
            return False
        return not condition.holds(self._forms.data(outcome.record).get(condition.field))

    # --- delete ------------------------------------------------------------------------------
    @expose("/bulk/delete", methods=["POST"])
    @requires("delete")
    def bulk_delete(self) -> BaseResponse:
        """Put several records into the recycle bin; one click takes it back."""
        ids = self._selection.ids()
        back = safe_next(request.form.get("next"), self.screen.url("list"))
        if not self.can_delete():
            abort(403)
        versions = self._selection.seen_versions(ids)
        done = run(db.session, actor(), self.screen.model, versions, Deletion())
        if done.done:
            self._undo.flash_done(
                done, ngettext("%(num)s record deleted.", "%(num)s records deleted.", done.done)
            )
        self._undo.flash_outcomes(done)
        return go_to(back)
