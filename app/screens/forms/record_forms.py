"""The forms of a screen: their classes, what they hold, and how errors come to their fields."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import abort
from flask_babel import gettext
from sqlalchemy import select

from app.database import db
from app.errors import Conflict, Invalid, Rejected
from app.forms.build import FilesField, translate
from app.i18n import prefixed
from app.records.custom_fields.definitions import FILE
from app.records.files import attachments
from app.screens.columns.cells import writer
from app.screens.columns.custom_fields import shown_value
from app.screens.columns.held_values import value_held
from app.screens.columns.row_values import values_of_row
from app.screens.columns.seen_labels import label_parameters, shown_to
from app.screens.forms.fields import AttachmentField, RelationField, RelationsField
from app.screens.forms.form_factory import FormFactory, RecordForm
from app.screens.screen import Part, Screen
from app.web.request import actor
from app.web.texts import translated


class RecordForms(Part):
    """Forms for new rows and for changes of a screen.

    Attributes:
        add_form: form class for a new row, without custom fields.
        edit_form: form class for a change, without custom fields.
    """

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self._factory = FormFactory(screen, self.selectable)
        # Made once; no field of theirs asks the database.
        self.add_form = self._factory.form_class(screen.declared.add_columns)
        self.edit_form = self._factory.form_class(screen.declared.edit_columns)

    # --- what relations offer ----------------------------------------------------------------
    def option_conditions(self, column: str) -> Sequence[Any]:
        """Return further conditions on what a relation may be set to; asked without a request too.
        """
        return ()

    def selectable(self, column: str, keys: Iterable[Any]) -> dict[int, str]:
        """Return labels by key of rows that the caller may choose for a relation."""
        interface = self.screen.datamodel.get_related_interface(column)
        return interface.selectable(keys, self.option_conditions(column))

    # --- making ------------------------------------------------------------------------------
    def for_new(self, **values: Any) -> RecordForm:
        """Return the form for a new row, filled with what was sent or with ``values``."""
        form = self._factory.with_custom(self.add_form)(**values)
        for field in list(form):
            # A new record has no files yet that one could be chosen from.
            if isinstance(field, AttachmentField):
                del form[field.name]
        return form

    def for_change(self, record: Any, **options: Any) -> RecordForm:
        """Return the form for a row, filled with what was sent or with what the row holds."""
        form = self._factory.with_custom(self.edit_form)(data=self.data(record), **options)
        self.offer_files(form, record)
        return form

    def offer_files(self, form: Any, record: Any) -> None:
        """Say in a form which files lie on a record, where it asks for some of them."""
        fields = [field for field in form if isinstance(field, (AttachmentField, FilesField))]
        if not fields:
            return
        files = [(file.id, file.name) for file in attachments(db.session, record)]
        address = self.screen.url("add_files", pk=record.id) if self.screen.can(
            "can_comment") else ""
        for field in fields:
            field.offer(files, address)

    def for_field(self, name: str, **options: Any) -> RecordForm:
        """Return a form that holds a field, whether or not it stands in the usual one.

        Args:
            name: name of the column.
            options: for WTForms, e.g. ``formdata=None``.
        """
        if name in self.screen.declared.edit_columns:
            return self._factory.with_custom(self.edit_form)(**options)
        return self._factory.form_class([name])(**options)

    # --- what they hold ----------------------------------------------------------------------
    def data(self, record: Any) -> dict[str, Any]:
        """Return the present values of a row by form field."""
        data: dict[str, Any] = {"version": getattr(record, "version", None)}
        names = self.screen.declared.edit_columns
        return data | {name: self.field_data(record, name) for name in names}

    def field_data(self, record: Any, name: str) -> Any:
        """Return the present value of one field, as a form holds it."""
        return value_held(record, name, self.screen.columns.get(name))

    def version_of(self, form: Any, record: Any) -> Any:
        """Return the version that a form changes; only rows without versions need none.

        Raises:
            BadRequest: the form does not say it.
        """
        version = form.version.data
        if version is None and hasattr(record, "version"):
            abort(400, description=gettext("The form does not say which version it changes."))
        return version

    def drop_hidden(self, form: Any) -> None:
        """Leave out what the other values hide: neither checked nor written, whatever is sent."""
        data = {field.name: field.data for field in form}
        for name in self.screen.declared.hidden_fields(data):
            del form[name]

    # --- showing -----------------------------------------------------------------------------
    def shown(self, name: str, value: Any) -> Any:
        """Return the value of a field as a page shows it.

        Args:
            name: name of the field.
            value: as a form holds it; the key of a related row, or a list of them.
        """
        column = self.screen.columns.get(name)
        field = column.field if column is not None else None
        if field is not None and field.kind == FILE:
            return shown_value(field, value)
        is_relation = column is not None and column.kind == "relation"
        if field is None and (isinstance(value, list) or is_relation):
            keys = value if isinstance(value, list) else [value]
            labels = self.screen.datamodel.get_related_interface(name).labels(
                key for key in keys if key is not None
            )
            return ", ".join(labels.get(key, "") for key in keys if key is not None)
        if column is None:
            return value
        return writer(column, self.screen.drawn_choices(name), full=True)(value)

    def learn_labels(self, form: Any, record: Any) -> None:
        """Read the labels of all relations of a row in one statement."""
        fields = [
            field for field in form
            if isinstance(field, RelationField) and not isinstance(field, RelationsField)
            and field.data is not None and field.data == field.object_data
        ]
        if not fields:
            return
        columns, person = [self.screen.columns[field.name] for field in fields], actor()
        row = db.session.execute(
            values_of_row(self.screen.datamodel.key, shown_to(columns, person)),
            {"key": record.id, **label_parameters(columns, person)}).one()
        for field, label in zip(fields, row, strict=True):
            field.known[field.data] = str(label or f"#{field.data}")

    # --- errors ------------------------------------------------------------------------------
    def explain(self, form: Any, error: Rejected | Invalid, record: Any | None) -> None:
        """Put what went wrong at the field it belongs to, or above the form."""
        if isinstance(error, Invalid):
            for name, message in error.errors.items():
                field = self._field_of(name)
                if field in form:
                    form[field].errors = [*form[field].errors, translate(message)]
                else:
                    form.form_errors.append(self._at_column(field, translate(message)))
            return
        if isinstance(error, Conflict):
            for field in form:
                if self._is_taken(field, record):
                    field.errors = [*field.errors, gettext("This value is taken already.")]
            if form.errors:
                return
        form.form_errors.append(translate(error.message))

    def _field_of(self, column: str) -> str:
        """Return the field of the form that writes a column: a relation, or the column itself."""
        name = column.removesuffix("_id")
        return name if name != column and name in self.screen.columns else column

    def _at_column(self, name: str, text: str) -> str:
        """Return a sentence with the label of the column that it is about in front."""
        column = self.screen.columns.get(name)
        return prefixed(f"{translated(column.label)}: ", text) if column is not None else text

    def _is_taken(self, field: Any, record: Any | None) -> bool:
        model, key = self.screen.model, self.screen.datamodel.key
        mapped = model.__mapper__.columns.get(field.name)
        if mapped is None or not mapped.unique or field.data in (None, ""):
            return False
        taken = select(key).where(getattr(model, field.name) == field.data)
        if record is not None:
            taken = taken.where(key != record.id)
        return db.session.scalar(taken.limit(1)) is not None
