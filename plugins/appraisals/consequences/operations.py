"""By which rules consequences and the rules on streaks are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.records import RecordOperations, WorkflowOperations
from app.sdk.services import Actor
from app.sdk.workflow import Message
from plugins.appraisals.consequences.models import Consequence, StreakRuleRow

_BOUNDS = {"months": (1, 24), "bars_months": (0, 24), "bonus_cut": (0, 100), "due_days": (0, 365)}


class StreakRuleOperations(RecordOperations):
    """Operations on rules of streaks; what followed from a rule keeps it as it was."""

    required = ("code", "grade", "months", "kind")

    def validate(
        self, session: Session, actor: Actor, record: StreakRuleRow | None,
        values: Mapping[str, Any],
    ) -> dict[str, Message]:
        """Refuse numbers that make no sense."""
        errors = super().validate(session, actor, record, values)
        return errors | {
            name: Message(N_("Enter %(low)s to %(high)s."), {"low": low, "high": high})
            for name, (low, high) in _BOUNDS.items()
            if values.get(name) is not None and not low <= values[name] <= high}


class ConsequenceOperations(WorkflowOperations):
    """Operations on consequences."""

    required = ("subject_id", "kind", "due_on", "owner_id")
    step_columns = frozenset({"result"})
    action_icons = {"finish": "circle-check", "drop": "circle-x"}

    def validate(
        self, session: Session, actor: Actor, record: Consequence | None,
        values: Mapping[str, Any],
    ) -> dict[str, Message]:
        """Refuse that somebody sees to a consequence of their own."""
        errors = super().validate(session, actor, record, values)
        owner, subject = (values.get(name, getattr(record, name, None))
                          for name in ("owner_id", "subject_id"))
        if owner is not None and owner == subject:
            errors["owner_id"] = Message(N_("Somebody else has to see to it."))
        if record is None and owner is None:
            errors["owner_id"] = Message(N_("This has to be filled in."))
        return errors


def store_result(
    session: Session, actor: Actor, record: Consequence, values: Mapping[str, Any]
) -> None:
    """Effect: what was done, or why it is dropped, stands on the consequence."""
    record.result = values["result"]


EFFECTS = {"store_result": store_result}
