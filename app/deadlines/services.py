"""Clocks of records: moved by what happens to the record, read by lists and pages.

This floor knows a record only as kind, id and facts; who may do what is decided above it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from app.database import AnySelect, write
from app.deadlines import clocks
from app.deadlines.calendar_store import Calendars
from app.deadlines.clock_rows import clock_of, earliest_due, put
from app.deadlines.clock_status import ClockStatus
from app.deadlines.less_time import LESS_TIME
from app.deadlines.models import ClockRow
from app.deadlines.policies import ClockRule, Policy
from app.deadlines.policy_store import policies_by_id, policies_in_force
from app.host.host import current_host
from app.statements import built_once

# A clock that was called off is neither kept nor missed: another goes on in its place, or none.
COUNTED = or_(ClockRow.stopped_at.is_(None), ClockRow.kept.is_not(None))


@dataclasses.dataclass(frozen=True, slots=True)
class ClockBadge:
    """A clock as a list shows it.

    Attributes:
        clock_id: primary key of its row.
        key: of the rule.
        kind: ``internal`` or ``statutory``.
        status: how it stands at the moment asked for.
        due_at: deadline, in UTC; for one that stands, as it was when it stopped running.
        kept: whether a stopped clock was stopped in time.
    """

    clock_id: int
    key: str
    kind: str
    status: ClockStatus
    due_at: dt.datetime
    kept: bool | None


@dataclasses.dataclass(frozen=True, slots=True)
class Chosen:
    """The rule that a record's facts choose for one key, with where it comes from.

    Attributes:
        policy_id: key of the row of the policy.
        policy: the policy.
        rule: the rule, with the less time of the record.
        less_time: by how many percent it is shorter than the policy says.
    """

    policy_id: int
    policy: Policy
    rule: ClockRule
    less_time: int = 0

    def less_time_of(self, clock: clocks.Clock) -> int:
        """Return by how many percent a clock is shorter: not where people agreed on its end."""
        return self.less_time if clock.agreed_at is None else 0


def react(
    session: Session,
    record_type: str,
    record_id: int,
    names: Collection[str],
    facts: Mapping[str, Any],
    at: dt.datetime,
) -> dt.datetime | None:
    """Move a record's clocks after it entered a state by a transition.

    A running clock keeps its rule while the policy of the same name stays the chosen one; when
    the facts choose another (a new severity), it goes on under that with the time it has run.
    A clock that the facts no longer ask for is called off.

    Args:
        session: session with a running write.
        record_type: kind of record.
        record_id: its id.
        names: state entered and transition performed, see ``app.workflow.engine.Plan``.
        facts: values of the record that policies look at.
        at: when.

    Returns:
        The earliest deadline of the clocks that run, for the record's own column. The rows are
        written with the caller's next flush.

    Raises:
        UnknownCalendar: a policy names a calendar that does not exist.
    """
    with write(session):
        chosen = chosen_among(policies_in_force(session, record_type), facts)
        latest = _latest(session, record_type, record_id)
        if not chosen and not latest:
            return None
        policies = policies_by_id(session, {row.policy_id for row in latest.values()})
        calendars = Calendars(session)
        for key in dict.fromkeys((*chosen, *latest)):
            _move(
                session, calendars, latest, policies, chosen.get(key),
                _Subject(record_type, record_id, key, facts), names, at,
            )
        return min((row.due_at for row in latest.values() if row.stopped_at is None), default=None)


@dataclasses.dataclass(frozen=True, slots=True)
class _Subject:
    record_type: str
    record_id: int
    key: str
    facts: Mapping[str, Any]


def chosen_among(
    policies: Mapping[int, Policy], facts: Mapping[str, Any]
) -> dict[str, Chosen]:
    """Return for each key the rule that a record's facts choose.

    Args:
        policies: those in force, by row id.
        facts: values of the record that policies look at, ``LESS_TIME`` among them.
    """
    found: dict[str, Chosen] = {}
    percent: int = facts.get(LESS_TIME, 0)
    rows = sorted(
        policies.items(),
        key=lambda item: (item[1].rank, -len(item[1].applies_when), item[1].name),
    )
    for policy_id, policy in rows:
        if policy.applies(facts):
            for rule in policy.clocks:
                found.setdefault(rule.key, _chosen(policy_id, policy, rule, percent))
    return found


def _chosen(policy_id: int, policy: Policy, rule: ClockRule, percent: int) -> Chosen:
    shorter = rule.shorter_by(percent)
    return Chosen(policy_id, policy, shorter, percent if shorter.amount < rule.amount else 0)


def _latest(session: Session, record_type: str, record_id: int) -> dict[str, ClockRow]:
    """Return the newest run of each clock."""
    rows = session.scalars(
        select(ClockRow)
        .where(ClockRow.record_type == record_type, ClockRow.record_id == record_id)
        .order_by(ClockRow.run)
    )
    return {row.key: row for row in rows}


def _move(
    session: Session,
    calendars: Calendars,
    latest: dict[str, ClockRow],
    policies: Mapping[int, Policy],
    chosen: Chosen | None,
    subject: _Subject,
    names: Collection[str],
    at: dt.datetime,
) -> None:
    """Move one clock; ``latest`` then holds its newest run."""
    agreed_at = chosen.rule.agreed_in(subject.facts) if chosen is not None else None
    row = latest.get(subject.key)
    if row is not None and row.stopped_at is None:
        held = policies[row.policy_id]
        clock = clock_of(row, held.rule(row.key))
        at = max(at, last_move(clock))
        if chosen is not None and chosen.policy.name == held.name:
            after = clocks.react(clock, clock.rule, names, at)
            if after is not None and after is not clock:
                put(row, after, calendars.get(row.calendar_id))
            return
        put(row, clocks.stop(clock, at), calendars.get(row.calendar_id))
        row.kept = None  # called off: neither kept nor missed
        if chosen is None:
            return
        # Under another policy it goes on as a new run that has run for as long.
        clock = dataclasses.replace(clock, rule=chosen.rule, extended=0)
        after = clocks.react(clock, chosen.rule, names, at, agreed_at)
    else:
        after = clocks.react(None, chosen.rule, names, at, agreed_at) if chosen else None
    if after is None or chosen is None:
        return
    new = ClockRow(
        record_type=subject.record_type, record_id=subject.record_id, key=subject.key,
        run=row.run + 1 if row else 1, policy_id=chosen.policy_id,
        calendar_id=calendars.id_of(chosen.policy.calendar),
        less_time=chosen.less_time_of(after),
    )
    put(new, after, calendars.get(new.calendar_id), passed=0)
    session.add(new)
    latest[subject.key] = new


def last_move(clock: clocks.Clock) -> dt.datetime:
    """Return the time of the latest move: clocks of two machines may differ by a little."""
    if not clock.pauses:
        return clock.started_at
    return clock.pauses[-1].end or clock.pauses[-1].start


# Reading ------------------------------------------------------------------------------------


def chips(
    session: Session, record_type: str, record_ids: Iterable[int], now: dt.datetime
) -> dict[int, list[ClockBadge]]:
    """Return the clocks of the records of a page, the earliest deadline first, in one query.

    Args:
        session: any session.
        record_type: kind of record.
        record_ids: at most a page of them.
        now: moment for which the status is told.
    """
    rows = session.execute(_clocks_of(), {"kind": record_type, "ids": list(record_ids)})
    found: dict[int, list[ClockBadge]] = {}
    for row in rows:
        chip = ClockBadge(row.id, row.key, row.kind, status_of(row, now), row.due_at, row.kept)
        found.setdefault(row.record_id, []).append(chip)
    return found


def running(
    session: Session, record_type: str, record_ids: Collection[int], now: dt.datetime
) -> dict[int, ClockBadge]:
    """Return of each record the running or paused clock that is due first, in one query.

    Args:
        session: any session.
        record_type: kind of record.
        record_ids: at most a page of them; those without such a clock are left out.
        now: moment for which the status is told.
    """
    rows = session.execute(_running_of(), {"kind": record_type, "ids": list(record_ids)})
    found: dict[int, ClockBadge] = {}
    for row in rows:
        if row.record_id not in found:
            found[row.record_id] = ClockBadge(
                row.id, row.key, row.kind, status_of(row, now), row.due_at, None)
    return found


@built_once
def _running_of() -> AnySelect:
    return _clocks_of().where(ClockRow.stopped_at.is_(None))


@built_once
def _clocks_of() -> AnySelect:
    return (
        select(
            ClockRow.id, ClockRow.record_id, ClockRow.key, ClockRow.kind, ClockRow.due_at,
            ClockRow.warns_at, ClockRow.paused_at, ClockRow.stopped_at, ClockRow.kept,
        )
        .where(ClockRow.record_type == bindparam("kind"),
               ClockRow.record_id.in_(bindparam("ids", expanding=True)))
        .order_by(ClockRow.stopped_at.is_not(None), ClockRow.due_at, ClockRow.id)
    )


def clocks_of(
    session: Session, record: Any, language: str = "en"
) -> list[tuple[str, dt.datetime, bool | None]]:
    """Return title, deadline and outcome of each clock that a record has had, oldest first.

    The outcome is ``None`` while a clock runs; clocks that were called off are left out.

    Args:
        session: any session.
        record: the record.
        language: of the titles, ``zh`` or ``en``.
    """
    rows = session.scalars(
        select(ClockRow)
        .where(ClockRow.record_type == record.__record_type__, ClockRow.record_id == record.id,
               COUNTED)
        .order_by(ClockRow.id)
    ).all()
    policies, rounds = policies_by_id(session, {row.policy_id for row in rows}), rounds_of(rows)
    return [
        (policies[row.policy_id].rule(row.key).titled(language, rounds[row.id]), row.due_at,
         row.kept)
        for row in rows
    ]


def rounds_of(rows: Iterable[ClockRow]) -> dict[int, int]:
    """Return of which round each clock of a record is, by id, from 1.

    ``run`` does not tell: it also rises where a clock was called off for another policy's.

    Args:
        rows: the clocks of one record, without those called off.
    """
    rounds: dict[int, int] = {}
    met: Counter[str] = Counter()
    for row in sorted(rows, key=lambda row: row.id):
        met[row.key] += 1
        rounds[row.id] = met[row.key]
    return rounds


def status_of(row: Any, now: dt.datetime) -> ClockStatus:
    """Return how a clock stands from the columns of its row, without any sums.

    Args:
        row: with ``stopped_at``, ``paused_at``, ``due_at`` and ``warns_at``.
        now: aware moment.
    """
    if row.stopped_at is not None:
        return ClockStatus.STOPPED
    if row.paused_at is not None and row.paused_at <= row.due_at:
        return ClockStatus.PAUSED
    if now > row.due_at:
        return ClockStatus.BREACHED
    return (
        ClockStatus.WARNING if row.warns_at is not None and now >= row.warns_at else ClockStatus.OK
    )


def write_due(
    session: Session, record_type: str, record_ids: Collection[int]
) -> None:
    """Bring the ``due_at`` column of records up to date after their clocks changed.

    Args:
        session: session with a running write.
        record_type: kind of record; one that is not registered has no such column to write.
        record_ids: records whose clocks changed.
    """
    kind = current_host().record_type(record_type)
    if kind is None or not hasattr(kind.model, "due_at") or not record_ids:
        return
    table = kind.model.__table__
    earliest = earliest_due(record_type, table.c.id).scalar_subquery()
    session.execute(
        update(table).where(table.c.id.in_(list(record_ids))).values(due_at=earliest)
    )
