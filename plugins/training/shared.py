"""What several kinds of record of the plugin have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.models import SharedRecord, Staff, WorkflowRecord
from app.sdk.workflow import Message


class SharedWorkflow(SharedRecord, WorkflowRecord):
    """A record with a workflow that everyone with the permission sees."""


def belongs_to(session: Session, user_id: int | None) -> dict[str, Any]:
    """Return department and team of a learner, whose leaders see what belongs to the learner.

    Args:
        session: any session.
        user_id: the learner.
    """
    if user_id is None:
        return {}
    row = session.execute(
        select(Staff.department_id, Staff.team_id).where(Staff.user_id == user_id)).first()
    return {} if row is None else {"department_id": row.department_id, "team_id": row.team_id}


def number_problems(
    values: Mapping[str, Any], bounds: Mapping[str, tuple[float, float]]
) -> dict[str, Message]:
    """Return a message for each number that lies outside of its bounds.

    Args:
        values: what is written, by column.
        bounds: lowest and highest value by column, both allowed.
    """
    return {
        name: Message(N_("Enter %(low)s to %(high)s."), {"low": f"{low:,}", "high": f"{high:,}"})
        for name, (low, high) in bounds.items()
        if values.get(name) is not None and not low <= values[name] <= high
    }
