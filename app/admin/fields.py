"""Screen of custom fields: what an admin adds to each kind of record, without a programmer."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, request
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.sqla.models import Role
from flask_babel import gettext
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from app.admin.access.roles import role_title
from app.admin.pages import UNPROCESSABLE, PageView, explain
from app.forms.choices import SelectChoice
from app.host.host import current_host
from app.lazy_texts import lazy_gettext
from app.records.custom_fields.definitions import (
    ALWAYS_SENSITIVE,
    CHOICE_KINDS,
    FIELD_KINDS,
    RECORD,
    CustomField,
)
from app.records.custom_fields.store import (
    BadDefinition,
    arrange_fields,
    change_field,
    custom_fields_of,
    define_field,
    field_as_mapping,
    import_fields,
    offered_fields,
    retire_field,
)
from app.records.custom_fields.transfer import (
    BadFieldFile,
    choices_from_lines,
    lines_of_choices,
    read_field_file,
    write_field_file,
)
from app.records.search.pinyin import name_for
from app.screens.columns.custom_fields import localised, sections_of
from app.screens.forms.custom_form_fields import ChoicesField, custom_form_field
from app.screens.saved_views.ordering import stepped
from app.sdk import N_, RecordType
from app.sdk.screens import current_person, go_to, is_partial, requires, translate, translated
from app.sdk.services import db

_MOST_BYTES = 200_000


def role_choices() -> list[Any]:
    """Return the roles of the product as choices, by identity."""
    rows = db.session.execute(
        select(Role.id, Role.name).where(Role.name != "Public").order_by(Role.name))
    return [SelectChoice(key, role_title(name)) for key, name in rows]


def target_choices() -> list[Any]:
    """Return the kinds of record that a link can lead to, by name."""
    found = [SelectChoice(kind.model.__record_type__, translated(kind.label))
             for kind in current_host().record_types()]
    return [SelectChoice("", ""), *sorted(found, key=lambda one: str(one.label))]


class FieldForm(FlaskForm):
    """Asks for a definition."""

    label_zh = StringField(lazy_gettext("Label in Chinese"), [Length(max=120)])
    label = StringField(lazy_gettext("Label in English"), [Length(max=120)])
    kind = SelectField(lazy_gettext("Kind of field"), choices=lambda: [
        SelectChoice(kind, translated(text)) for kind, text in FIELD_KINDS.items()])
    target = SelectField(
        lazy_gettext("Leads to"), choices=lambda: target_choices(),
        validate_choice=False,
        render_kw={"data-visible-when": '["kind", "equals", "record"]'})
    name = StringField(
        lazy_gettext("Identifier"), [Length(max=40)],
        description=lazy_gettext("For files and the API. Left empty, it follows from the label."),
    )
    choices = TextAreaField(
        lazy_gettext("Values to choose from"), [Length(max=20_000)], render_kw={
            "rows": 5, "data-visible-when": '["kind", "one_of", ["choice", "choices"]]',
            "data-choice-rows": "", "data-chinese": lazy_gettext("Chinese"),
            "data-english": lazy_gettext("English"), "data-value": lazy_gettext("Identifier"),
            "data-up": lazy_gettext("Move up"), "data-remove": lazy_gettext("Take away")},
        description=lazy_gettext("One a line: identifier = English | Chinese. "
                                 "The identifier may be left out."),
    )
    help_zh = StringField(lazy_gettext("Help in Chinese"), [Length(max=200)])
    help = StringField(lazy_gettext("Help in English"), [Length(max=200)])
    group_zh = StringField(
        lazy_gettext("Group in Chinese"), [Length(max=120)], render_kw={"list": "field-groups-zh"},
        description=lazy_gettext("Title of the section on the form and on the page."))
    group = StringField(
        lazy_gettext("Group in English"), [Length(max=120)], render_kw={"list": "field-groups"})
    required = BooleanField(lazy_gettext("Required"))
    verified = BooleanField(
        lazy_gettext("Needs verification"),
        description=lazy_gettext("Counts for the information of customers."))
    seen_by = ChoicesField(
        lazy_gettext("Seen by"), coerce=int, choices=lambda: role_choices(),
        description=lazy_gettext("Roles; left empty, everybody who sees the record."))
    edited_by = ChoicesField(
        lazy_gettext("Filled in by"), coerce=int, choices=lambda: role_choices(),
        description=lazy_gettext("Roles; left empty, everybody who sees the field."))
    protected = BooleanField(
        lazy_gettext("A change needs a second person"),
        description=lazy_gettext("Counts for customers: a change is a request that another person "
                                 "approves."))
    sensitive = BooleanField(
        lazy_gettext("Masked and encrypted"),
        description=lazy_gettext(
            "Shown as a mask until somebody reveals it for a reason. Phone, identity and card "
            "numbers always are."))

    def definition(self, held: CustomField | None) -> CustomField:
        """Return what was entered; name and kind of a field that is there stay."""
        label = (self.label.data or self.label_zh.data or "").strip()
        kind = held.kind if held else self.kind.data
        return CustomField(
            name=held.name if held else (self.name.data or "").strip() or name_for(label),
            kind=kind, label=label, label_zh=(self.label_zh.data or "").strip(),
            help=(self.help.data or self.help_zh.data or "").strip(),
            help_zh=(self.help_zh.data or "").strip(), required=bool(self.required.data),
            choices=choices_from_lines(self.choices.data or "")
            if self.choices and kind in CHOICE_KINDS else (),
            retired=held.retired if held else False,
            group=(self.group.data or self.group_zh.data or "").strip(),
            group_zh=(self.group_zh.data or "").strip(), verified=bool(self.verified.data),
            sensitive=bool(self.sensitive.data) or kind in ALWAYS_SENSITIVE,
            seen_by=tuple(sorted(self.seen_by.data or ())),
            edited_by=tuple(sorted(self.edited_by.data or ())),
            protected=bool(self.protected.data),
            target=held.target if held else (
                self.target.data or "" if kind == RECORD else ""),
        )


class FieldsView(PageView):
    """Custom fields by kind of record."""

    route_base = "/fields"
    default_view = "index"
    class_permission_name = "core.CustomFields"
    base_permissions = ["can_list", "can_edit"]
    list_title = N_("Custom fields")
    icon = "forms"

    @expose("/")
    @requires("list")
    def index(self) -> str:
        """Show all kinds of record with the number of their fields."""
        rows = []
        for kind in self._kinds():
            fields = custom_fields_of(db.session, kind.model.__record_type__)
            used = [field for field in fields if not field.retired]
            rows.append((kind, used, len(fields) - len(used)))
        return self.render_template("admin/fields.html", view=self, rows=rows, worded=localised)

    @expose("/<record_type>")
    @requires("list")
    def show(self, record_type: str) -> str:
        """Show the fields of a kind of record, and how their form looks."""
        kind = self._kind(record_type)
        return self.render_template("admin/fields_of.html", view=self, **self._context(kind))

    def _context(self, kind: RecordType) -> dict[str, Any]:
        fields = custom_fields_of(db.session, kind.model.__record_type__)
        used = {field.key: custom_form_field(field) for field in fields if not field.retired}
        return {
            "kind": kind, "record_type": kind.model.__record_type__, "fields": fields,
            "kinds": FIELD_KINDS, "worded": localised,
            "roles": {one.value: one.label for one in role_choices()},
            "targets": {one.value: one.label for one in target_choices()},
            "offered": offered_fields(db.session, kind.model.__record_type__),
            "sections": sections_of([field for field in fields if not field.retired]),
            "preview": type("Preview", (FlaskForm,), used)(formdata=None),
        }

    @expose("/<record_type>/new", methods=["GET", "POST"])
    @requires("edit")
    def add(self, record_type: str) -> BaseResponse | str | tuple[str, int]:
        """Ask for a new field, or add it."""
        return self._form_page(self._kind(record_type), None)

    @expose("/<record_type>/field/<name>", methods=["GET", "POST"])
    @requires("edit")
    def edit(self, record_type: str, name: str) -> BaseResponse | str | tuple[str, int]:
        """Ask what is to be different about a field, or change it."""
        return self._form_page(self._kind(record_type), self._field(record_type, name))

    def _form_page(
        self, kind: RecordType, held: CustomField | None
    ) -> BaseResponse | str | tuple[str, int]:
        record_type = kind.model.__record_type__
        form = FieldForm(obj=held) if request.method == "POST" else FieldForm(
            data=None if held is None else {
                **field_as_mapping(held), "choices": lines_of_choices(held.choices)}
        )
        if held is not None:
            del form.name
            del form.kind
            del form.target
            if held.kind not in CHOICE_KINDS:
                del form.choices
        if request.method == "POST" and form.validate():
            definition = form.definition(held)
            try:
                if held is None:
                    define_field(db.session, current_person(), kind.model, definition)
                else:
                    change_field(db.session, current_person(), record_type, definition)
            except BadDefinition as error:
                explain(form, error.errors)
            else:
                flash(gettext("The field has been saved."), "success")
                return self._back(record_type)
        page = self.render_template(
            "admin/field_form.html", view=self, form=form, kind=kind, record_type=record_type,
            held=held, partial=is_partial(), groups=self._groups(record_type),
        )
        return (page, UNPROCESSABLE) if form.errors else page

    @staticmethod
    def _groups(record_type: str) -> list[tuple[str, str]]:
        """Return the groups that fields of a kind of record stand in already."""
        fields = custom_fields_of(db.session, record_type)
        return list(dict.fromkeys((f.group, f.group_zh) for f in fields if f.group))

    def _back(self, record_type: str) -> BaseResponse:
        return go_to(self.url("show", record_type=record_type))

    @expose("/<record_type>/order", methods=["POST"])
    @requires("edit")
    def order(self, record_type: str) -> BaseResponse:
        """Put the fields in the order sent; ``up`` or ``down`` moves a single one."""
        self._kind(record_type)
        names = request.form.getlist("name")
        if "move" in request.form:
            fields = custom_fields_of(db.session, record_type)
            names = stepped([field.name for field in fields], request.form["move"])
        arrange_fields(db.session, current_person(), record_type, names)
        return self._back(record_type)

    @expose("/<record_type>/field/<name>/retire", methods=["POST"])
    @requires("edit")
    def retire(self, record_type: str, name: str) -> BaseResponse:
        """Take a field out of use, or back into it."""
        self._field(record_type, name)
        retire_field(
            db.session, current_person(), record_type, name, request.form.get("retired") == "1"
        )
        return self._back(record_type)

    @expose("/<record_type>/ready-made", methods=["POST"])
    @requires("edit")
    def add_ready_made(self, record_type: str) -> BaseResponse:
        """Add the fields that the product offers for a kind of record and that are not there."""
        kind = self._kind(record_type)
        fields = offered_fields(db.session, record_type)
        added, known = import_fields(db.session, current_person(), kind.model, fields)
        flash(gettext("Fields: %(added)s new, %(known)s known already.", added=added,
                      known=known), "success")
        return self._back(record_type)

    @expose("/<record_type>/export")
    @requires("list")
    def export(self, record_type: str) -> Response:
        """Give the definitions as a YAML file."""
        self._kind(record_type)
        fields = custom_fields_of(db.session, record_type)
        text = write_field_file(record_type, [field_as_mapping(field) for field in fields])
        return Response(text, mimetype="application/yaml", headers={
            "Content-Disposition": f'attachment; filename="{record_type}-fields.yaml"'})

    @expose("/<record_type>/import", methods=["POST"])
    @requires("edit")
    def take_in(self, record_type: str) -> BaseResponse:
        """Add and change fields as a YAML file says."""
        kind = self._kind(record_type)
        sent = request.files.get("file")
        content = sent.read(_MOST_BYTES + 1) if sent else b""
        try:
            fields = read_field_file(content.decode("utf-8-sig"), record_type)
            added, known = import_fields(db.session, current_person(), kind.model, fields)
        except UnicodeDecodeError:
            flash(gettext("This is no YAML file."), "danger")
        except BadFieldFile as error:
            flash(translate(error.message), "danger")
        except BadDefinition as error:
            flash("; ".join(f"{name}: {translate(text)}"
                            for name, text in error.errors.items()), "danger")
        else:
            flash(gettext("Fields: %(added)s new, %(known)s known already.", added=added,
                          known=known), "success")
        return self._back(record_type)

    # --- looking up --------------------------------------------------------------------------
    @staticmethod
    def _kinds() -> list[RecordType]:
        return sorted(current_host().record_types(), key=lambda kind: kind.model.__record_type__)

    def _kind(self, record_type: str) -> RecordType:
        return current_host().record_type(record_type) or abort(404)

    def _field(self, record_type: str, name: str) -> CustomField:
        self._kind(record_type)
        for field in custom_fields_of(db.session, record_type):
            if field.name == name:
                return field
        abort(404)
