"""What can be done with applications, and by which rules, on every way in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.models import Customer, File
from app.sdk.people import local_today
from app.sdk.records import AvailableAction, Changes, Done, WorkflowOperations, is_empty
from app.sdk.services import Actor, Move, attachments, comment, create, utcnow
from app.sdk.workflow import Message
from plugins.loans.access import APPLICATION, MAY_EDIT, MAY_REVIEW
from plugins.loans.applications import forms, rules
from plugins.loans.applications.models import LoanApplication
from plugins.loans.applications.review import confirmed, open_findings
from plugins.loans.applications.taking_up import make_loan
from plugins.loans.applications.telling import REMINDER, contact
from plugins.loans.applications.workflow import (
    AT_APPROVERS,
    FOLLOWED_UP,
    GATHERING,
    RECEIVED,
    REVIEW,
    TOLD,
    WAIT_AGAIN,
)
from plugins.loans.checklist import services as checklist
from plugins.loans.choices import APPROVED
from plugins.loans.follow_ups.models import FollowUp
from plugins.loans.problems.models import Problem
from plugins.loans.products.instalment import instalment
from plugins.loans.products.models import LoanProduct
from plugins.loans.products.rules import Wanted, problems
from plugins.loans.settings import setting

# Clocks of two machines differ a little.
_LEEWAY = dt.timedelta(minutes=5)
_FILL_IN = N_("This has to be filled in.")
_COUNTED = ("amount", "term_months", "rate")
_PASS_ON, _APPROVE = "pass_on", "approve"


class ApplicationOperations(WorkflowOperations):
    """Operations on loan applications."""

    reassign_permission = ("can_reassign", APPLICATION)
    owner_permission = MAY_EDIT
    step_columns = frozenset({
        "rate", "instalment", "to_bring", "remind_on", "reminded_at", "reminders", "reviewer_id",
        "complete_by_id", "complete_at", "true_by_id", "true_at", "valid_by_id", "valid_at",
        "approval_department_id", "approval_officer_id", "handed_over_at", "hand_over_note",
        "promised_on", "followed_up_at", "approved_amount", "result", "refusal_reason_id",
        "advice", "decided_at", "told_at", "told_by_id", "told_channel", "told_text", "loan_id",
        "withdrawal_reason", "closed_at", "counted_state", "state_entered_at",
        "minutes_received", "minutes_missing", "minutes_review", "minutes_not_eligible",
        "minutes_handed_over", "minutes_approval", "minutes_approved", "minutes_refused",
    })
    action_icons: ClassVar[Mapping[str, str]] = {
        "take": "hand-grab", "ask_documents": "file-alert", "start_review": "eye-check",
        "hand_over": "arrows-exchange", "not_eligible_found": "circle-minus",
        "accept": "inbox", "pass_on": "arrow-forward-up", "approve": "check",
        "refuse": "circle-x", "return_to_review": "arrow-back-up", "tell": "message-check",
        "tell_refusal": "message-x", "withdraw": "arrow-back", "reopen": "rotate",
    }

    # --- rules -------------------------------------------------------------------------------
    def prepare(
        self, session: Session, actor: Actor, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Fill in what the form left open: name of the customer, time of receipt, owner."""
        given = {name: value for name, value in values.items()
                 if value not in (None, "") or name == "owner_id"}
        given.setdefault("received_at", utcnow())
        given.setdefault("owner_id", actor.user_id)
        customer = session.get(Customer, given.get("customer_id") or 0)
        if customer is not None:
            given.setdefault("customer_name", customer.name)
        return given

    def validate(
        self, session: Session, actor: Actor, record: LoanApplication | None,
        values: Mapping[str, Any],
    ) -> dict[str, Message]:
        """Ask for what the state needs by the terms of the product; keep what was decided on."""
        errors = super().validate(session, actor, record, values)
        state = RECEIVED if record is None else record.state
        for name in rules.must_be_filled(state):
            if (record is None or name in values) and is_empty(values.get(name)):
                errors[name] = Message(_FILL_IN)
        errors |= {
            name: Message(N_("From the hand-over on this stays as it is; return the application "
                             "to the first review first."))
            for name in values if rules.is_locked(name, state)}
        received_at = values.get("received_at")
        if received_at is not None and received_at > utcnow() + _LEEWAY:
            errors["received_at"] = Message(N_("The time of receipt lies in the future."))
        typed = values.get("monthly_income")
        if isinstance(typed, str) and typed and rules.income(typed) is None:
            errors["monthly_income"] = Message(N_("Write an amount, such as 12,000."))
        return {**_against_terms(session, record, values), **errors}

    # --- writing -----------------------------------------------------------------------------
    def _insert(
        self, session: Session, actor: Actor, values: Mapping[str, Any], reason: str
    ) -> LoanApplication:
        product = session.get(LoanProduct, values["product_id"])
        assert product is not None, "the foreign key and the terms have been looked at"
        made = super()._insert(session, actor, {
            **values, "rate": product.rate, "counted_state": RECEIVED,
            "instalment": instalment(values["amount"], product.rate, values["term_months"]),
            "state_entered_at": values["received_at"]}, reason)
        checklist.follow_product(session, made)
        self.recount(session, actor, made)
        return made

    def store(
        self, session: Session, actor: Actor, record: LoanApplication, values: Mapping[str, Any],
        *, reason: str = "",
    ) -> Changes:
        """Write columns; rate and instalment follow product, amount and term."""
        values = dict(values)
        if values.get("product_id", record.product_id) != record.product_id:
            product = session.get(LoanProduct, values["product_id"])
            assert product is not None, "the terms have been looked at"
            values["rate"] = product.rate
        if any(name in values for name in _COUNTED):
            amount, months, rate = (values.get(name, getattr(record, name)) for name in (
                "amount", "term_months", "rate"))
            values["instalment"] = instalment(amount, rate, months)
        return super().store(session, actor, record, values, reason=reason)

    def follow(
        self, session: Session, actor: Actor, record: LoanApplication, changes: Changes
    ) -> None:
        """Let the checklist follow; what was reviewed and has changed is reviewed again."""
        super().follow(session, actor, record, changes)
        if record.workflow_id is None:
            return
        if rules.CHECKLIST.intersection(changes):
            checklist.follow_product(session, record)
            self.recount(session, actor, record)
        reviewed = record.state == REVIEW and len(open_findings(record)) < len(
            rules.FINDING_COLUMNS)
        if reviewed and rules.REVIEWED.intersection(changes):
            self.void_findings(session, actor, record)

    def void_findings(self, session: Session, actor: Actor, record: LoanApplication) -> None:
        """Take back what the first review confirmed; part of a write that changes its grounds."""
        super().store(session, actor, record, {
            name: None for pair in rules.FINDING_COLUMNS.values() for name in pair})

    def recount(self, session: Session, actor: Actor, record: LoanApplication) -> int:
        """Count the documents that the customer still has to bring.

        Args:
            session: session with a running write.
            actor: who has changed something about them.
            record: the application.
        """
        number = len(checklist.still_to_bring(checklist.documents_of(session, record)))
        values: dict[str, Any] = {"to_bring": number}
        if number and record.remind_on is None:
            values["remind_on"] = local_today() + dt.timedelta(days=setting(session, "remind_days"))
        elif not number:
            values["remind_on"] = None
        super().store(session, actor, record, values)
        return number

    # --- actions -----------------------------------------------------------------------------
    def actions(
        self, session: Session, actor: Actor, record: LoanApplication
    ) -> Sequence[AvailableAction]:
        """Return the steps, of both approvals the one that fits, and the acts beside them."""
        steps = list(super().actions(session, actor, record))
        approving = [one for one in steps if one.name in (_PASS_ON, _APPROVE)]
        if len(approving) > 1:
            # One of them is always blocked: by the place of the post in the chain.
            kept = next((one for one in approving if one.blocked is None), approving[-1])
            steps = [one for one in steps if one not in approving or one is kept]
        if record.is_away:
            return steps
        # What is done next stands before what ends the application.
        next_ones = [one for one in steps if one.primary]
        others = [one for one in steps if not one.primary]
        return [*next_ones, *self._acts(session, record), *others]

    def _acts(self, session: Session, record: LoanApplication) -> Sequence[AvailableAction]:
        found: list[AvailableAction] = []

        def offer(name: str, label: str, icon: str, form: Any, right: Any = MAY_EDIT) -> None:
            found.append(AvailableAction(name=name, label=label, icon=icon, form=form,
                                         permission=right))

        if record.state == REVIEW:
            if findings := open_findings(record):
                offer(forms.CONFIRM, N_("Confirm the first review"), "checks",
                      forms.confirm_form(findings), MAY_REVIEW)
            offer(forms.CHECK, N_("Check a document"), "file-check", forms.CHECK_FORM, MAY_REVIEW)
        if record.state in GATHERING:
            found.append(_entering(attachments(session, record)))
            if record.to_bring:
                offer(forms.REMIND, N_("Record a reminder"), "bell-ringing", forms.REMIND_FORM)
        if record.state in AT_APPROVERS:
            offer(forms.FOLLOW_UP, N_("Follow up"), "messages", forms.FOLLOW_UP_FORM)
            offer(forms.RAISE, N_("Report a problem"), "alert-circle", forms.RAISE_FORM)
        if record.state == TOLD and record.result == APPROVED and record.loan_id is None:
            offer(forms.TAKE_UP, N_("Take up the loan"), "cash-banknote", forms.TAKE_UP_FORM)
        return found

    def carry_out(
        self, session: Session, actor: Actor, record: LoanApplication, name: str,
        values: Mapping[str, Any],
    ) -> Done:
        """Do an act beside the steps."""
        acts: dict[str, Callable[..., Done]] = {
            forms.ENTER: self._enter, forms.CHECK: self._check, forms.CONFIRM: self._confirm,
            forms.REMIND: self._remind, forms.FOLLOW_UP: self._follow_up,
            forms.RAISE: self._raise_problem, forms.TAKE_UP: self._take_up,
        }
        if name not in acts:
            return super().carry_out(session, actor, record, name, values)
        return acts[name](session, actor, record, values)

    def _enter(
        self, session: Session, actor: Actor, record: LoanApplication, values: Mapping[str, Any]
    ) -> Done:
        document = checklist.enter(session, actor, record, values)
        return self._changed_documents(session, actor, record, document)

    def _check(
        self, session: Session, actor: Actor, record: LoanApplication, values: Mapping[str, Any]
    ) -> Done:
        document = checklist.judge(session, actor, record, values)
        return self._changed_documents(session, actor, record, document)

    def _changed_documents(
        self, session: Session, actor: Actor, record: LoanApplication, document: Any
    ) -> Done:
        if record.state == REVIEW and document.required:
            self.void_findings(session, actor, record)
        number = self.recount(session, actor, record)
        if not number:
            return Done(Message(N_("All required documents are there.")))
        return Done(Message(N_("Still to be brought: %(number)s"), {"number": number}))

    def _confirm(
        self, session: Session, actor: Actor, record: LoanApplication, values: Mapping[str, Any]
    ) -> Done:
        super().store(session, actor, record, confirmed(session, actor, record, values["findings"]))
        return Done(Message(N_("Confirmed.")))

    def _remind(
        self, session: Session, actor: Actor, record: LoanApplication, values: Mapping[str, Any]
    ) -> Done:
        contact(session, actor, record, values, REMINDER, bool(values.get("reached")))
        comment(session, actor, record, values["told_text"], kind="progress")
        super().store(session, actor, record, {
            "reminded_at": utcnow(), "reminders": record.reminders + 1,
            "remind_on": local_today() + dt.timedelta(days=setting(session, "remind_days"))})
        return Done(Message(N_("The reminder is recorded.")))

    def _follow_up(
        self, session: Session, actor: Actor, record: LoanApplication, values: Mapping[str, Any]
    ) -> Done:
        promised = values.get("promised_on")
        session.add(FollowUp(
            application_id=record.id, by_id=actor.user_id, text=values["text"], at=utcnow(),
            contact=values.get("contact") or "", promised_on=promised))
        stored: dict[str, Any] = {"followed_up_at": utcnow()}
        if promised is not None:
            stored["promised_on"] = promised
        super().store(session, actor, record, stored)
        for act in (FOLLOWED_UP, WAIT_AGAIN):
            self.move_clocks(session, record, act)
        return Done(Message(N_("The follow-up is recorded.")))

    def further_moves(self, session: Session, record: LoanApplication) -> Sequence[Move]:
        """Return when the approval was followed up: the wait ended, and the next one began."""
        told = session.scalars(select(FollowUp.at).where(FollowUp.application_id == record.id)
                               .order_by(FollowUp.id))
        return [Move(frozenset({act}), at) for at in told for act in (FOLLOWED_UP, WAIT_AGAIN)]

    def _raise_problem(
        self, session: Session, actor: Actor, record: LoanApplication, values: Mapping[str, Any]
    ) -> Done:
        made = create(session, actor, Problem, {
            "application_id": record.id, **{name: values.get(name) or "" for name in (
                "subject", "description")},
            "owner_id": values["owner_id"], "due_on": values["due_on"],
            "department_id": record.department_id, "team_id": record.team_id})
        return Done(Message(N_("The problem is reported: %(number)s"), {"number": made.number}))

    def _take_up(
        self, session: Session, actor: Actor, record: LoanApplication, values: Mapping[str, Any]
    ) -> Done:
        loan = make_loan(session, actor, record, values.get("contract") or "")
        super().store(session, actor, record, {"loan_id": loan.id})
        return Done(Message(N_("The loan is entered: %(contract)s"), {"contract": loan.contract}))


def _entering(files: Sequence[File]) -> AvailableAction:
    """Return the act that enters a document; its dialog takes the file as well."""
    return AvailableAction(
        name=forms.ENTER, label=N_("Enter a document"), icon="file-plus", permission=MAY_EDIT,
        form=forms.enter_form(files))


def _against_terms(
    session: Session, record: LoanApplication | None, values: Mapping[str, Any]
) -> dict[str, Message]:
    """Return what of a loan the product stands against, where it is new or changes."""
    if record is not None and not rules.TERMS.intersection(values):
        return {}

    def held(name: str) -> Any:
        return values[name] if name in values else getattr(record, name, None)

    product = session.get(LoanProduct, held("product_id") or 0)
    if product is None or product.is_away:
        return {"product_id": Message(N_("There is no such product."))}
    errors: dict[str, Message] = {}
    if "product_id" in values and not (
            product.active and product.lends.is_offered(local_today())):
        errors["product_id"] = Message(N_("This product is not offered now."))
    wanted = Wanted(held("amount"), held("term_months"), held("vehicle_price"),
                    held("down_payment"))
    return {**problems(product.lends, wanted), **errors}
