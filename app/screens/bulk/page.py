"""Work with many records at once: choose them, change fields, delete, and take it back."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from flask import Response, abort, current_app, flash, request, session
from flask_appbuilder.baseviews import expose
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as BaseResponse

from app.database import db
from app.forms.build import translate
from app.records.bulk import Deletion, FieldChange, Outcome, Result, Run, preview, run
from app.records.undo import acts_in, undo
from app.screens.bulk.skipped import LeftOut, LeftOutPages
from app.screens.columns.columns import Column, describe
from app.screens.query.list_query import ListQuery
from app.web.input_limits import whole_number
from app.web.permission_check import requires
from app.web.request import actor, go_to, is_partial, safe_next
from app.web.texts import translated

BULK_MOST = 500
# Stands between the key of a row and the version that the person sees.
_TOKEN = ":"
_LINES_SHOWN = 8
_UNPROCESSABLE = 422
_UNDO = "careline_undo"
_OWNER = "owner"
_KINDS = frozenset({"choice", "relation", "boolean", "date", "datetime", "integer", "decimal"})


def row_token(key: Any, version: Any) -> str:
    """Return what the box of a row sends: its key, and its version where it has one."""
    return str(key) if version is None else f"{key}{_TOKEN}{version}"


class BulkPages(LeftOutPages):
    """Selection, bulk change, bulk deletion and undo of a record view."""

    bulk_columns: Sequence[str] | None = None
    assignable: bool | None = None

    # --- which records -----------------------------------------------------------------------
    @expose("/keys")
    @requires("list")
    def list_keys(self) -> Response:
        """Return the keys of the first rows that match the list, for "select all"."""
        columns = [self.version_column] if self.version_column is not None else []
        rows = self.datamodel.stream(self.list_query(), columns, BULK_MOST)
        return current_app.json.response(
            keys=[row_token(row[0], row[2] if columns else None) for row in rows]
        )

    @functools.cached_property
    def version_column(self) -> Column | None:
        """The column with the version of a row, where rows of this kind have one."""
        has = "version" in self.datamodel.obj.__mapper__.columns
        return describe(self.datamodel.obj, "version") if has else None

    def chosen_rows(self) -> list[str]:
        """Return the keys that a bulk form sends, each once; see ``seen_versions``.

        Raises:
            BadRequest: there are too many.
        """
        texts = (text.partition(_TOKEN)[0] for text in request.form.getlist("row"))
        keys = (self.datamodel.parse_key(text) for text in texts)
        ids = list(dict.fromkeys(str(key or 0) for key in keys))
        if len(ids) > BULK_MOST:
            abort(400, description=gettext("At most %(most)s rows at once.", most=BULK_MOST))
        return ids

    def every_text(self, query: ListQuery, count: Any) -> str:
        """Return the text of the button that selects all rows which match."""
        if count.capped or count.value > BULK_MOST:
            return gettext("Select the first %(num)s that match", num=BULK_MOST)
        return gettext("Select all %(num)s that match", num=count.value)

    def offered_bulk_columns(self) -> list[str]:
        """Return the columns that the caller may change for many records at once."""
        if not self.can("can_edit"):
            return []
        names = self.edit_columns if self.bulk_columns is None else self.bulk_columns
        offered = [
            name for name in names
            if name in self.edit_columns and name in self.columns
            and (self.bulk_columns is not None or self.columns[name].kind in _KINDS)
        ]
        return [*offered, _OWNER] if self.assignable and _OWNER not in offered else offered

    def can_bulk_delete(self) -> bool:
        """Return whether the caller may delete several records; they can be restored."""
        return self.can("can_delete") and hasattr(self.datamodel.obj, "deleted_at")

    # --- change fields -----------------------------------------------------------------------
    @expose("/bulk/edit", methods=["POST"])
    @requires("edit")
    def bulk_edit(self) -> BaseResponse | tuple[str, int] | str:
        """Ask for a field and its value, show what would change, then change it."""
        ids, names = self.chosen_rows(), self.offered_bulk_columns()
        back = safe_next(request.form.get("next"), self.url("list"))
        if not names:
            abort(403)
        if not ids:
            flash(gettext("Choose at least one row first."), "warning")
            return go_to(back)
        name = request.form.get("column", names[0])
        if name not in names:
            abort(404)
        step = request.form.get("step", "")
        form = self._bulk_form(name)(**({} if step else {"formdata": None}))
        form.drop_unsent({name, *self._companions(form, name)})
        page = {"names": names, "name": name, "form": form, "ids": ids, "next_url": back,
                "tokens": self.row_tokens()}
        if not step or not form.validate():
            answer = self._bulk_page(page, preview=None)
            return (answer, _UNPROCESSABLE) if step else answer
        value = form[name].data
        if step != "confirmed":
            return self._bulk_page(page, preview=self._preview(page, value))
        shown = [key for key in ids if f"version-{key}" in request.form]
        done = run(db.session, actor(), self.datamodel.obj, self.seen_versions(shown),
                   FieldChange({name: value}))
        label = translated(self.columns[name].label)
        if done.done:
            self.flash_done(done, ngettext(
                "%(label)s of %(num)s record changed.", "%(label)s of %(num)s records changed.",
                done.done, label=label,
            ))
        self.flash_outcomes(done)
        return go_to(back)

    def seen_versions(self, ids: Sequence[str]) -> dict[int, int | None]:
        """Return the versions of rows that the person had before their eyes, by key.

        The boxes of a list send ``key:version``; a preview sends a field for each row.

        Args:
            ids: keys as ``chosen_rows`` returns them.
        """
        sent = dict(text.partition(_TOKEN)[::2] for text in request.form.getlist("row"))
        return {
            int(key): whole_number(request.form.get(f"version-{key}", sent.get(key)))
            for key in ids
        }

    def row_tokens(self) -> list[str]:
        """Return the rows that a bulk form sends, to send them again."""
        return list(dict.fromkeys(request.form.getlist("row")))[:BULK_MOST]

    def _bulk_form(self, name: str) -> type[Any]:
        """Return the form with a field; who works on a record need not stand in the usual one."""
        if name in self.edit_columns:
            return self.form_maker.with_custom(self.edit_form)
        return self.form_maker.form_class([name])

    @staticmethod
    def _companions(form: Any, name: str) -> set[str]:
        return {field.name for field in form if field.name in (name, "csrf_token", "version")}

    def _bulk_page(self, page: dict[str, Any], preview: Any) -> str:
        return self.render_template(
            "screens/bulk/bulk_edit.html", view=self, partial=is_partial(), preview=preview, **page
        )

    def _preview(self, page: dict[str, Any], value: Any) -> dict[str, Any]:
        """Return what a change would do: rows that change, that have the value, that are left."""
        name = page["name"]
        outcomes = preview(db.session, actor(), self.datamodel.obj, map(int, page["ids"]),
                           FieldChange({name: value}))
        hidden = [one for one in outcomes if self._is_hidden(one, name)]
        changing = [one.record for one in outcomes
                    if one.result is Result.DONE and one not in hidden]
        refused = [f"{one.record}: {translate(one.reason)}" for one in outcomes
                   if one.result is Result.REJECTED and one.reason is not None]
        refused += [
            f"{one.record}: {gettext('not possible in its present state')}" for one in hidden
        ]
        shown = changing[:_LINES_SHOWN]
        befores = [self._shown(name, self.field_data(record, name)) for record in shown]
        return {
            "changing": changing, "refused": refused, "after": self._shown(name, value),
            "same": sum(one.result is Result.UNCHANGED for one in outcomes),
            "missing": sum(one.result is Result.NOT_FOUND for one in outcomes),
            "sent": request.form.getlist(name),
            "lines": list(zip(shown, befores, strict=True)),
        }

    def _is_hidden(self, outcome: Outcome, name: str) -> bool:
        """Return whether a form would not ask for the field at all, by what the record holds."""
        condition = self.conditions().get(name)
        if condition is None or outcome.record is None or outcome.is_left_out:
            return False
        return not condition.holds(self.record_data(outcome.record).get(condition.field))

    # --- delete ------------------------------------------------------------------------------
    @expose("/bulk/delete", methods=["POST"])
    @requires("delete")
    def bulk_delete(self) -> BaseResponse:
        """Put several records into the recycle bin; one click takes it back."""
        ids = self.chosen_rows()
        back = safe_next(request.form.get("next"), self.url("list"))
        if not self.can_bulk_delete():
            abort(403)
        done = run(
            db.session, actor(), self.datamodel.obj, self.seen_versions(ids), Deletion()
        )
        if done.done:
            self.flash_done(
                done, ngettext("%(num)s record deleted.", "%(num)s records deleted.", done.done)
            )
        self.flash_outcomes(done)
        return go_to(back)

    # --- one change set, one undo ---------------------------------------------------------------
    def flash_done(self, done: Run, text: str) -> None:
        """Say what bulk work did, and offer to take it back where rows have a history."""
        model = self.datamodel.obj
        # An action may leave nothing that could be taken back.
        if self.can_undo() and acts_in(db.session, actor(), model, done.change_set):
            session[_UNDO] = {"set": done.change_set, "list": self.class_permission_name,
                              "text": text}
        else:
            flash(text, "success")

    def flash_outcomes(self, done: Run) -> None:
        """Say which records bulk work left out, and note those that are hidden from the caller."""
        missing = [one.record_id for one in done.outcomes if one.result is Result.NOT_FOUND]
        self.datamodel.note_hidden_rows(missing)
        self.flash_left_out([LeftOut.of_outcome(one) for one in done.left_out])

    def can_undo(self) -> bool:
        """Return whether a change of several rows is taken back in one go: they have a history."""
        return hasattr(self.datamodel.obj, "__record_type__")

    def pending_undo(self) -> dict[str, str] | None:
        """Return what the person can still take back on this list, once."""
        kept = session.get(_UNDO)
        if not kept or kept.get("list") != self.class_permission_name:
            return None
        return session.pop(_UNDO)

    @expose("/undo", methods=["POST"])
    @requires("list")
    def undo_together(self) -> BaseResponse:
        """Take back what the caller did with several records in one go."""
        model, key = self.datamodel.obj, request.form.get("set", "")[:40]
        back = safe_next(request.form.get("next"), self.url("list"))
        if not self.can_undo():
            abort(404)
        acts = acts_in(db.session, actor(), model, key)
        if not acts:
            abort(404)
        # A step is taken back by whoever took it: no right of the screen stands behind it.
        needed = {"change": "can_edit", "delete": "can_delete"}
        if not all(self.can(needed[act]) for act in acts if act in needed):
            abort(403)
        result = undo(db.session, actor(), model, key)
        flash(ngettext("%(num)s record is as it was.", "%(num)s records are as they were.",
                       result.count), "success")
        self.flash_left_out(
            [LeftOut(gettext("changed by someone else"), name) for name in result.kept]
        )
        return go_to(back)
