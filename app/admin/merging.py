"""Screen of duplicate customers: found, compared side by side, merged, and parted again."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from app.admin.customers import CustomerView
from app.admin.pages import UNPROCESSABLE, PageView
from app.admin.table_titles import table_title
from app.customers.changes.rules import withheld
from app.customers.merging.finding import duplicates
from app.customers.merging.models import CustomerMerge
from app.customers.merging.operations import (
    VIEW,
    belongings,
    choosable,
    latest,
    merge,
    undo,
    undo_refusal,
)
from app.customers.models import CONTACT_WAYS, GRADES, Customer
from app.customers.template import CUSTOMERS
from app.errors import CarelineError, Invalid
from app.forms.build import translate
from app.i18n import LinkedText
from app.records.custom_fields.definitions import CustomField
from app.records.custom_fields.store import custom_fields_of
from app.records.services import find
from app.records.values import held_value, is_empty
from app.screens.columns.custom_fields import localised, shown_value
from app.sdk import N_
from app.sdk.screens import current_person, page_language, requires, translated
from app.sdk.services import db
from app.web.texts import column_msgid

MOST_MERGES = 20
# Columns that name an entry of a list.
_ENTRIES = ("tier_id", "membership_id")
_OTHER = N_("Other entries")


@dataclasses.dataclass(frozen=True, slots=True)
class ComparedField:
    """A field of two customers side by side.

    Attributes:
        name: of the column.
        label: shown name, translated.
        kept: what the survivor holds, as it is shown.
        other: what the other one holds.
        differs: whether there is anything to choose.
        takes_other: whether the other value is the one that is chosen at first.
        waits: whether taking it over needs a second person.
    """

    name: str
    label: str
    kept: str
    other: str
    differs: bool
    takes_other: bool
    waits: bool


def compared(survivor: Customer, merged: Customer) -> list[ComparedField]:
    """Return the fields of two customers; of an empty and a filled one the filled is chosen."""
    names = choosable(db.session, current_person())
    held = withheld(db.session, current_person(), names)
    custom = {field.key: field for field in custom_fields_of(db.session, CUSTOMERS)}
    fields = []
    for name in names:
        kept, other = held_value(survivor, name), held_value(merged, name)
        if is_empty(kept) and is_empty(other):
            continue
        mine, theirs = (
            _shown_field(custom[name], value) if name in custom else _shown(one, name, value)
            for one, value in ((survivor, kept), (merged, other)))
        fields.append(ComparedField(
            name, _label(name, custom.get(name)), mine, theirs, kept != other, is_empty(kept),
            name in held))
    return fields


def _label(name: str, field: CustomField | None) -> str:
    if field is not None:
        return str(localised(field.label, field.label_zh))
    column = name.removesuffix("_id") if name in _ENTRIES else name
    return translated(CustomerView.label_columns.get(column) or column_msgid(column))


def _shown_field(field: CustomField, value: Any) -> str:
    return "" if is_empty(value) else shown_value(field, value)


def _shown(customer: Customer, name: str, value: Any) -> str:
    if is_empty(value):
        return ""
    if name in _ENTRIES:
        return getattr(customer, name.removesuffix("_id")).titled(page_language())
    words = {"grade": dict(GRADES), "preferred_contact": dict(CONTACT_WAYS)}.get(name, {})
    return translated(words[value]) if value in words else str(value)


def moving(customer: Customer) -> Mapping[str, int]:
    """Return how many rows move with a customer, by what they are called."""
    return rows_by_label(belongings(db.session, customer))


def rows_by_label(tables: Mapping[str, int]) -> Mapping[str, int]:
    """Return numbers of rows by what they are called, for numbers by name of the table."""
    numbers: dict[str, int] = {}
    for table, number in tables.items():
        label = table_title(table) or _OTHER
        numbers[label] = numbers.get(label, 0) + number
    return numbers


class CustomerMergeView(PageView):
    """Customers that are probably one, and those that were merged."""

    route_base = "/customer-duplicates"
    default_view = "index"
    class_permission_name = VIEW
    base_permissions: ClassVar[list[str]] = ["can_list", "can_merge"]
    list_title = N_("Duplicate customers")
    icon = "users-group"

    @expose("/")
    @requires("list")
    def index(self) -> str:
        """Show customers with the same number or name, and the latest merges."""
        return self.render_template(
            "admin/duplicates.html", view=self, groups=duplicates(db.session),
            merges=[(one, undo_refusal(one)) for one in latest(db.session, MOST_MERGES)])

    @expose("/<int:pk>/<int:other>", methods=["GET", "POST"])
    @requires("merge")
    def compare(self, pk: int, other: int) -> BaseResponse | str | tuple[str, int]:
        """Show two customers side by side, or let the second go into the first."""
        survivor, merged = self._customer(pk), self._customer(other)
        if pk == other:
            abort(404)
        if request.method == "GET":
            return self._comparison(survivor, merged)
        taken = [name for name in choosable(db.session, current_person())
                 if request.form.get(f"take__{name}") == "other"]
        try:
            done = merge(db.session, current_person(), survivor, merged, taken,
                         request.form.get("reason", "").replace("\x00", ""))
        except Invalid as error:
            return self._comparison(survivor, merged, translate(
                next(iter(error.errors.values()), error.message))), UNPROCESSABLE
        except CarelineError as error:
            return self._comparison(survivor, merged, translate(error.message)), UNPROCESSABLE
        flash(gettext("%(merged)s went into %(survivor)s.", merged=merged.number,
                      survivor=str(survivor)), "success")
        if done.waiting is not None:
            text = translate(done.waiting)
            flash(Markup(text.__html__()) if isinstance(text, LinkedText) else text, "info")
        return redirect(url_for("CustomerView.show", pk=pk))

    @expose("/undo/<int:pk>", methods=["POST"])
    @requires("merge")
    def undo(self, pk: int) -> BaseResponse:
        """Part two customers that were merged."""
        row = db.session.get(CustomerMerge, pk)
        if row is None:
            abort(404)
        try:
            undo(db.session, current_person(), row)
        except CarelineError as error:
            flash(translate(error.message), "danger")
        else:
            flash(gettext("%(merged)s and %(survivor)s are two customers again.",
                          merged=str(row.merged), survivor=str(row.survivor)), "success")
        return redirect(self.url())

    def _comparison(self, survivor: Customer, merged: Customer, problem: str = "") -> str:
        return self.render_template(
            "admin/merge.html", view=self, survivor=survivor, merged=merged, problem=problem,
            fields=compared(survivor, merged), moving=moving(merged))

    @staticmethod
    def _customer(pk: int) -> Customer:
        found = find(db.session, current_person(), Customer, pk)
        if found is None:
            abort(404)
        return found
