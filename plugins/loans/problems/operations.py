"""By which rules problems with approvers are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.people import local_today
from app.sdk.records import WorkflowOperations
from app.sdk.services import Actor
from app.sdk.workflow import Message
from plugins.loans.access import PROBLEM
from plugins.loans.applications.models import LoanApplication
from plugins.loans.problems.models import Problem

_NEEDED = ("application_id", "subject", "due_on")


class ProblemOperations(WorkflowOperations):
    """Operations on problems: each has an owner and a due date until it is done."""

    required = (*_NEEDED, "owner_id")
    step_columns = frozenset({"solution", "reminded_on"})
    owner_permission = ("can_edit", PROBLEM)
    action_icons = {"solve": "circle-check", "drop": "circle-x"}

    def prepare(
        self, session: Session, actor: Actor, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Let a problem belong to its reporter, where the form names nobody."""
        given = {name: value for name, value in values.items() if value not in (None, "")}
        given.setdefault("owner_id", actor.user_id)
        application = session.get(LoanApplication, given.get("application_id") or 0)
        if application is not None:
            given.setdefault("department_id", application.department_id)
            given.setdefault("team_id", application.team_id)
        return given

    def validate(
        self, session: Session, actor: Actor, record: Problem | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Ask for application, subject and due date, which does not lie in the past."""
        errors = super().validate(session, actor, record, values)
        if record is None:
            errors |= {name: Message(N_("This has to be filled in."))
                       for name in _NEEDED if not values.get(name)}
        due_on = values.get("due_on")
        if due_on is not None and due_on < local_today():
            errors["due_on"] = Message(N_("This day is over."))
        return errors


def store_solution(
    session: Session, actor: Actor, record: Problem, values: Mapping[str, Any]
) -> None:
    """Effect: how it was solved, or why it is dropped, stands on the problem."""
    record.solution = values["solution"]


EFFECTS = {"store_solution": store_solution}
