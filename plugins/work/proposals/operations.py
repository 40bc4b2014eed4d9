"""By which rules staff proposals are submitted, decided and carried out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.errors import Invalid
from app.sdk.people import local_today
from app.sdk.records import WorkflowOperations
from app.sdk.services import Actor, actor_for, notice_kinds, tell, utcnow
from app.sdk.workflow import Message
from plugins.work.access import PROPOSAL
from plugins.work.choices import ADOPTED, NOT_ADOPTED
from plugins.work.proposals.models import Proposal
from plugins.work.proposals.workflow import SUBMITTED

_NEEDED = ("subject", "proposal")
_WRITTEN_BY_STEPS = frozenset({
    "proposer_id", "submitted_at", "decision", "decided_at", "decided_by_id", "reason", "due_on",
    "reward_points", "carried_out_at", "carried_out", "effect", "reminded_on", "owner_id"})


class ProposalOperations(WorkflowOperations):
    """Operations on proposals: changed by the proposer until the review begins, then by steps."""

    required = _NEEDED
    step_columns = _WRITTEN_BY_STEPS
    reassign_permission = ("can_decide", PROPOSAL)
    owner_permission = ("can_edit", PROPOSAL)
    action_icons = {"review": "eye", "adopt": "circle-check", "turn_down": "circle-x",
                    "carry_out": "tool", "record_effect": "chart-line",
                    "withdraw": "arrow-back-up"}

    def validate(
        self, session: Session, actor: Actor, record: Proposal | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Ask for title and proposal."""
        errors = super().validate(session, actor, record, values)
        if record is None:
            errors |= {name: Message(N_("This has to be filled in."))
                       for name in _NEEDED if not values.get(name)}
        return errors

    def refuse_change(self, session: Session, actor: Actor, record: Proposal) -> Message | None:
        """What is being reviewed is what was submitted."""
        if record.state != SUBMITTED:
            return Message(N_("A proposal is not changed any more once its review has begun."))
        if actor.user_id != record.proposer_id and not actor.is_system:
            return Message(N_("Only whoever has made a proposal changes it."))
        return super().refuse_change(session, actor, record)

    def _insert(
        self, session: Session, actor: Actor, values: Mapping[str, Any], reason: str
    ) -> Any:
        """Let a proposal be the actor's; nobody owns it before it is adopted."""
        return super()._insert(session, actor, {
            **values, "proposer_id": actor.user_id, "submitted_at": utcnow()}, reason)

    def remind(self, session: Session, actor: Actor, record: Proposal, day: dt.date) -> None:
        """Tell the responsible person that an adopted proposal is overdue."""
        self.store(session, actor, record, {"reminded_on": day})
        tell(session, [record.owner_id], notice_kinds.DEADLINE,
             N_("An adopted proposal is overdue: report what has been done."), record=record)


def adopt(session: Session, actor: Actor, record: Proposal, values: Mapping[str, Any]) -> None:
    """Effect: the decision with the responsible person, the day and the points."""
    if values["due_on"] < local_today():
        raise Invalid({"due_on": Message(N_("This day is over."))})
    responsible = actor_for(session, values["responsible"])
    if responsible is None or not responsible.can("can_edit", PROPOSAL):
        raise Invalid({"responsible": Message(N_("This person may not work on such records."))})
    _decide(record, actor, ADOPTED, values.get("reason") or "")
    record.owner_id, record.due_on = responsible.user_id, values["due_on"]
    record.reward_points = values["reward_points"]
    tell(session, [record.proposer_id], notice_kinds.MOVED, N_("Your proposal is adopted."),
         record=record, by=actor.user_id)


def turn_down(
    session: Session, actor: Actor, record: Proposal, values: Mapping[str, Any]
) -> None:
    """Effect: the reason stands on the proposal, and the proposer hears of it."""
    _decide(record, actor, NOT_ADOPTED, values["reason"])
    tell(session, [record.proposer_id], notice_kinds.MOVED,
         N_("Your proposal is not adopted; the reason stands on its page."), record=record,
         by=actor.user_id)


def _decide(record: Proposal, actor: Actor, decision: str, reason: str) -> None:
    record.decision, record.reason = decision, reason
    record.decided_at, record.decided_by_id = utcnow(), actor.user_id


def carry_out(
    session: Session, actor: Actor, record: Proposal, values: Mapping[str, Any]
) -> None:
    """Effect: what was done, and when."""
    record.carried_out, record.carried_out_at = values["carried_out"], utcnow()


def record_effect(
    session: Session, actor: Actor, record: Proposal, values: Mapping[str, Any]
) -> None:
    """Effect: what the proposal has brought; the proposer hears of it."""
    record.effect = values["effect"]
    tell(session, [record.proposer_id], notice_kinds.MOVED,
         N_("The effect of your proposal is recorded."), record=record, by=actor.user_id)


EFFECTS = {"adopt": adopt, "turn_down": turn_down, "carry_out": carry_out,
           "record_effect": record_effect}
