"""What can be done with complaints, and by which rules, on every way in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.errors import Rejected
from app.sdk.models import Comment, Customer, Staff
from app.sdk.records import (
    AvailableAction,
    Changes,
    Done,
    RecordOperations,
    WorkflowOperations,
    is_empty,
)
from app.sdk.services import SYSTEM, Actor, Move, comment, utcnow, write
from app.sdk.workflow import Field, Form, Kind, Message, Section, workflow_of
from plugins.complaints import representatives
from plugins.complaints.deadlines import TELL_PROGRESS
from plugins.complaints.merging import part
from plugins.complaints.models import Complaint, Incident
from plugins.complaints.services import (
    REQUIRED_TO_RECORD,
    missing_for_record,
    not_corrected,
    subject_of,
)
from plugins.complaints.settings import home_department
from plugins.complaints.workflow import VIEW, VOID_DECISION

PROGRESS_FORM = Form("progress", N_("Tell progress"), (Section("main", "", (
    Field("text", Kind.LONG_TEXT, N_("What the customer was told"), True, length=5000),
    Field("promised_at", Kind.DATETIME, N_("Promised to the customer for")),
)),))
_PLACE = ("owner_id", "team_id", "department_id")
# Clocks of two machines differ a little.
_LEEWAY = dt.timedelta(minutes=5)
# What was agreed on says what the customer had told: it is not told differently afterwards.
_TOLD = ("reason", "demand")
_PROPOSED = frozenset({"proposed", "approved", "consented", "carried_out", "feedback"})
_DECIDED = frozenset({"approved", "consented"})


class IncidentOperations(RecordOperations):
    """Operations on mass complaints."""

    def validate(
        self, session: Session, actor: Actor, record: Incident | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse the sixth representative of the customers."""
        errors = super().validate(session, actor, record, values)
        count = len(representatives.names(values.get("representatives") or ""))
        if count > representatives.MOST:
            errors["representatives"] = Message(
                N_("There are %(count)s names. At most %(most)s represent the customers."),
                {"count": count, "most": representatives.MOST},
            )
        return errors


