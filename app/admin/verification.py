"""Verification of customers' information: the log, the card on the customer's page, the rules."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from typing import Any, ClassVar, overload

from flask import has_request_context, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import aliased
from werkzeug.wrappers import Response as BaseResponse

from app.admin.pages import PageView
from app.admin.plugin_settings import settings_page
from app.customers.contact_models import Contact
from app.customers.items import (
    IN_ORDER,
    INFORMATION_STATES,
    ITEMS,
    MISSING,
    REJECTED,
    TO_VERIFY,
    UNVERIFIED,
    VERIFICATION_STATES,
    VERIFIED,
)
from app.customers.models import Customer, Membership, ServiceTier
from app.customers.profile_settings import SETTINGS_NAME, wanted_items
from app.customers.template import item_labels, work_out_again
from app.customers.verification import (
    MAY_VERIFY,
    REJECT,
    VERIFY,
    current_verifications,
    latest_verifications,
)
from app.customers.verification_models import Verification
from app.people.clock import local_today
from app.people.services import name_column
from app.records.dictionaries import kept_entries
from app.records.values import held_value, is_empty
from app.screens.bulk.record_actions import RecordActions
from app.screens.columns.cells import badge
from app.screens.columns.columns import label_of, register_label
from app.screens.columns.custom_fields import shown_value
from app.screens.columns.held_values import value_held
from app.sdk import N_
from app.sdk.screens import (
    Chip,
    Choice,
    RecordHeader,
    RecordInterface,
    RecordPage,
    RecordView,
    SavedList,
    Screen,
    Section,
    TimelineEntry,
    current_person,
    page_language,
    requires,
    translated,
    write_date,
)
from app.sdk.services import db

_INFORMATION_TONES = {MISSING: ("warn", "alert-triangle"), TO_VERIFY: ("calm", "progress"),
                      IN_ORDER: ("good", "circle-check")}
STATES_OF_INFORMATION = [Choice(value, label, *_INFORMATION_TONES[value])
                         for value, label in INFORMATION_STATES]
INCOMPLETE = SavedList(
    name="incomplete", title=N_("Incomplete information"), sort="completeness",
    filters={"information_state__in": [MISSING, TO_VERIFY]},
    columns=("number", "name", "phone", "completeness", "information_state", "owner"))
DUE_FOR_REVIEW = SavedList(
    name="review", title=N_("Due for review"), sort="review_due_on",
    filters={"review_due_on__period": ["overdue"]},
    columns=("number", "name", "phone", "review_due_on", "reviewed_at", "reviewed_by", "owner"))
_TONES = {VERIFIED: ("good", "rosette-discount-check"), REJECTED: ("bad", "circle-x"),
          UNVERIFIED: ("still", "circle-dashed")}
STATES = [Choice(value, label, *_TONES[value]) for value, label in VERIFICATION_STATES]


@dataclasses.dataclass(frozen=True, slots=True)
class ShownItem:
    """An item of a customer's information as the card shows it.

    Attributes:
        name: column of the customer.
        label: shown name.
        value: what is known; a sensitive value is its mask, an empty text where nothing is.
        is_text: whether people typed the value.
        state: badge that says whether it is verified.
        who: who looked at it, and ``at`` when.
        document: kind of document it was seen on.
        note: number of the document, remark, or why it was rejected.
        file: name of the attachment.
        file_url: its address.
    """

    name: str
    label: str
    value: str
    is_text: bool
    state: Any
    who: str = ""
    at: Any = None
    document: str = ""
    note: str = ""
    file: str = ""
    file_url: str = ""


def percent_text(value: int) -> str:
    """Return a percentage as lists and pages show it."""
    return f"{value}\N{NO-BREAK SPACE}%"


class CustomerHeader(RecordHeader):
    """The head of a customer's page: tier, membership, how complete the information is."""

    def badges(self, record: Customer) -> Sequence[Chip]:
        """Return tier, membership, completeness, and whether a review is due."""
        if record.erased_at is not None:
            return [Chip(label=N_("Erased customer"), tone="still", icon="user-x")]
        tone, icon = _INFORMATION_TONES.get(record.information_state, ("still", ""))
        chips = [Chip(label=N_("Legal hold"), tone="warn", icon="gavel")] if (
            record.on_hold) else []
        chips += [
            Chip(label=(known.name_zh if page_language() == "zh" else "") or known.name,
                 tone=known.colour or "still", icon=drawn, title=title)
            for model, key, drawn, title in (
                (ServiceTier, record.tier_id, "crown", N_("Service tier")),
                (Membership, record.membership_id, "id-badge-2", N_("Membership")))
            if key is not None and (known := kept_entries(db.session, model).get(key)) is not None
        ]
        chips.append(Chip(
            label=gettext("Complete to %(percent)s", percent=percent_text(record.completeness)),
            tone=tone, icon=icon, title=dict(INFORMATION_STATES).get(record.information_state, ""),
        ))
        if record.review_due_on is not None and record.review_due_on < local_today():
            chips.append(Chip(label=N_("Due for review"), tone="warn", icon="calendar-due"))
        return chips


