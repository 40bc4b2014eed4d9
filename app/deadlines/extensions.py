"""Extensions of deadlines: asked for with a reason, decided by another person with the right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.database import changed_rows, write
from app.deadlines import clocks
from app.deadlines.calendar_store import Calendars
from app.deadlines.clock_rows import clock_of, put
from app.deadlines.clocks import ClockRefused
from app.deadlines.models import ClockRow, ExtensionRow
from app.deadlines.policy_store import policies_by_id
from app.deadlines.services import write_due
from app.deadlines.sweep_sql import from_text
from app.i18n import N_

PENDING, APPROVED, REFUSED = "pending", "approved", "refused"


def request_extension(
    session: Session, user_id: int | None, clock_id: int, by: int, reason: str, now: dt.datetime
) -> ExtensionRow:
    """Ask for more time; where the rule needs no approver it is granted at once.

    Args:
        session: any session.
        user_id: who asks.
        clock_id: the clock.
        by: amount to add, in the rule's measure.
        reason: why, in words.
        now: when.

    Raises:
        LookupError: there is no such clock.
        ClockRefused: the rule does not allow it, or a request is waiting already.
    """
    with write(session):
        row, clock = _clock(session, clock_id)
        step = clocks.check_extension(clock, by, reason)
        waiting = session.scalar(
            select(ExtensionRow.id).where(
                ExtensionRow.clock_id == clock_id, ExtensionRow.state == PENDING
            )
        )
        if waiting is not None:
            raise ClockRefused(N_("An extension of this deadline is waiting for approval."))
        request = ExtensionRow(
            clock_id=clock_id, by=by, reason=reason.strip(), approver=step.approver,
            state=PENDING, requested_at=now, requested_by_id=user_id,
        )
        session.add(request)
        session.flush()
        if not step.approver:
            _grant(session, request, row, clock, (), now)
            request.state, request.decided_at, request.decided_by_id = APPROVED, now, user_id
            session.flush()
    return request


def approve_extension(
    session: Session,
    user_id: int | None,
    request_id: int,
    roles: Collection[str],
    now: dt.datetime,
    answer: str = "",
) -> ExtensionRow:
    """Grant an extension; the clock, its schedule and the record's deadline move at once.

    Args:
        session: any session.
        user_id: who decides; never the person who asked.
        request_id: the request.
        roles: roles that the person holds, and relations to the record.
        now: when.
        answer: remark for the person who asked.

    Raises:
        LookupError: there is no such request.
        ClockRefused: decided already, by the same person, without the right, or no longer
            possible.
    """
    with write(session):
        request = _claim(session, request_id, user_id, roles, APPROVED, now, answer)
        row, clock = _clock(session, request.clock_id)
        _grant(session, request, row, clock, roles, now)
    return request


def refuse_extension(
    session: Session,
    user_id: int | None,
    request_id: int,
    roles: Collection[str],
    now: dt.datetime,
    answer: str,
) -> ExtensionRow:
    """Refuse an extension; arguments and errors as for ``approve_extension``."""
    with write(session):
        return _claim(session, request_id, user_id, roles, REFUSED, now, answer)


def _clock(session: Session, clock_id: int) -> tuple[ClockRow, clocks.Clock]:
    row = session.scalar(
        select(ClockRow)
        .where(ClockRow.id == clock_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise LookupError(f"clock {clock_id}")
    policy = policies_by_id(session, {row.policy_id})[row.policy_id]
    return row, clock_of(row, policy.rule(row.key))


def _claim(
    session: Session,
    request_id: int,
    user_id: int | None,
    roles: Collection[str],
    state: str,
    now: dt.datetime,
    answer: str,
) -> ExtensionRow:
    """Decide a request once: of two who decide at the same time one wins."""
    request = session.get(ExtensionRow, request_id, populate_existing=True)
    if request is None:
        raise LookupError(f"extension {request_id}")
    if user_id is not None and user_id == request.requested_by_id:
        raise ClockRefused(N_("Somebody else must decide on your own request."))
    if request.approver and request.approver not in roles:
        raise ClockRefused(
            N_("Only %(approver)s may approve this extension."), approver=request.approver
        )
    claimed = session.execute(
        update(ExtensionRow)
        .where(ExtensionRow.id == request_id, ExtensionRow.state == PENDING)
        .values(state=state, decided_at=now, decided_by_id=user_id, answer=answer.strip())
        .execution_options(synchronize_session=False)
    )
    if not changed_rows(claimed):
        raise ClockRefused(N_("This request has been decided already."))
    session.refresh(request)
    return request


def _grant(
    session: Session,
    request: ExtensionRow,
    row: ClockRow,
    clock: clocks.Clock,
    roles: Collection[str],
    now: dt.datetime,
) -> None:
    longer = clocks.extend(clock, request.by, request.reason, roles)
    calendar = Calendars(session).get(row.calendar_id)
    # Shares of the longer time count anew; those that lie in the past are not told again.
    put(row, longer, calendar, passed=0)
    passed = sum(from_text(one[0]) <= now for one in row.schedule)
    put(row, longer, calendar, passed=passed)
    session.flush()
    write_due(session, row.record_type, [row.record_id])
