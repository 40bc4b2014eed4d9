"""What several kinds of record of the plugin have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.errors import Rejected
from app.sdk.models import Record, Staff, WorkflowRecord
from app.sdk.records import RecordOperations
from app.sdk.screens import Choice
from app.sdk.services import Actor, write
from app.sdk.workflow import Message


class Shared(Record):
    """A record that everyone with the permission sees, whatever the department."""

    __scope_people__: ClassVar[tuple[str, ...]] = ()
    __scope_teams__: ClassVar[tuple[str, ...]] = ()
    __scope_departments__: ClassVar[tuple[str, ...]] = ()


class SharedWorkflow(WorkflowRecord):
    """The same for a record that a workflow drives."""

    __scope_people__: ClassVar[tuple[str, ...]] = ()
    __scope_teams__: ClassVar[tuple[str, ...]] = ()
    __scope_departments__: ClassVar[tuple[str, ...]] = ()


def drawn(
    pairs: Sequence[tuple[str, str]], tones: Mapping[str, tuple[str, str]] | None = None
) -> list[Choice]:
    """Return values with their labels as choices of a screen.

    Args:
        pairs: value and label (message id).
        tones: tone and icon by value.
    """
    return [Choice(value, label, *(tones or {}).get(value, ())) for value, label in pairs]


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


class MadeByProduct(RecordOperations):
    """Operations on records that the product makes: no form, file or program writes them."""

    def make(self, session: Session, actor: Actor, values: Mapping[str, Any]) -> Any:
        """Create a record; the caller has decided.

        Args:
            session: session without unsaved changes, or within a write.
            actor: who acts.
            values: values by column.
        """
        with write(session):
            return self._insert(session, actor, dict(values), "")

    def create(
        self, session: Session, actor: Actor, values: Mapping[str, Any], *, reason: str = ""
    ) -> Any:
        """Refuse: see the class.

        Raises:
            Rejected: always.
        """
        raise Rejected(Message(N_("This is written by the product itself.")))

    def refuse_change(self, session: Session, actor: Actor, record: Any) -> Message | None:
        """Nobody corrects what the product has written."""
        return Message(N_("This is written by the product itself."))

    def refuse_delete(self, session: Session, actor: Actor, record: Any) -> Message | None:
        """What happened has happened."""
        return Message(N_("This is written by the product itself."))
