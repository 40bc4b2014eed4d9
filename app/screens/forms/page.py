"""The form pages: a new row, a change, and the choice between two versions."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.access.scope import is_scoped
from app.database import db
from app.errors import Conflict, Invalid, Rejected, StaleRecord
from app.forms.build import translate
from app.records.mixin import Record
from app.screens.columns.custom_fields import value_of
from app.screens.contracts import Section
from app.screens.forms import submissions
from app.screens.forms.conflict_page import ConflictPages
from app.screens.forms.fields import RelationField, RelationsField
from app.web.permission_check import requires
from app.web.request import actor, safe_next
from app.web.texts import translated

_UNPROCESSABLE = 422


class FormPages(ConflictPages):
    """Add and edit of a record view."""

    form_template = "screens/forms/form.html"

    # --- hooks -------------------------------------------------------------------------------
    def form_context(self, form: Any, record: Any | None) -> dict[str, Any]:
        """Return further values for the template of the form."""
        return {}

    def is_seen_by_nobody(self) -> bool:
        """Return whether only its author, and who sees everything, would see a new record.

        Override where a service gives it to a department.
        """
        person = actor()
        return (
            issubclass(self.datamodel.obj, Record) and is_scoped(self.datamodel.obj)
            and person.department_id is None and person.team_id is None
        )

    # --- add ---------------------------------------------------------------------------------
    @expose("/add", methods=["GET", "POST"])
    @requires("add")
    def add(self) -> Response | tuple[str, int] | str:
        """Show the form for a new row, or create it."""
        form = self.form_maker.with_custom(self.add_form)(**self.prefill())
        if request.method == "POST":
            self.drop_hidden(form)
        if request.method == "POST" and form.validate():
            values = form.submitted(self.add_columns, request.form)
            try:
                record, made = submissions.create_once(
                    db.session, actor(), submissions.name_of(self.endpoint, request.form),
                    lambda: self.operations.create(db.session, actor(), values),
                )
            except (Rejected, Invalid) as error:
                self.explain(form, error, None)
            else:
                if made is not None:
                    return self._saved_before(made)
                self.drop_draft(None)
                flash(gettext("%(record)s has been created.", record=str(record)), "success")
                return self._onward(record, self.url("add"))
        return self._form_page(form, None, self.add_columns)

    def _saved_before(self, row_id: int) -> Response:
        """Lead to the row that the same submission has made."""
        record = self.datamodel.get(str(row_id))
        if record is None:
            return redirect(self.url("list"))
        flash(gettext("%(record)s is saved already.", record=str(record)), "info")
        return self._onward(record, self.url("add"))

    def prefill(self) -> dict[str, Any]:
        """Return what the address fills in; only declared columns can be."""
        data: dict[str, Any] = {}
        if request.method == "POST":
            return data
        for name in self.prefill_columns:
            text = request.args.get(name, "").strip()[:500].replace("\x00", "")
            column = self.columns.get(name)
            if not text or column is None:
                continue
            if column.kind == "relation":
                key = self.datamodel.parse_key(text)
                if key is not None:
                    data[name] = key
            elif column.kind in ("text", "long_text", "sensitive", "choice"):
                data[name] = text
        return data

    # --- edit --------------------------------------------------------------------------------
    @expose("/edit/<pk>", methods=["GET", "POST"])
    @requires("edit")
    def edit(self, pk: str) -> Response | tuple[str, int] | str:
        """Show the form for a row, or change it; what is not sent stays as it is."""
        record = self.datamodel.get(pk)
        if record is None:
            abort(404)
        reason = self.change_refusal(record)
        if reason:
            flash(reason, "warning")
            return redirect(self.page_of(record.id))
        form = self.form_maker.with_custom(self.edit_form)(data=self.record_data(record))
        if request.method == "POST":
            form.drop_unsent(self._sent())
            self.drop_hidden(form)
            if form.validate():
                return self._save_change(form, record)
        return self._form_page(form, record, self.edit_columns)

    def drop_hidden(self, form: Any) -> None:
        """Leave out what the other values hide: neither checked nor written, whatever is sent."""
        data = {field.name: field.data for field in form}
        hidden: set[str] = set()
        for name, condition in self.conditions().items():
            if name in form and (
                condition.field in hidden or not condition.holds(data.get(condition.field))
            ) and (condition.field in data or condition.field in hidden):
                hidden.add(name)
        for name in hidden:
            del form[name]

    @staticmethod
    def _sent() -> list[str]:
        """Return what was sent, without the fields for which a conflict was settled as "theirs"."""
        return [name for name in request.form if request.form.get(f"keep__{name}") != "theirs"]

    def _save_change(self, form: Any, record: Any) -> Response | tuple[str, int] | str:
        values = form.submitted(self.edit_columns, self._sent())
        version = self.version_of(form, record)
        try:
            self.operations.change(db.session, actor(), record, values, version)
        except StaleRecord as stale:
            return self._conflict_page(form, stale.record, values, version)
        except (Rejected, Invalid) as error:
            record = self.datamodel.get(record.id)
            self.explain(form, error, record)
            return self._form_page(form, record, self.edit_columns)
        self.drop_draft(record)
        flash(gettext("%(record)s has been saved.", record=str(record)), "success")
        return self._onward(record, self._next_url(record))

    def version_of(self, form: Any, record: Any) -> int | None:
        """Return the version that a form changes; only records without versions need none."""
        version = form.version.data
        if version is None and hasattr(record, "version"):
            abort(400, description=gettext("The form does not say which version it changes."))
        return version

    def record_data(self, record: Any) -> dict[str, Any]:
        """Return the present values by form field."""
        data: dict[str, Any] = {"version": getattr(record, "version", None)}
        return data | {name: self.field_data(record, name) for name in self.edit_columns}

    def field_data(self, record: Any, name: str) -> Any:
        """Return the present value of one field, as a form holds it."""
        column = self.columns.get(name)
        if column is not None and column.custom is not None:
            return value_of(record, column.custom)
        if column is not None and column.kind == "relation":
            return getattr(record, column.attribute.key)
        value = getattr(record, name, None)
        return [row.id for row in value] if isinstance(value, list) else value

    def _next_url(self, record: Any) -> str:
        """Return the form of the row that follows in the list one came from."""
        if "save_next" not in request.form:
            return ""
        _, following = self.datamodel.neighbours(self.list_query_of_origin(), record.id)
        if following is None:
            return self.list_of_origin()
        return self.url("edit", pk=following, list=self.origin() or None)

    def _onward(self, record: Any, next_form: str) -> Response:
        if "save_next" in request.form and next_form:
            return redirect(next_form)
        target = self.page_of(record.id) if self.can("can_show") else self.list_of_origin()
        return redirect(self.onward_from(record, safe_next(request.args.get("next"), target)))

    def explain(self, form: Any, error: Rejected | Invalid, record: Any | None) -> None:
        """Put what went wrong at the field it belongs to, or above the form."""
        if isinstance(error, Invalid):
            for name, message in error.errors.items():
                field = self.field_of(name)
                if field in form:
                    form[field].errors = [*form[field].errors, translate(message)]
                else:
                    form.form_errors.append(self.at_column(field, translate(message)))
            return
        if isinstance(error, Conflict):
            for field in form:
                if self._is_taken(field, record):
                    field.errors = [*field.errors, gettext("This value is taken already.")]
            if form.errors:
                return
        form.form_errors.append(translate(error.message))

    def field_of(self, column: str) -> str:
        """Return the field of the form that writes a column: a relation, or the column itself."""
        name = column.removesuffix("_id")
        return name if name != column and name in self.columns else column

    def at_column(self, name: str, text: str) -> str:
        """Return a sentence with the label of the column that it is about in front."""
        column = self.columns.get(name)
        return f"{translated(column.label)}: {text}" if column is not None else text

    def _is_taken(self, field: Any, record: Any | None) -> bool:
        mapped = self.datamodel.obj.__mapper__.columns.get(field.name)
        if mapped is None or not mapped.unique or field.data in (None, ""):
            return False
        taken = select(self.datamodel.key).where(
            getattr(self.datamodel.obj, field.name) == field.data
        )
        if record is not None:
            taken = taken.where(self.datamodel.key != record.id)
        return db.session.scalar(taken.limit(1)) is not None

    # --- drawing -----------------------------------------------------------------------------
    def _form_page(self, form: Any, record: Any | None, names: list[str]) -> tuple[str, int] | str:
        shown = set(names)
        sections = [
            Section(title=s.title, wide=s.wide,
                    fields=tuple(n for n in s.fields if n in shown and n in form))
            for s in (*self.form_sections, *self.custom.section())
        ]
        if record is not None:
            self._learn_labels(form, record)
        page = self.render_template(
            self.form_template, view=self, form=form, record=record,
            sections=[section for section in sections if section.fields],
            **self.form_context(form, record),
        )
        return (page, _UNPROCESSABLE) if form.errors else page

    def _learn_labels(self, form: Any, record: Any) -> None:
        """Read the labels of all relations of a row in one statement."""
        fields = [
            field for field in form
            if isinstance(field, RelationField) and not isinstance(field, RelationsField)
            and field.data is not None and field.data == field.object_data
        ]
        if not fields:
            return
        labels = [self.columns[field.name].shown for field in fields]
        row = db.session.execute(select(*labels).where(self.datamodel.key == record.id)).one()
        for field, label in zip(fields, row, strict=True):
            field.known[field.data] = str(label or f"#{field.data}")