class ComplaintOperations(WorkflowOperations):
    """Operations on complaints."""

    required = REQUIRED_TO_RECORD
    reassign_permission = ("can_reassign", VIEW)
    owner_permission = ("can_edit", VIEW)
    row_guards = frozenset({"registration_complete"})
    row_guard_columns = REQUIRED_TO_RECORD
    step_columns = frozenset({
        "responsible_department_id", "handler_id", "liability", "liability_note", "solution",
        "proposer_id", "approver_id", "approved_at", "approval_note", "consent_note",
        "consented_at", "result", "feedback", "satisfaction", "dissatisfaction_reason", "summary",
        "improvement", "withdrawal_reason", "is_major", "round", "merged_into_id", "resolved_at",
        "closed_at", "last_progress_at",
    })
    action_icons = {
        "record": "clipboard-check", "assess": "stethoscope", "assign": "user-share",
        "propose": "bulb", "approve": "check", "send_back": "arrow-back-up",
        "consent": "thumb-up", "decline": "thumb-down", "carry_out": "tool",
        "collect_feedback": "phone-call", "rate": "star", "dissatisfied": "mood-sad",
        "summarise": "file-text", "archive": "archive", "take": "hand-grab",
        "hand_over": "arrows-exchange", "wait": "hourglass", "resume": "player-play",
        "escalate": "alert-triangle", "withdraw": "circle-x", "merge": "git-merge",
        "reopen": "rotate",
    }

    def take_over(
        self, session: Session, actor: Actor, record: Complaint, values: Mapping[str, Any]
    ) -> None:
        """Keep what a file tells of the course of a complaint before it was handled here.

        Args:
            session: session with a running write.
            actor: who imports.
            record: a complaint that the file has begun.
            values: columns that steps write otherwise: responsible department, result.
        """
        if values:
            self.store(session, actor, record, values)

    # --- rules -------------------------------------------------------------------------------
    def refuse_change(self, session: Session, actor: Actor, record: Complaint) -> Message | None:
        """What is closed is not changed any more."""
        if not record.is_open:
            return Message(N_("A closed complaint is not changed any more."))
        return super().refuse_change(session, actor, record)

    def may_be_empty(self, record: Complaint) -> bool:
        """Until it is recorded, a complaint may lack what the record form needs."""
        return record.state == self.shipped.initial

    def prepare(
        self, session: Session, actor: Actor, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Fill in what the form left open.

        The receiving agent and their number, the time of receipt, name and phone of the chosen
        customer, a subject from what happened, and a department that sees it.
        """
        # An empty box is left open; said to belong to nobody, it waits for somebody to take it.
        given = {name: value for name, value in values.items()
                 if value not in (None, "") or name in _PLACE}
        given.setdefault("received_at", utcnow())
        given.setdefault("owner_id", actor.user_id)
        if not given.get("receiver_number"):
            given["receiver_number"] = session.scalar(
                select(Staff.number).where(Staff.user_id == actor.user_id)
            ) or ""
        if actor.department_id is None and actor.team_id is None and not given.get("team_id"):
            # Otherwise nobody but the actor would see it.
            given["department_id"] = given.get("department_id") or home_department(session)
        _fill_from_customer(session, given)
        if not given.get("subject"):
            given["subject"] = subject_of(given.get("reason") or "")
        return given

    def validate(
        self, session: Session, actor: Actor, record: Complaint | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Ask for what was said, and keep the receipt and what the customer said as they were."""
        errors = super().validate(session, actor, record, values)
        received_at = values.get("received_at")
        if received_at is not None and received_at > utcnow() + _LEEWAY:
            errors["received_at"] = Message(N_("The time of receipt lies in the future."))
        if record is None:
            # A file may tell no more than a subject; what it lacks is asked for afterwards.
            if all(is_empty(values.get(name)) for name in (*_TOLD, "subject")):
                errors["reason"] = Message(
                    N_("Tell what happened or what the customer demands.")
                )
            return errors
        for name, msgid in not_corrected(actor, record, values).items():
            errors[name] = Message(msgid)
        if record.state in _PROPOSED and not actor.can("can_correct", VIEW):
            errors |= {
                name: Message(N_("Once a solution is proposed, only those who may correct change "
                                 "what the customer said."))
                for name in _TOLD if name in values
            }
        return errors

    def follow(
        self, session: Session, actor: Actor, record: Complaint, changes: Changes
    ) -> None:
        """Void the decision on a solution when what the customer said was corrected after it.

        Raises:
            Rejected: the record keeps to a version of the workflow that cannot void decisions.
        """
        super().follow(session, actor, record, changes)
        if record.state not in _DECIDED or not set(_TOLD).intersection(changes):
            return
        names = {one.name for one in workflow_of(session, record).transitions}
        if VOID_DECISION not in names:
            raise Rejected(Message(N_(
                "The decision rests on what the customer said: hand the complaint over first."
            )))
        super().act(session, SYSTEM, record, VOID_DECISION)

    # --- acts --------------------------------------------------------------------------------
    def _insert(
        self, session: Session, actor: Actor, values: Mapping[str, Any], reason: str
    ) -> Complaint:
        complaint = super()._insert(session, actor, values, reason)
        if not missing_for_record(complaint) and self._may_record(session, actor, complaint):
            # A complete registration goes on at once; otherwise it waits for who may record it.
            self.act(session, actor, complaint, "record", {}, complaint.version)
        return complaint

    def _may_record(self, session: Session, actor: Actor, complaint: Complaint) -> bool:
        return any(
            action.name == "record" and action.blocked is None
            for action in self.actions(session, actor, complaint)
        )

    def actions(
        self, session: Session, actor: Actor, record: Complaint
    ) -> Sequence[AvailableAction]:
        """Add the note of what the customer was told to the steps of the workflow."""
        actions = list(super().actions(session, actor, record))
        if record.is_open and not record.is_away:
            actions.append(AvailableAction(
                name=TELL_PROGRESS, label=N_("Tell progress"), icon="message-forward",
                form=PROGRESS_FORM, permission=("can_edit", VIEW),
            ))
        return actions

    def carry_out(
        self, session: Session, actor: Actor, record: Complaint, name: str,
        values: Mapping[str, Any],
    ) -> Done:
        """Log what the customer was told about the progress, with the time promised (P3)."""
        if name != TELL_PROGRESS:
            return super().carry_out(session, actor, record, name, values)
        with write(session):
            comment(session, actor, record, values["text"], kind="progress")
            self.move_clocks(session, record, TELL_PROGRESS)
            stored: dict[str, Any] = {"last_progress_at": utcnow()}
            if values.get("promised_at") is not None:
                stored["promised_at"] = values["promised_at"]
            self.store(session, actor, record, stored)
        return Done(Message(N_("The customer has been told.")))

    def further_moves(self, session: Session, record: Complaint) -> Sequence[Move]:
        """Return when the customer was told how far the complaint has come."""
        told = session.scalars(
            select(Comment.at)
            .where(Comment.record_type == Complaint.__record_type__,
                   Comment.record_id == record.id, Comment.kind == "progress")
            .order_by(Comment.id))
        return [Move(frozenset({TELL_PROGRESS}), at) for at in told]

    def undo_action(
        self, session: Session, actor: Actor, record: Complaint, entry: Any
    ) -> None:
        """Take a step back; a merging that is taken back takes its link along."""
        target_id = record.merged_into_id
        with write(session):
            super().undo_action(session, actor, record, entry)
            if target_id is not None and record.merged_into_id is None:
                part(session, record, target_id)


def _fill_from_customer(session: Session, values: dict[str, Any]) -> None:
    customer_id = values.get("customer_id")
    customer = session.get(Customer, customer_id) if customer_id else None
    if customer is not None:
        values["customer_name"] = values.get("customer_name") or customer.name
        values["contact"] = values.get("contact") or customer.phone
