"""What the sweep has told of a record's clocks: warnings, breaches, escalations."""

from __future__ import annotations

import dataclasses
import datetime as dt

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.database import AnySelect
from app.deadlines.models import ClockEventRow, ClockRow, PolicyRow
from app.deadlines.policies import ClockRule
from app.deadlines.policy_store import policy_of
from app.statements import built_once


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """One thing that was told of a clock.

    Attributes:
        at: when it fell due, aware.
        kind: ``warning``, ``breach`` or ``escalation``.
        rule: of the clock, for its title.
        due_at: the deadline at that time, aware.
        to: relation or role that it was escalated to; empty for the others.
    """

    at: dt.datetime
    kind: str
    rule: ClockRule
    due_at: dt.datetime
    to: str


def told_of(
    session: Session, record_type: str, record_id: int, most: int | None = None
) -> list[Told]:
    """Return what was told of a record's clocks, the newest first, in one statement.

    Args:
        session: any session.
        record_type: kind of record.
        record_id: its id.
        most: most entries returned; all by default.
    """
    rows = session.execute(
        _events_of(most is not None), {"kind": record_type, "id": record_id, "most": most})
    return [
        Told(row.at, row.kind, policy_of(row.content_hash, row.content).rule(row.key),
             row.due_at, row.to)
        for row in rows
    ]


@built_once
def _events_of(has_limit: bool) -> AnySelect:
    """Return the SELECT of what was told of a record's clocks, the newest first."""
    statement = (
        select(ClockEventRow.at, ClockEventRow.kind, ClockEventRow.due_at, ClockEventRow.to,
               ClockRow.key, PolicyRow.content_hash, PolicyRow.content)
        .join(ClockRow, ClockRow.id == ClockEventRow.clock_id)
        .join(PolicyRow, PolicyRow.id == ClockRow.policy_id)
        .where(ClockEventRow.record_type == bindparam("kind"),
               ClockEventRow.record_id == bindparam("id"))
        .order_by(ClockEventRow.at.desc(), ClockEventRow.id.desc())
    )
    return statement.limit(bindparam("most")) if has_limit else statement
