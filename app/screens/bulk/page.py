"""Work with many records at once: choose them, change fields, delete, and take it back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, abort, current_app, flash, request, session
from flask_appbuilder.baseviews import expose
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as BaseResponse

from app.access.audit import change_set
from app.database import db, write
from app.records.custom_fields.definitions import BadValue
from app.records.undo import acts_in, undo
from app.screens.bulk.skipped import LeftOut, LeftOutPages
from app.screens.contracts import Refused, Stale
from app.screens.forms import persistence
from app.screens.query.list_query import ListQuery
from app.web.permission_check import requires
from app.web.request import actor, go_to, is_partial, safe_next
from app.web.texts import translated

BULK_MOST = 500
_LINES_SHOWN = 8
_UNPROCESSABLE = 422
_UNDO = "careline_undo"
_OWNER = "owner"
_KINDS = frozenset({"choice", "relation", "boolean", "date", "datetime", "integer", "decimal"})


class BulkPages(LeftOutPages):
    """Selection, bulk change, bulk deletion and undo of a record view."""

    bulk_columns: Sequence[str] | None = None
    assignable: bool | None = None

    # --- which records -----------------------------------------------------------------------
    @expose("/keys")
    @requires("list")
    def list_keys(self) -> Response:
        """Return the keys of the first rows that match the list, for "select all"."""
        keys = [row[0] for row in self.datamodel.stream(self.list_query(), (), BULK_MOST)]
        return current_app.json.response(keys=[str(key) for key in keys])

    def chosen_rows(self) -> list[str]:
        """Return the keys that a bulk form sends, each once.

        Raises:
            BadRequest: there are too many.
        """
        keys = (self.datamodel.parse_key(text) for text in request.form.getlist("row"))
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
        page = {"names": names, "name": name, "form": form, "ids": ids, "next_url": back}
        if not step or not form.validate():
            answer = self._bulk_page(page, preview=None)
            return (answer, _UNPROCESSABLE) if step else answer
        value = form[name].data
        if step != "confirmed":
            return self._bulk_page(page, preview=self._preview(page, value))
        seen = {key: request.form.get(f"version-{key}", "") for key in ids}

        def change(record: Any) -> None:
            version = seen[str(record.id)]
            present = getattr(record, "version", None)
            if present is not None and version != str(present):
                raise Stale(record)
            reason = self._against(record, form, name)
            if reason:
                raise Refused(reason)
            with persistence.conflicts():
                self.change_record(record, {name: value}, present)

        label = translated(self.columns[name].label)
        self._together(
            [key for key in ids if seen[key] or f"version-{key}" in request.form], change,
            lambda count: ngettext("%(label)s of %(num)s record changed.",
                                   "%(label)s of %(num)s records changed.", count, label=label),
        )
        return go_to(back)

    def _against(self, record: Any, form: Any, name: str) -> Any:
        """Return why a field of a record cannot be set now, or an empty text when it can."""
        condition = self.conditions().get(name)
        if condition is not None and not condition.holds(
            self.record_data(record).get(condition.field)
        ):
            return gettext("not possible in its present state")
        reason = self.may_edit(record)
        if reason or not form.validate():
            return reason
        self.check_form(form, record)
        return " ".join(str(text) for texts in form.errors.values() for text in texts)

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
        """Return what a change would do: rows that change, that have the value, that are kept."""
        ids, name = page["ids"], page["name"]
        found = self.datamodel.get_many(ids)
        changing, same, refused = [], 0, []
        for record in found:
            reason = self._against(record, page["form"], name)
            if reason:
                refused.append(f"{record}: {reason}")
            elif self.field_data(record, name) == value:
                same += 1
            else:
                changing.append(record)
        shown = changing[:_LINES_SHOWN]
        befores = [self._shown(name, self.field_data(record, name)) for record in shown]
        return {
            "changing": changing, "same": same, "refused": refused,
            "missing": len(ids) - len(found), "after": self._shown(name, value),
            "sent": request.form.getlist(name),
            "lines": list(zip(shown, befores, strict=True)),
        }

    # --- delete ------------------------------------------------------------------------------
    @expose("/bulk/delete", methods=["POST"])
    @requires("delete")
    def bulk_delete(self) -> BaseResponse:
        """Put several records into the recycle bin; one click takes it back."""
        ids = self.chosen_rows()
        back = safe_next(request.form.get("next"), self.url("list"))
        if not self.can_bulk_delete():
            abort(403)

        def delete(record: Any) -> None:
            with persistence.conflicts():
                self.remove_record(record, None)

        self._together(
            ids, delete, lambda count: ngettext("%(num)s record deleted.",
                                                "%(num)s records deleted.", count),
        )
        return go_to(back)

    # --- one transaction, one undo -----------------------------------------------------------
    def _together(
        self, ids: Sequence[str], act: Callable[[Any], None], done_text: Callable[[int], str]
    ) -> None:
        """Do something with several records as one change set; what cannot be done is listed."""
        done, left = 0, []
        with write(db.session):
            found = self.datamodel.get_many(ids)
            left += [LeftOut(gettext("not found"))] * (len(ids) - len(found))
            for record in found:
                try:
                    with db.session.begin_nested():
                        act(record)
                    done += 1
                except Refused as error:
                    left.append(LeftOut.of(record, translated(error.message)))
                except Stale:
                    left.append(LeftOut.of(record, gettext("changed by someone else")))
                except persistence.Conflict:
                    left.append(LeftOut.of(record, gettext("other records stand against it")))
            together = change_set(db.session)
        if done and self.can_undo():
            session[_UNDO] = {"set": together, "list": self.class_permission_name,
                              "text": done_text(done)}
        elif done:
            flash(done_text(done), "success")
        self.flash_left_out(left)

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
        needed = {"change": "can_edit", "delete": "can_delete"}
        if not all(self.can(needed[act]) for act in acts):
            abort(403)
        result = undo(db.session, actor(), model, key, self._put_back)
        flash(ngettext("%(num)s record is as it was.", "%(num)s records are as they were.",
                       result.count), "success")
        self.flash_left_out(
            [LeftOut(gettext("changed by someone else"), name) for name in result.kept]
        )
        return go_to(back)

    def _put_back(self, record: Any, values: dict[str, Any], version: int | None) -> bool:
        """Give a record former values by the rules of any other change; return whether it went."""
        if self.may_edit(record):
            return False
        try:
            with db.session.begin_nested(), persistence.conflicts():
                self.change_record(record, values, version)
        except (Refused, Stale, persistence.Conflict, BadValue):
            return False
        return True
