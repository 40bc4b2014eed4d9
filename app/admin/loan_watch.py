"""Loans are watched (C4): a repayment that has worsened is somebody's task."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from flask import current_app
from sqlalchemy.orm import Session

from app.access.actor import SYSTEM, Actor
from app.collaboration.abilities import call, has_ability
from app.collaboration.events import emit
from app.collaboration.timeline import add
from app.customers.models import Customer, Loan
from app.customers.repayment import WATCHED, Repayment, has_worsened, problems_of
from app.customers.status_database import ask
from app.customers.status_folder import look
from app.customers.status_models import (
    FILE_STATES,
    KNOWN,
    REFUSED,
    SEEN,
    STARTED,
    StatusFile,
)
from app.database import utcnow
from app.errors import CarelineError
from app.i18n import Message
from app.notices.kinds import ASSIGNED
from app.notices.services import tell
from app.records.changes import Changes
from app.records.record_operations import RecordOperations, made_together
from app.sdk import N_, Event, EventField
from app.sdk.jobs import Schedule
from app.sdk.screens import Choice, RecordInterface, RecordView, Section

WORSENED = "customers.loan_worsened"
# The ability of callbacks, named and never imported.
_PLAN = "callbacks.plan"
_WITHIN = dt.timedelta(days=2)
_SUBJECT = {"zh": "还款情况变差：合同 %s（逾期 %d 天）",
            "en": "Repayment has worsened: contract %s (%d days overdue)"}

EVENTS = [Event(
    name=WORSENED, title=N_("The repayment of a loan has worsened"), fields=(
        EventField(name="before", kind=str, text="status before: active, overdue or settled"),
        EventField(name="after", kind=str, text="status now"),
        EventField(name="overdue_days", kind=int, text="days overdue now"),
        EventField(name="risk_class", kind=str, text="risk class now, or an empty text"),
    ),
)]


@made_together
class LoanOperations(RecordOperations):
    """Operations on loans: plugins and the customer's agent hear of a repayment that worsens."""

    required = ("customer_id", "contract")

    def validate(
        self, session: Session, actor: Actor, record: Loan | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse days that are none, and a status of a day to come."""
        return {**super().validate(session, actor, record, values), **problems_of(values)}

    def follow(
        self, session: Session, actor: Actor, record: Loan, changes: Changes
    ) -> None:
        """Send an event where the repayment is further behind than it was."""
        super().follow(session, actor, record, changes)
        now = {name: getattr(record, name) for name in WATCHED}
        # Of a new loan the values before are nothing: it has not worsened.
        before = {**now, **{name: changes[name][0] for name in WATCHED if name in changes}}
        if before["status"] is None or record.version == 1:
            return
        if has_worsened(_repayment(before), _repayment(now)):
            emit(session, WORSENED, record, {
                "before": before["status"], "after": record.status,
                "overdue_days": record.overdue_days, "risk_class": record.risk_class}, by=actor)


def _repayment(values: Mapping[str, Any]) -> Repayment:
    return Repayment(values["status"], values["overdue_days"] or 0, values["risk_class"] or "")


def follow_up(session: Session, payload: Mapping[str, Any]) -> None:
    """Let the agent of the customer know of a loan that has worsened; payload of ``on_event``.

    A callback is planned where the plugin is there and takes it; else the agent gets a notice.
    """
    if payload["event"] != WORSENED:
        return
    loan = session.get(Loan, payload["record_id"])
    customer = session.get(Customer, loan.customer_id) if loan is not None else None
    if loan is None or customer is None or loan.is_away or customer.is_away:
        return
    days = payload["data"]["overdue_days"]
    is_new = add(
        session, customer.id, loan, WORSENED,
        N_("repayment has worsened: contract %(contract)s, %(days)s days overdue"),
        {"contract": loan.contract, "days": days}, icon="alert-triangle",
        source=f"event {payload['event_id']}")
    agent = customer.owner_id or loan.owner_id
    if is_new and agent is not None and not _planned(session, loan, agent, days):
        tell(session, [agent], ASSIGNED,
             N_("Repayment has worsened, please get in touch: %(customer)s, contract %(contract)s"),
             values={"customer": customer.name, "contract": loan.contract}, record=loan)


def _planned(session: Session, loan: Loan, agent: int, days: int) -> bool:
    if not has_ability(_PLAN, SYSTEM):
        return False
    language = current_app.config["CARELINE_SETTINGS"].default_locale
    now = utcnow()
    try:
        with session.begin_nested():
            call(session, SYSTEM, _PLAN, {
                "customer_id": loan.customer_id, "owner_id": agent,
                "subject": _SUBJECT[language] % (loan.contract, days),
                "due_from": now, "due_until": now + _WITHIN}, origin=loan)
    except CarelineError:
        return False
    return True


def _look(session: Session, _now: dt.datetime) -> None:
    look(session, current_app.config["CARELINE_SETTINGS"])


def _ask(session: Session, _now: dt.datetime) -> None:
    ask(session, current_app.config["CARELINE_SETTINGS"])


SCHEDULES = (
    Schedule(name="customers.status_files", title=N_("Look for status files of loans"),
             every_seconds=60, run=_look),
    Schedule(name="customers.status_database", title=N_("Ask another system how loans stand"),
             every_seconds=3600, run=_ask),
)
_TONES = {SEEN: ("calm", "progress"), STARTED: ("good", "check"), REFUSED: ("bad", "alert-circle"),
          KNOWN: ("still", "copy")}


class StatusFileView(RecordView):
    """Status files of the folder; the product alone writes about them."""

    datamodel = RecordInterface(StatusFile)
    route_base = "/status-files"
    class_permission_name = "core.StatusFile"
    base_permissions: ClassVar[list[str]] = ["can_list", "can_show"]
    list_title = N_("Status files")
    record_label = N_("Status file")
    icon = "file-import"
    empty_hint = N_("Read in here: files of the folder that the setting CARELINE_STATUS_DIR names, "
                    "once a minute, and what the database of another system says, once an hour.")
    list_columns = ["at", "name", "state", "reason", "job"]
    list_choice = ["size"]
    saved_views = ()
    board_column = calendar_column = ""
    form_sections = (Section(fields=("at", "name", "size", "state", "reason", "job"),
                             wide=("reason",)),)
    choices: ClassVar[dict[str, Any]] = {
        "state": [Choice(value, label, *_TONES[value]) for value, label in FILE_STATES]}
    label_columns = {"at": N_("When"), "name": N_("File"), "state": N_("State"),
                     "reason": N_("Reason"), "job": N_("Import"), "size": N_("Size (bytes)"),
                     "digest": N_("Checksum"), "modified": N_("Time stamp of the file")}
    default_sort = "-at"
    is_importable = False
