"""Screen of requests to erase customers, who is told of them, and the files that go afterwards."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Mapping
from typing import Any, ClassVar

from flask import current_app, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.admin.change_requests import CARD_ROWS
from app.admin.merging import rows_by_label
from app.customers.changes.models import APPROVED, OPEN, REJECTED, WITHDRAWN
from app.customers.models import Customer
from app.customers.privacy.models import DECISIONS, ErasureRequest
from app.customers.privacy.obstacles import erasure_refusal
from app.customers.privacy.reach import one_person, reach
from app.customers.privacy.requests import ADDRESS, DECIDE, REMOVE_CONTENTS, VIEW
from app.customers.privacy.retention import propose_erasures
from app.forms.build import translate
from app.jobs.context import JobContext
from app.jobs.kinds import JobKind, Schedule
from app.notices import kinds
from app.notices.services import tell
from app.people.clock import local_today
from app.people.members import members
from app.records.files import FileStore
from app.records.mixin import is_present
from app.records.models import File
from app.sdk import N_
from app.sdk.screens import Choice, RecordInterface, RecordPage, RecordView, SavedList, Section
from app.sdk.services import AnySelect, db

_TONES = {OPEN: ("calm", "clock"), APPROVED: ("good", "check"), REJECTED: ("bad", "x"),
          WITHDRAWN: ("still", "ban")}
# What goes with the person and is no case: it is told in words.
_GOES = frozenset({
    Customer.__tablename__, File.__tablename__, ErasureRequest.__tablename__})


@dataclasses.dataclass(frozen=True, slots=True)
class ErasurePreview:
    """What an erasure would do.

    Attributes:
        customers: numbers of the customers who are erased, those who were merged included.
        files: how many attachments are deleted.
        kept: how many rows of each kind stay under the pseudonym, by what they are called.
        refused: why it cannot be done now; empty where it can.
    """

    customers: list[str]
    files: int
    kept: Mapping[str, int]
    refused: str


def preview(session: Session, customer: Customer) -> ErasurePreview:
    """Return what the erasure of a customer would do.

    Args:
        session: any session.
        customer: the customer.
    """
    people = one_person(session, customer)
    numbers = {one.table.name: len(one.keys) for one in reach(session, people)}
    refused = erasure_refusal(session, customer)
    return ErasurePreview(
        customers=list(session.scalars(
            select(Customer.number).where(Customer.id.in_(people)).order_by(Customer.id))),
        files=numbers.get(File.__tablename__, 0),
        kept=rows_by_label(
            {name: number for name, number in numbers.items() if name not in _GOES}),
        refused="" if refused is None else translate(refused))


class ErasureRequestPage(RecordPage):
    """The page of a request: what is deleted, and what is kept under a pseudonym."""

    def context(self, record: ErasureRequest) -> dict[str, Any]:
        """Return the preview while nobody has decided."""
        waits = record.status == OPEN and not record.is_away
        return {**super().context(record),
                "preview": preview(db.session, record.customer) if waits else None}


class ErasureRequestView(RecordView):
    """Requests to erase customers."""

    datamodel = RecordInterface(ErasureRequest)
    route_base = ADDRESS
    class_permission_name = VIEW
    base_permissions: ClassVar[list[str]] = ["can_list", "can_show", "can_export"]
    list_title = N_("Erasure requests")
    record_label = N_("Erasure request")
    icon = "user-x"
    list_columns = ["number", "customer", "status", "maker", "reason", "created_at"]
    list_choice = ["decider", "decided_at", "answer"]
    filter_columns = ["customer", "status", "maker", "decider", "created_at", "decided_at"]
    saved_views = (
        SavedList(name="to_decide", title=N_("To decide"), filters={"status__in": [OPEN]},
                  sort="created_at"),
        SavedList(name="mine", title=N_("Mine"), filters={"maker__in": ["me"]}),
    )
    is_importable = False
    assignable = False
    board_column = calendar_column = ""
    default_sort = "-created_at"
    choices = {"status": [Choice(value, label, *_TONES[value]) for value, label in DECISIONS]}
    label_columns = {
        "customer": N_("Customer"), "maker": N_("Requested by"), "reason": N_("Reason"),
        "decider": N_("Decided by"), "decided_at": N_("Decided at"),
        "answer": N_("Reason of the rejection"), "status": N_("Status"),
    }
    form_sections = (Section(fields=(
        "customer", "status", "maker", "created_at", "reason", "decider", "decided_at", "answer"),
        wide=("reason", "answer")),)
    show_template = "admin/erasure_request.html"
    record_page = ErasureRequestPage


def erasures_waiting(actor: Actor) -> AnySelect | None:
    """Return the SELECT of the requests that the actor may decide on, ``None`` for others."""
    if not actor.can(DECIDE, VIEW):
        return None
    return select(ErasureRequest.id).where(
        ErasureRequest.status == OPEN, is_present(ErasureRequest),
        ErasureRequest.maker_id.is_distinct_from(actor.user_id))


def due_for_erasure(session: Session, _actor: Actor) -> dict[str, Any] | None:
    """Return the customers whose time of retention is over; nothing when there are none.

    Args:
        session: any session.
    """
    due = (Customer.erasure_due_on < local_today(), is_present(Customer))
    number = session.scalar(select(func.count()).select_from(Customer).where(*due)) or 0
    if not number:
        return None
    address = url_for("CustomerView.list", erasure_due_on__period="overdue", all=1)
    found = session.scalars(
        select(Customer).where(*due).order_by(Customer.erasure_due_on, Customer.id)
        .limit(CARD_ROWS)).all()
    return {
        "figures": [{"label": N_("Due for erasure"), "value": number, "url": address}],
        "rows": [{"title": str(one), "url": url_for("CustomerView.show", pk=one.id)}
                 for one in found],
        "more_url": address,
    }


def notify_of_erasure(session: Session, payload: Mapping[str, Any]) -> None:
    """Tell those who may decide that a request waits, and its maker of the decision.

    Args:
        session: inside of a writing block.
        payload: payload of ``on_record_saved``.
    """
    if payload["record_type"] != ErasureRequest.__record_type__ or (
            "status" not in payload["fields"]):
        return
    record = session.get(ErasureRequest, payload["record_id"])
    if record is None or record.is_away:
        return
    if record.status == OPEN:
        deciders = [one.user_id for one in members(session, can=(DECIDE, VIEW), present=False)]
        tell(session, deciders, kinds.WAITING,
             N_("The erasure of a customer waits for your decision."),
             record=record, by=record.maker_id)
    if record.status in (APPROVED, REJECTED):
        text = N_("The customer whose erasure you asked for is erased.") if (
            record.status == APPROVED
        ) else N_("The erasure that you asked for is rejected.")
        tell(session, [record.maker_id], kinds.MOVED, text, record=record, by=record.decider_id)


def remove_contents(context: JobContext) -> Mapping[str, int]:
    """Remove the contents of an erased customer's files, and the copies that were made of all data.

    A job, for it touches no row.
    """
    store = FileStore(current_app.config["CARELINE_SETTINGS"])
    for key in context.args["keys"]:
        store.remove(key)
    for job_id in context.args["copies"]:
        shutil.rmtree(context.folder.parent / str(job_id), ignore_errors=True)
    return {"files": len(context.args["keys"]) + len(context.args["copies"])}


SCHEDULES = (
    Schedule(name="customers.retention", title=N_("Work out who is due for erasure"),
             at="01:40", catch_up=False, run=propose_erasures),
)
JOBS = (JobKind(name=REMOVE_CONTENTS, run=remove_contents, is_quiet=True),)