class VerifiedCustomerPage(RecordPage):
    """The page of a customer, with the state of each item of information."""

    def context(self, record: Customer) -> dict[str, Any]:
        """Return the items that count and whether the caller may verify them."""
        return {
            **super().context(record),
            "items": shown_items(self.screen, record) if record.erased_at is None else (),
            "may_verify": current_person().can(*MAY_VERIFY) and not record.is_away,
        }


class CustomerActions(RecordActions):
    """Actions on a customer; the buttons of the card name the item that they are about."""

    def defaults(self, name: str, record: Customer | None) -> dict[str, Any]:
        """Return the item that the address names; all that are not verified yet without one."""
        if record is None or name not in (VERIFY, REJECT):
            return {}
        asked = request.args.get("item")
        if asked or name == REJECT:
            return {"items": [asked] if asked else []}
        held = current_verifications(db.session, record.id)
        return {"items": [one for one in wanted_items(db.session).items
                          if one not in held and not is_empty(held_value(record, one))]}


def shown_items(screen: Screen, record: Customer) -> Sequence[ShownItem]:
    """Return the items of a customer that count, in order."""
    found_rows = latest_verifications(db.session, record.id)
    held = {row.item: row for row, _name in found_rows}
    names = {row.by_id: name or "" for row, name in found_rows}
    labels = item_labels(db.session, current_person(), page_language())
    states = {choice.value: choice for choice in STATES}
    found = []
    for name in wanted_items(db.session).items:
        if name not in labels:
            continue
        row, (shown, is_date) = held.get(name), _shown_value(screen, record, name)
        item = ShownItem(name, translated(labels[name]), shown, not is_date,
                         badge(states[row.state if row else UNVERIFIED]))
        if row is not None:
            item = dataclasses.replace(
                item, who=names[row.by_id], at=row.at, note=row.note or row.reason,
                document=row.document_kind.titled(page_language()) if row.document_kind else "",
                **_attachment(screen, record, row))
        found.append(item)
    return found


def _shown_value(screen: Screen, record: Customer, name: str) -> tuple[str, bool]:
    """Return what is known of an item as text, and whether it is a date."""
    column = screen.columns.get(name)
    value = value_held(record, name, column)
    if hasattr(value, "isoformat"):
        return write_date(value), True
    if column is not None and column.field is not None:
        return shown_value(column.field, held_value(record, name)), False
    return str(value or ""), False


_HAPPENED = {
    VERIFIED: (N_("verified: %(items)s"), "rosette-discount-check"),
    REJECTED: (N_("rejected: %(items)s"), "circle-x"),
    UNVERIFIED: (N_("changed what was verified: %(items)s"), "circle-dashed"),
}


