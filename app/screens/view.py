"""The base view of every record screen: list, record page, forms, actions, export.

A view names its model and a few columns; everything else has a default. Hooks are methods with
safe defaults. Flask-AppBuilder collects the permissions and registers the routes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

from flask import url_for
from flask_appbuilder.views import ModelView
from flask_wtf import FlaskForm

from app.database import db
from app.forms.build import translate
from app.i18n import N_
from app.records.operations import Operations, operations_of
from app.screens.boards.page import BoardPages
from app.screens.bulk.action_forms import offer_of
from app.screens.bulk.actions import ActionPages
from app.screens.columns.columns import Column, UnknownColumn, describe
from app.screens.columns.custom_fields import CustomFields, LiveColumns, LiveNames, choices_of_field
from app.screens.contracts import ActionOffer, Chip, Choice, SavedList, Section, ShownWhen
from app.screens.forms.drafts import DraftPages
from app.screens.forms.field_edit import FactPages
from app.screens.forms.form_factory import FormMaker
from app.screens.forms.options import OptionPages
from app.screens.forms.page import FormPages
from app.screens.imports.page import ImportPages
from app.screens.lists.column_chooser import ColumnPages
from app.screens.lists.defaults import take_defaults
from app.screens.lists.export_page import ExportPages
from app.screens.lists.inline_edit import InlinePages
from app.screens.lists.page import ListPages
from app.screens.lists.side_panel import PanelPages
from app.screens.query.datamodel import RecordInterface
from app.screens.query.filters import SEPARATOR
from app.screens.records.comments import CommentPages
from app.screens.records.files import FilePages
from app.screens.records.page import RecordPages
from app.screens.records.recycle_bin import BinPages
from app.screens.saved_views.pages import SavedViewPages
from app.web.request import actor
from app.web.texts import column_msgid

_STOCK = {"download", "action", "action_post"}
_BOOKKEEPING = {
    "id", "number", "version", "created_at", "created_by_id", "created_by", "updated_at",
    "updated_by_id", "updated_by", "deleted_at", "extra", "state", "is_open", "workflow_id",
    "due_at", "path",
}


class RecordView(
    FilePages, CommentPages, BinPages, FactPages, DraftPages, BoardPages, ListPages, ColumnPages,
    OptionPages, SavedViewPages, ExportPages, ImportPages, InlinePages, FormPages, RecordPages,
    PanelPages, ActionPages, ModelView,
):
    """Screens of one model.

    Class attributes, beside Flask-AppBuilder's (``datamodel``, ``list_columns``, ``label_columns``,
    ``order_columns``, ``class_permission_name``, ``base_permissions`` …):

        datamodel: a ``RecordInterface``.
        icon: icon of the record.
        audit_type: name of the kind in the audit trail, where it is not the record type.
        record_label: what one row is called (message id); ``list_title`` names them all.
        list_choice: further columns that a person may add to the list.
        default_sort: column, with ``-`` in front for large values first.
        default_filters: filters in force until others are set, by address argument.
        saved_views: lists that come with the view, as tabs above the list (``SavedList``).
        plain_title: text of the tab of the plain list.
        board_column, calendar_column: choice column of a board, date or time of a calendar.
        assignable: whether those who may edit give several records to a person in one go. Where
            it or the three above are not named, see ``app.screens.lists.defaults``.
        inline_columns: columns whose cells are changed in the list.
        bulk_columns: columns that may be changed for many records at once; by default those of the
            form with choices, relations, dates and numbers.
        filter_columns: what may be filtered by; by default all columns of list and form.
        choices: values of choice columns, by column.
        form_sections: groups of fields of the form; ``add_columns`` and ``edit_columns`` otherwise.
        show_sections: groups of fields of the record page.
        shown_when: conditions of form fields, by name; hidden, a field is neither asked nor
            touched, whatever is sent.
        importer_name, is_importable, import_key, narrowed_by: see ``ImportPages``, ``OptionPages``.
        action_forms: forms of its own for actions, by name, where a definition cannot ask it.
        prefill_columns: columns that the address of the add form may fill in.
        related_views: views listed as tabs of the record page, over their relation to this model.
    """

    icon = "file-text"
    audit_type = ""
    record_label: Any = ""
    list_choice: Sequence[str] = ()
    default_sort = ""
    default_filters: Mapping[str, Sequence[str]] = {}
    saved_views: Sequence[SavedList] | None = None
    plain_title: Any = N_("All")
    filter_columns: Sequence[str] = ()
    choices: Mapping[str, Sequence[Choice]] = {}
    form_sections: Sequence[Section] = ()
    show_sections: Sequence[Section] = ()
    prefill_columns: Sequence[str] = ()
    shown_when: Mapping[str, ShownWhen] = {}
    action_forms: Mapping[str, type[FlaskForm]] = {}
    exclude_route_methods = set(_STOCK)
    datamodel: RecordInterface

    # --- set-up ------------------------------------------------------------------------------
    def _init_properties(self) -> None:
        """Check the declaration once, at start: a misspelt column stops the plugin, not a page."""
        self.label_columns = dict(self.label_columns or {})
        self.related_views = list(self.related_views or [])
        self._related_views: list[Any] = []
        mapped = [name for name in self._default_columns() if name not in _BOOKKEEPING]
        self.list_columns = list(self.list_columns or mapped[:6])
        self.form_sections = self._sections(
            self.form_sections or self.edit_fieldsets or self.add_fieldsets,
            self.edit_columns or self.add_columns or mapped,
        )
        form_fields = [name for section in self.form_sections for name in section.fields]
        self.add_columns = list(self.add_columns or form_fields)
        self.edit_columns = list(self.edit_columns or form_fields)
        self.show_sections = self._sections(
            self.show_sections or self.show_fieldsets or self.form_sections,
            self.show_columns or form_fields,
        )
        self.columns: MutableMapping[str, Column] = {}
        every = (
            *self.list_columns, *self.list_choice, *self.filter_columns, *mapped,
            *(name for section in self.show_sections for name in section.fields),
            *(name for name in (self.board_column, self.calendar_column) if name),
            self.default_sort.removeprefix("-") or self.datamodel.get_pk_name(),
        )
        for name in every:
            if name not in (*self.columns, *self.several, *self.extra_columns()):
                self.columns[name] = self._described(name)
        take_defaults(self)
        self._check_declaration()
        self._take_custom_fields()

    def _take_custom_fields(self) -> None:
        """Let what was declared grow by the custom fields in force at each request."""
        custom = self.custom = CustomFields(self.datamodel.obj)
        self.columns = LiveColumns(dict(self.columns), custom)
        self.list_choice = LiveNames(self.list_choice, custom.keys)
        self.filter_columns = LiveNames(self.filter_columns, custom.keys)
        self.order_columns = LiveNames(self.order_columns, custom.sortable)
        self.add_columns = LiveNames(self.add_columns, custom.used)
        self.edit_columns = LiveNames(self.edit_columns, custom.used)

    def _described(self, name: str) -> Column:
        column = describe(self.datamodel.obj, name, self.label_columns)
        if column.kind == "text" and self.choices_of(name):
            return dataclasses.replace(column, kind="choice")
        return column

    def _check_declaration(self) -> None:
        self._check_narrowing()
        known = set(self.columns)
        for key in self.default_filters:
            if SEPARATOR not in key:
                raise UnknownColumn(f"{type(self).__name__}: {key!r} has no operator")
        for name, condition in self.conditions().items():
            fields = {*self.add_columns, *self.edit_columns}
            if not {name, condition.field} <= fields:
                raise UnknownColumn(f"{type(self).__name__}: {name!r} or the field that it depends "
                                    "on is not on the form")
        kept = {key.rpartition(SEPARATOR)[0] for item in self.saved_views for key in item.filters}
        for name in (*self.choices, *(self.order_columns or ()), *sorted(kept - {*self.several}),
                     *self.inline_columns, *(self.bulk_columns or ())):
            if name not in known:
                raise UnknownColumn(f"{type(self).__name__} names {name!r}, which it does not show")
        self.order_columns = list(
            self.order_columns
            or [
                name for name in (*self.list_columns, *self.list_choice)
                if name in self.columns and self.columns[name].sortable
            ]
        )
        self.default_sort = self.default_sort or f"-{self.datamodel.get_pk_name()}"
        self.filter_columns = list(
            self.filter_columns
            or [name for name, column in self.columns.items()
                if column.kind != "json" and "." not in name and name != "id"]
        )
        needed = dict.fromkeys((self.board_column, self.calendar_column, *sorted(kept)))
        self.filter_columns += [
            name for name in needed if name and name not in self.filter_columns
        ]

    def _default_columns(self) -> list[str]:
        mapper = self.datamodel.obj.__mapper__
        relations = {
            next(iter(relation.local_columns)).name: relation.key
            for relation in mapper.relationships
            if relation.direction.name == "MANYTOONE" and len(relation.local_columns) == 1
        }
        return [relations.get(key, key) for key, _ in mapper.columns.items()]

    @staticmethod
    def _sections(given: Any, fallback: Sequence[str]) -> tuple[Section, ...]:
        if not given:
            return (Section(fields=tuple(fallback)),)
        return tuple(
            item if isinstance(item, Section)
            else Section(title=item[0] or "", fields=tuple(item[1]["fields"]))
            for item in given
        )

    def _init_forms(self) -> None:
        """Make the form classes once; no field of theirs asks the database."""
        self.form_maker = FormMaker(self)
        self.add_form = self.add_form or self.form_maker.form_class(self.add_columns)
        self.edit_form = self.edit_form or self.form_maker.form_class(self.edit_columns)

    def _init_titles(self) -> None:
        words = self._prettify_name(self.datamodel.model_name).replace(" ", "_").lower()
        self.record_label = self.record_label or column_msgid(words)
        self.list_title = self.list_title or self.record_label
        self.title = self.list_title

    # --- addresses ---------------------------------------------------------------------------
    def url(self, method: str = "list", **values: Any) -> str:
        """Return the address of one of the view's pages.

        Args:
            method: name of the method, e.g. ``show``.
            values: path and query values, e.g. ``pk=3``.
        """
        return url_for(f"{self.endpoint}.{method}", **values)

    def can(self, permission: str) -> bool:
        """Return whether the caller holds a permission on this view and the view offers it."""
        return permission in self.base_permissions and actor().can(
            permission, self.class_permission_name
        )

    # --- hooks with safe defaults ------------------------------------------------------------
    def extra_columns(self) -> Mapping[str, Any]:
        """Return labels of columns that ``extra_cells`` fills, by name."""
        return {}

    def extra_cells(self, rows: Sequence[Any]) -> Mapping[str, Mapping[int, Any]]:
        """Return ``{column: {key: shown value}}`` for the rows of one page, in one statement.

        Args:
            rows: tuples whose first item is the primary key.
        """
        return {}

    def choices_of(self, column: str) -> Sequence[Choice]:
        """Return the values of a choice column, in order."""
        given = self.choices.get(column)
        if given is not None:
            return given
        known = self.custom.columns().get(column) if hasattr(self, "custom") else None
        if known is not None:
            return choices_of_field(known.custom)
        mapped = self.datamodel.obj.__mapper__.columns.get(column)
        listed = mapped.info.get("choices", ()) if mapped is not None else ()
        return [item if isinstance(item, Choice) else Choice(*item) for item in listed]

    def conditions(self) -> Mapping[str, ShownWhen]:
        """Return when form fields are shown, by name: their own condition, or their section's."""
        found = {
            name: section.shown_when for section in self.form_sections
            if section.shown_when is not None for name in section.fields
        }
        return {**found, **self.shown_when}

    def record_title(self, record: Any) -> str:
        """Return what stands as heading of a record's page."""
        return str(getattr(record, "title", None) or record)

    def header_chips(self, record: Any) -> Sequence[Chip]:
        """Return chips beside the title: deadlines, warnings."""
        return ()

    def offers(self, record: Any) -> Sequence[ActionOffer]:
        """Return what can be done with a record, with reasons for what cannot be done now."""
        return [
            offer_of(action, self.action_forms)
            for action in self.operations.actions(db.session, actor(), record)
        ]

    def bulk_offers(self) -> Sequence[ActionOffer]:
        """Return what can be done with several records at once."""
        return [
            offer_of(action, self.action_forms)
            for action in self.operations.bulk_actions(db.session, actor())
        ]

    @staticmethod
    def may_act(offer: ActionOffer) -> bool:
        """Return whether the caller holds the right that an action needs."""
        return offer.permission is None or actor().can(*offer.permission)

    # --- operations --------------------------------------------------------------------------
    @property
    def operations(self) -> Operations:
        """The operations of the model: every change of this screen goes through them."""
        return operations_of(self.datamodel.obj)

    def change_refusal(self, record: Any) -> str:
        """Return why a record stays as it is for the caller, or an empty text."""
        refused = self.operations.refuse_change(db.session, actor(), record)
        return "" if refused is None else translate(refused)
