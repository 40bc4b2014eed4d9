"""Deadlines of a record with what may be asked and decided about them, for people to read."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.scope import scope_filter
from app.database import utcnow
from app.deadlines.calendar_store import Calendars
from app.deadlines.clock_status import ClockStatus
from app.deadlines.extensions import PENDING
from app.deadlines.models import ClockRow, ExtensionRow
from app.deadlines.policies import ClockRule
from app.deadlines.policy_store import policies_by_id
from app.deadlines.services import COUNTED, rounds_of, status_of
from app.host.host import current_host
from app.people.services import names_of
from app.workflow.actor_relations import relations_of

_MOST_WAITING = 200


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """A request for more time.

    Attributes:
        id: primary key.
        by: amount, in the measure of the rule.
        reason: why, in the words of the person who asks.
        who: name of that person.
        at: when it was asked.
        state: ``pending``, ``approved`` or ``refused``.
        approver: role or relation that must approve; empty when nobody need.
        answer: remark of the person who decided.
        may_decide: whether the actor has the right to decide, and is not the one who asked.
    """

    id: int
    by: int
    reason: str
    who: str
    at: dt.datetime
    state: str
    approver: str
    answer: str
    may_decide: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Deadline:
    """A clock of a record.

    Attributes:
        clock_id: primary key.
        rule: how it runs.
        round_number: of which round it is, from 1: a record that comes back starts it again.
        status: how it stands now.
        kept: whether it was stopped in time; ``None`` while it runs.
        due_at: deadline.
        extended: amount added so far, in the measure of the rule.
        most: largest amount that can be asked for now; 0 when none can.
        asked: the waiting request, or else the last one.
        unpublished: years on whose public holidays it rests and which are not published yet:
            it may move once they are.
        less_time: by how many percent the rule was made shorter for the record.
    """

    clock_id: int
    rule: ClockRule
    round_number: int
    status: ClockStatus
    kept: bool | None
    due_at: dt.datetime
    extended: int
    most: int
    asked: Asked | None
    unpublished: tuple[int, ...] = ()
    less_time: int = 0


def deadlines_of(session: Session, actor: Actor, record: Any) -> list[Deadline]:
    """Return the clocks of a record, those that run first; without those called off.

    Args:
        session: any session.
        actor: who looks; may see the record.
        record: the record.
    """
    rows = list(session.scalars(
        select(ClockRow)
        .where(ClockRow.record_type == record.__record_type__, ClockRow.record_id == record.id,
               COUNTED)
        .order_by(ClockRow.stopped_at.is_not(None), ClockRow.due_at, ClockRow.id)
    ))
    policies = policies_by_id(session, {row.policy_id for row in rows})
    requests: dict[int, ExtensionRow] = {}
    for one in session.scalars(
        select(ExtensionRow).where(ExtensionRow.clock_id.in_([row.id for row in rows]))
        .order_by(ExtensionRow.id)
    ) if rows else ():
        requests[one.clock_id] = one
    names = names_of(session, {
        one.requested_by_id for one in requests.values() if one.requested_by_id is not None})
    rights = actor.roles | relations_of(actor, record)
    rounds, now = rounds_of(rows), utcnow()
    unpublished = _unpublished_years(session, [row for row in rows if row.stopped_at is None], {
        row.id: policies[row.policy_id].rule(row.key) for row in rows})
    found: list[Deadline] = []
    for row in rows:
        rule = policies[row.policy_id].rule(row.key).shorter_by(row.less_time)
        asked = requests.get(row.id)
        pending = asked is not None and asked.state == PENDING
        found.append(Deadline(
            row.id, rule, rounds[row.id], status_of(row, now), row.kept, row.due_at, row.extended,
            0 if pending or row.stopped_at is not None else _room(rule, row.extended),
            None if asked is None else Asked(
                asked.id, asked.by, asked.reason, names.get(asked.requested_by_id or 0, ""),
                asked.requested_at, asked.state, asked.approver, asked.answer,
                pending and may_decide(actor, rights, asked),
            ),
            unpublished.get(row.id, ()), row.less_time,
        ))
    return found


def _unpublished_years(
    session: Session, running: Sequence[ClockRow], rules: Mapping[int, ClockRule]
) -> dict[int, tuple[int, ...]]:
    """Return on which years without published holidays clocks rest, by id."""
    resting = [row for row in running if rules[row.id].rests_on_calendar]
    if not resting:
        return {}
    calendars = Calendars(session)
    return {row.id: calendars.get(row.calendar_id).unpublished_between(row.started_at, row.due_at)
            for row in resting}


def may_decide(actor: Actor, rights: frozenset[str], asked: ExtensionRow) -> bool:
    """Return whether a person may decide on a request; the service asks the same again.

    Args:
        actor: who would decide.
        rights: their roles, and relations to the record.
        asked: the request.
    """
    own = actor.user_id is not None and asked.requested_by_id == actor.user_id
    return not own and (not asked.approver or asked.approver in rights)


def _room(rule: ClockRule, extended: int) -> int:
    total = rule.amount + extended
    return max(
        (min(step.by, step.most - total) for step in rule.extensions if step.most > total),
        default=0,
    )


def requests_waiting_for(session: Session, actor: Actor) -> list[tuple[Any, ExtensionRow]]:
    """Return records with a request for more time on which the actor may decide.

    Args:
        session: any session.
        actor: who decides; sees only records in their scope.
    """
    pending = (ExtensionRow.state == PENDING, ClockRow.stopped_at.is_(None))
    clocks = select(ExtensionRow).join(ClockRow, ClockRow.id == ExtensionRow.clock_id)
    record_types = set(session.scalars(
        clocks.with_only_columns(ClockRow.record_type).where(*pending).distinct()
    ))
    found: list[tuple[Any, ExtensionRow]] = []
    for kind in current_host().record_types():
        model = kind.model
        if model.__record_type__ not in record_types or not actor.can("can_show", kind.view):
            continue
        # Scope first, then the limit: what others have to decide must not crowd out one's own.
        rows = session.execute(
            clocks.add_columns(model)
            .join(model, (ClockRow.record_type == model.__record_type__)
                  & (ClockRow.record_id == model.id))
            .where(*pending, model.deleted_at.is_(None), scope_filter(actor, model),
                   ExtensionRow.requested_by_id.is_distinct_from(actor.user_id))
            .order_by(ExtensionRow.id).limit(_MOST_WAITING)
        )
        found += [
            ((kind, record), asked) for asked, record in rows
            if may_decide(actor, actor.roles | relations_of(actor, record), asked)
        ]
    return sorted(found, key=lambda one: one[1].id)