def timeline_entries(customer_id: int, most: int) -> Sequence[TimelineEntry]:
    """Return what was verified, rejected and changed since of a customer, newest first.

    Args:
        customer_id: the customer.
        most: most entries.
    """
    found_rows = db.session.execute(
        select(Verification, name_column(Verification.by_id))
        .where(Verification.customer_id == customer_id)
        .order_by(Verification.at.desc(), Verification.id).limit(most * len(ITEMS))).all()
    names = {row.by_id: name or "" for row, name in found_rows}
    labels, found = item_labels(db.session, current_person(), page_language()), []
    rows = [row for row, _name in found_rows if row.item in labels]
    # What was done at once is one entry.
    for (at, state, by_id), group in itertools.groupby(
        rows, key=lambda row: (row.at, row.state, row.by_id)
    ):
        done = list(group)
        text, icon = _HAPPENED[state]
        items = ", ".join(translated(labels[row.item]) for row in done)
        found.append(TimelineEntry(
            at=at, who=names[by_id], what=gettext(text, items=items), icon=icon,
            kind="change", text=done[0].reason))
    return found[:most]


def _attachment(screen: Screen, record: Customer, row: Verification) -> dict[str, str]:
    if row.file is None or row.file.deleted_at is not None:
        return {}
    return {"file": row.file.name,
            "file_url": screen.url("file", pk=record.id, file_id=row.file.id)}


class ItemChoices(Sequence[Choice]):
    """The items of information with their labels, those of the template at the running request."""

    def _all(self) -> list[Choice]:
        if not has_request_context():
            return [Choice(name, label) for name, label in ITEMS]
        labels = item_labels(db.session, current_person(), page_language())
        return [Choice(name, label) for name, label in labels.items()]

    def __len__(self) -> int:
        return len(self._all())

    @overload
    def __getitem__(self, place: int) -> Choice: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Choice]: ...

    def __getitem__(self, place: int | slice) -> Choice | Sequence[Choice]:
        return self._all()[place]


def _contact_label(contact: Any) -> Any:
    """Return the SQL that names a contact: the customer with whom it was."""
    customer = aliased(Customer)
    return (select(label_of(Customer, customer)).where(customer.id == contact.customer_id)
            .scalar_subquery())


register_label(Contact, _contact_label)


class VerificationView(RecordView):
    """The log of verifications; the actions of customers write it."""

    datamodel = RecordInterface(Verification)
    route_base = "/verifications"
    class_permission_name = "core.Verification"
    base_permissions: ClassVar[list[str]] = ["can_list", "can_show", "can_export"]
    list_title = N_("Verifications")
    record_label = N_("Verification")
    icon = "rosette-discount-check"
    list_columns = ["at", "customer", "item", "state", "by", "document_kind", "note", "reason"]
    list_choice = ["is_current", "contact"]
    saved_views = ()
    board_column = calendar_column = ""
    form_sections = (Section(fields=("at", "customer", "item", "state", "is_current", "by",
                                     "contact", "document_kind", "note", "file", "reason"),
                             wide=("note", "reason")),)
    choices: ClassVar[dict[str, Any]] = {"state": STATES, "item": ItemChoices()}
    label_columns = {"at": N_("When"), "customer": N_("Customer"), "item": N_("Information"),
                     "state": N_("State"), "by": N_("By"), "document_kind": N_("Evidence"),
                     "note": N_("Number or remark"), "file": N_("Attachment"),
                     "reason": N_("Reason"), "is_current": N_("Latest of the item"),
                     "contact": N_("In contact")}
    default_sort = "-at"
    is_importable = False


class CustomerRulesView(PageView):
    """The rules of customers' information, as a form."""

    route_base = "/customer-rules"
    default_view = "index"
    class_permission_name = "core.CustomerRules"
    base_permissions: ClassVar[list[str]] = ["can_edit"]
    list_title = N_("Rules of customer information")
    icon = "list-check"

    @expose("/", methods=["GET", "POST"])
    @requires("edit")
    def index(self) -> BaseResponse | str | tuple[str, int]:
        """Ask for the rules, or save them; a job then works out how complete customers are."""
        answer = settings_page(self, SETTINGS_NAME, translated(self.list_title), self.url())
        if request.method == "POST" and isinstance(answer, BaseResponse):
            work_out_again(db.session, current_person())
        return answer
