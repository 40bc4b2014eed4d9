"""Screens of requests to change protected data of customers, and who is told of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask import abort, request, url_for
from flask_appbuilder.baseviews import expose
from markupsafe import Markup, escape
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from app.access.actor import Actor
from app.access.sensitive.columns import sensitive_columns
from app.access.sensitive.kinds import mask_all
from app.admin.pages import UNPROCESSABLE, PageView
from app.admin.plugin_settings import settings_page
from app.customers.changes.models import (
    APPROVED,
    DOCUMENTS,
    INCOMPLETE,
    OPEN,
    REJECTED,
    STATUSES,
    UNDECIDED,
    ChangeRequest,
    RequestedChange,
)
from app.customers.changes.operations import ADDRESS, has_changed
from app.customers.changes.rules import DECIDE, LABELS, SETTINGS_NAME, VIEW, fields_by_key
from app.customers.models import Customer
from app.forms.build import translate
from app.notices import kinds
from app.notices.services import tell
from app.people.members import members
from app.records import reveals
from app.records.custom_fields.cleaning import BadValue
from app.records.custom_fields.definitions import LONG_KINDS, CustomField
from app.records.mixin import is_present
from app.screens.bulk.record_actions import RecordActions
from app.screens.columns.custom_fields import localised, shown_value
from app.sdk import N_
from app.sdk.screens import (
    Choice,
    Page,
    RecordInterface,
    RecordPage,
    RecordView,
    SavedList,
    Section,
    current_person,
    is_partial,
    requires,
    translated,
)
from app.sdk.services import AnySelect, db

CARD_ROWS = 6
_TONES = {INCOMPLETE: ("warn", "file-alert"), OPEN: ("calm", "clock"),
          APPROVED: ("good", "check"), REJECTED: ("bad", "x"), "withdrawn": ("still", "ban")}


@dataclasses.dataclass(frozen=True, slots=True)
class ShownChange:
    """A line of a request as its page shows it.

    Attributes:
        key: primary key of the line.
        label: name of the field, translated.
        before: value when the request was made; its mask where the field is sensitive.
        after: value asked for; likewise.
        sensitive: whether the values are masked.
        changed: whether the customer holds another value by now.
        long: whether the values may run over several lines.
    """

    key: int
    label: str
    before: str
    after: str
    sensitive: bool
    changed: bool
    long: bool


def shown_changes(record: ChangeRequest) -> list[ShownChange]:
    """Return the lines of a request, masked as the customer's page would mask them.

    What the reader does not see of the customer is left out.
    """
    labels = _labels()
    return [
        ShownChange(
            line.id, labels[line.name], *_both_shown(line), _is_masked(line.name),
            record.status in UNDECIDED and has_changed(db.session, record.customer, line),
            _long_field(line) is not None)
        for line in record.lines if line.name in labels
    ]


def _labels() -> dict[str, str]:
    """Return what the columns and custom fields are called that the reader sees, by name."""
    return {name: translated(label) for name, label in LABELS.items()} | {
        key: str(localised(field.label, field.label_zh))
        for key, field in fields_by_key(db.session).items()
        if field.is_seen_by(current_person())}


def _is_masked(name: str) -> bool:
    field = fields_by_key(db.session).get(name)
    return field.sensitive if field is not None else name in sensitive_columns(Customer)


def _long_field(line: RequestedChange) -> CustomField | None:
    """Return the custom field of a line whose values are more than one short text."""
    field = fields_by_key(db.session).get(line.name)
    return field if field is not None and field.kind in LONG_KINDS else None


def _both_shown(line: RequestedChange) -> tuple[str, str]:
    field = _long_field(line)
    if field is None:
        return _shown(line.name, line.before), _shown(line.name, line.after)
    if line.long_values is None:
        # The key that encrypted them is not there any more.
        return mask_all(""), mask_all("")
    return (shown_value(field, line.long_values["before"]),
            shown_value(field, line.long_values["after"]))


def _shown(name: str, value: Any) -> str:
    if not value:
        return ""
    if not value.is_readable:
        return value.masked
    field = fields_by_key(db.session).get(name)
    if field is not None:
        return _shown_field(field, value.reveal())
    column = sensitive_columns(Customer).get(name)
    return column.mask(value.reveal()) if column is not None else value.reveal()


def _shown_field(field: CustomField, clear: str) -> str:
    try:
        return shown_value(field, field.from_text(clear))
    except BadValue:
        # The definition was changed since: what is no choice any more is shown as it was typed.
        return mask_all(clear) if field.sensitive else clear


def field_names(names: str) -> Markup:
    """Return the names of the fields of a request for a list."""
    labels = _labels()
    return Markup(" · ").join(
        escape(labels[name]) for name in (names or "").split() if name in labels)


class ChangeRequestPage(RecordPage):
    """The page of a request: old and new value side by side."""

    def context(self, record: ChangeRequest) -> dict[str, Any]:
        """Return the lines, and how many requests were made in the same go."""
        together = db.session.scalar(
            select(func.count()).select_from(ChangeRequest)
            .where(ChangeRequest.change_set == record.change_set, is_present(ChangeRequest))) or 0
        changes = shown_changes(record)
        return {
            "changes": changes, "together": together,
            "together_url": self.screen.url("list", change_set__is=record.change_set, all=1),
            "reveals": reveals.may_reveal(current_person(), VIEW),
            "changed_since": [one.label for one in changes if one.changed],
        }


class RequestedValuesPage(Page):
    """The values of one line in clear, for a reason that is kept."""

    @expose("/values/<pk>/<line_id>", methods=["GET", "POST"])
    @requires("show")
    def requested_values(self, pk: str, line_id: str) -> str | tuple[str, int]:
        """Ask for the reason, then show the old value and the new one."""
        record = self.screen.get_or_404(pk)
        line = next((one for one in record.lines if str(one.id) == line_id), None)
        if line is None or line.name not in _labels() or not _is_masked(line.name):
            abort(404)
        if not reveals.may_reveal(current_person(), VIEW):
            abort(403)
        if request.method == "GET":
            return self._values_page(record, line)
        try:
            clear = reveals.reveal(db.session, current_person(), line, ["before", "after"],
                                   request.form.get("reason", ""), VIEW)
        except (reveals.NoReason, reveals.NotRevealed) as error:
            return self._values_page(record, line, problem=translate(error.message)), UNPROCESSABLE
        return self._values_page(record, line, clear=clear)

    def _values_page(
        self, record: ChangeRequest, line: RequestedChange,
        clear: Mapping[str, str] | None = None, problem: str = "",
    ) -> str:
        return self.screen.render(
            "admin/requested_values.html", record=record, line=line, clear=clear, problem=problem,
            label=_labels()[line.name], partial=is_partial())


class RequestActions(RecordActions):
    """Steps of a request; its form begins with what it says already."""

    def defaults(self, name: str, record: Any | None) -> dict[str, Any]:
        """Return reason and kind of document as they stand."""
        if name != "document" or record is None:
            return {}
        return {"reason": record.reason, "document_kind": record.document_kind}


class ChangeRequestView(RecordView):
    """Requests to change protected data of customers."""

    datamodel = RecordInterface(ChangeRequest)
    route_base = ADDRESS
    class_permission_name = VIEW
    base_permissions: ClassVar[list[str]] = [
        "can_list", "can_show", "can_export", "can_comment"]
    list_title = N_("Change requests")
    record_label = N_("Change request")
    icon = "file-diff"
    list_columns = ["number", "customer", "fields", "status", "maker", "reason", "created_at"]
    list_choice = ["document_kind", "document_number", "decider", "decided_at", "answer",
                   "change_set"]
    filter_columns = ["customer", "status", "maker", "decider", "document_kind", "created_at",
                      "decided_at", "change_set"]
    saved_views = (
        SavedList(name="to_decide", title=N_("To decide"), filters={"status__in": [OPEN]},
                  sort="created_at"),
        SavedList(name="incomplete", title=N_("Document missing"),
                  filters={"status__in": [INCOMPLETE]}, sort="created_at"),
        SavedList(name="mine", title=N_("Mine"), filters={"maker__in": ["me"]}),
    )
    formatters_columns = {"fields": field_names}
    is_importable = False
    assignable = False
    board_column = calendar_column = ""
    default_sort = "-created_at"
    choices = {
        "status": [Choice(value, label, *_TONES[value]) for value, label in STATUSES],
        "document_kind": [Choice(value, label) for value, label in DOCUMENTS],
    }
    label_columns = {
        "customer": N_("Customer"), "fields": N_("Fields"), "maker": N_("Requested by"),
        "reason": N_("Reason"), "document_kind": N_("Kind of document"),
        "document_number": N_("Number of the document"), "decider": N_("Decided by"),
        "decided_at": N_("Decided at"), "answer": N_("Reason of the rejection"),
        "change_set": N_("Requested in one go"), "status": N_("Status"),
    }
    form_sections = (Section(fields=(
        "customer", "status", "maker", "created_at", "reason", "document_kind", "document_number",
        "decider", "decided_at", "answer"), wide=("reason", "answer")),)
    show_template = "admin/change_request.html"
    record_page = ChangeRequestPage
    record_actions = RequestActions
    requested_values_page = RequestedValuesPage


class ChangeRulesView(PageView):
    """Which data of customers are protected, as a form."""

    route_base = "/change-rules"
    default_view = "index"
    class_permission_name = "core.ChangeRules"
    base_permissions: ClassVar[list[str]] = ["can_edit"]
    list_title = N_("Protected customer data")
    icon = "lock"

    @expose("/", methods=["GET", "POST"])
    @requires("edit")
    def index(self) -> BaseResponse | str | tuple[str, int]:
        """Ask for the rules, or save them."""
        return settings_page(self, SETTINGS_NAME, translated(self.list_title), self.url())


def changes_to_decide(session: Session, actor: Actor) -> dict[str, Any] | None:
    """Return the requests that the actor may decide on; nothing when there are none."""
    open_for = (ChangeRequest.status == OPEN, is_present(ChangeRequest),
                ChangeRequest.maker_id.is_distinct_from(actor.user_id))
    number = session.scalar(
        select(func.count()).select_from(ChangeRequest).where(*open_for)) or 0
    if not number:
        return None
    found: Sequence[ChangeRequest] = session.scalars(
        select(ChangeRequest).where(*open_for).order_by(ChangeRequest.id).limit(CARD_ROWS)).all()
    return {
        "figures": [{"label": N_("To decide"), "value": number, "url": _list_to_decide()}],
        "rows": [{"title": f"{one.number} {one.customer.name}", "remark": one.reason,
                  "url": url_for("ChangeRequestView.show", pk=one.id)} for one in found],
        "more_url": _list_to_decide(),
    }


def requests_waiting(actor: Actor) -> AnySelect | None:
    """Return the SELECT of the requests that the actor may decide on, ``None`` for others."""
    if not actor.can(DECIDE, VIEW):
        return None
    return select(ChangeRequest.id).where(
        ChangeRequest.status == OPEN, is_present(ChangeRequest),
        ChangeRequest.maker_id.is_distinct_from(actor.user_id))


def _list_to_decide() -> str:
    return url_for("ChangeRequestView.list", status__in=OPEN, all=1)


def notify_of_request(session: Session, payload: Mapping[str, Any]) -> None:
    """Tell those who may decide that a request waits, and its maker of the decision.

    Args:
        session: inside of a writing block.
        payload: payload of ``on_record_saved``.
    """
    if payload["record_type"] != ChangeRequest.__record_type__ or (
            "status" not in payload["fields"]):
        return
    record = session.get(ChangeRequest, payload["record_id"])
    if record is None or record.is_away:
        return
    values = {"number": record.number, "customer": record.customer.name}
    if record.status == OPEN and _is_first_of_its_set(session, record):
        deciders = [one.user_id for one in members(session, can=(DECIDE, VIEW), present=False)]
        tell(session, deciders, kinds.WAITING,
             N_("A change of the data of %(customer)s waits for your decision."),
             values=values, record=record, by=record.maker_id)
    if record.status in (APPROVED, REJECTED):
        text = N_("Your change of the data of %(customer)s is approved.") if (
            record.status == APPROVED
        ) else N_("Your change of the data of %(customer)s is rejected.")
        tell(session, [record.maker_id], kinds.MOVED, text, values=values, record=record,
             by=record.decider_id)


def _is_first_of_its_set(session: Session, record: ChangeRequest) -> bool:
    """Whether no earlier request of the same go is complete: one notice tells of all of them."""
    return session.scalar(
        select(ChangeRequest.id).where(
            ChangeRequest.change_set == record.change_set, ChangeRequest.id < record.id,
            ChangeRequest.status != INCOMPLETE).limit(1)) is None
