"""What the worker does for loan applications."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from app.sdk import N_
from app.sdk.customers import may_contact_many
from app.sdk.jobs import Schedule
from app.sdk.people import local_zone
from app.sdk.records import operations_of
from app.sdk.services import SYSTEM, is_present, leader_of, notice_kinds, tell, write
from plugins.loans.applications import approvals
from plugins.loans.applications.models import LoanApplication
from plugins.loans.applications.operations import ApplicationOperations
from plugins.loans.applications.telling import REMINDER, preferred_channel
from plugins.loans.applications.workflow import APPROVAL, AT_APPROVERS, GATHERING
from plugins.loans.checklist.models import LoanDocument
from plugins.loans.problems.models import Problem
from plugins.loans.settings import setting

_PORTION = 50


def _operations() -> ApplicationOperations:
    found = operations_of(LoanApplication)
    assert isinstance(found, ApplicationOperations)
    return found


def local_day(moment: dt.datetime) -> dt.date:
    """Return the date of an aware moment in the organisation's time zone."""
    return moment.astimezone(local_zone()).date()


def _read(session: Session, keys: Sequence[int]) -> Sequence[LoanApplication]:
    return session.scalars(
        select(LoanApplication).where(LoanApplication.id.in_(keys))).all()


def find_expired(session: Session, day: dt.date) -> int:
    """Count the documents to bring anew where one has expired; return of how many applications.

    Args:
        session: session without unsaved changes, or within a write.
        day: local date.
    """
    keys = session.scalars(
        select(LoanApplication.id)
        .join(LoanDocument, LoanDocument.application_id == LoanApplication.id)
        .where(LoanApplication.state.in_(GATHERING), is_present(LoanApplication),
               LoanDocument.required, LoanDocument.expires_on < day)
        .distinct().order_by(LoanApplication.id)).all()
    for start in range(0, len(keys), _PORTION):
        with write(session):
            for one in _read(session, keys[start:start + _PORTION]):
                _operations().recount(session, SYSTEM, one)
    return len(keys)


def _to_remind_now(session: Session, found: Sequence[LoanApplication]) -> set[int]:
    """Return the keys of applications whose customers may be reminded the way that they prefer."""
    by_channel: dict[str, list[LoanApplication]] = {}
    for one in found:
        by_channel.setdefault(preferred_channel(one), []).append(one)
    allowed: set[int] = set()
    for channel, those in by_channel.items():
        verdicts = may_contact_many(
            session, SYSTEM, [one.customer_id for one in those], channel, REMINDER)
        allowed |= {one.id for one in those if verdicts[one.customer_id].allowed}
    return allowed


def remind(session: Session, day: dt.date) -> int:
    """Tell owners whom to remind of documents, where the rules of contact allow a reminder now.

    Whoever may not be contacted now is looked at again in the next run (L3).

    Args:
        session: session without unsaved changes, or within a write.
        day: local date.

    Returns:
        How many owners were told of an application.
    """
    found = session.scalars(
        select(LoanApplication).options(selectinload(LoanApplication.customer)).where(
            LoanApplication.is_open, is_present(LoanApplication),
            LoanApplication.state.in_(GATHERING),
            LoanApplication.to_bring > 0, LoanApplication.remind_on <= day,
            LoanApplication.owner_id.is_not(None)).order_by(LoanApplication.id)).all()
    told = 0
    for start in range(0, len(found), _PORTION):
        portion = found[start:start + _PORTION]
        allowed = _to_remind_now(session, portion)
        with write(session):
            for one in portion:
                if one.id not in allowed:
                    continue
                told += 1
                tell(session, [one.owner_id], notice_kinds.WAITING,
                     N_("Remind the customer of %(number)s documents."),
                     values={"number": one.to_bring}, record=one)
                _operations().store(session, SYSTEM, one, {
                    "remind_on": day + dt.timedelta(days=setting(session, "remind_days"))})
    return told


def chase(session: Session, day: dt.date) -> int:
    """Tell owners of promises that were not kept and of problems that are overdue, once a day.

    Args:
        session: session without unsaved changes, or within a write.
        day: local date.
    """
    broken = session.scalars(select(LoanApplication).where(
        LoanApplication.state.in_(AT_APPROVERS), is_present(LoanApplication),
        LoanApplication.promised_on < day).order_by(LoanApplication.id)).all()
    late = session.scalars(select(Problem).where(
        Problem.is_open, is_present(Problem), Problem.due_on < day,
        or_(Problem.reminded_on.is_(None), Problem.reminded_on < day))
        .order_by(Problem.id)).all()
    with write(session):
        for one in broken:
            tell(session, [one.owner_id, one.approval_officer_id], notice_kinds.DEADLINE,
                 N_("The decision was promised for a day that is over: follow it up."),
                 record=one, once=True)
        for problem in late:
            leader = leader_of(session, problem.department_id)
            tell(session, [problem.owner_id, leader], notice_kinds.DEADLINE,
                 N_("A problem with approvers is overdue."), record=problem)
            operations_of(Problem).store(session, SYSTEM, problem, {"reminded_on": day})
    return len(broken) + len(late)


def look_after_approvals(session: Session, _now: dt.datetime) -> None:
    """Schedule: deputies of whoever is away may read and decide."""
    keys = session.scalars(select(LoanApplication.id).where(
        LoanApplication.state == APPROVAL, is_present(LoanApplication))
        .order_by(LoanApplication.id)).all()
    for start in range(0, len(keys), _PORTION):
        with write(session):
            for one in _read(session, keys[start:start + _PORTION]):
                row = approvals.waiting(approvals.chain_of(session, one.id))
                if row is not None:
                    approvals.let_read(session, one.id, [
                        holder.user_id for holder in approvals.acting(session, one, row)])


def look_after(session: Session, due: dt.datetime, _now: dt.datetime) -> None:
    """Schedule: expired documents, reminders, promises and problems of a working day."""
    day = local_day(due)
    find_expired(session, day)
    remind(session, day)
    chase(session, day)


JOBS = (
    Schedule(name="loans.daily", title=N_("Look after loan applications"), at="09:30",
             days="working", catch_up=False, run=look_after),
    Schedule(name="loans.approvals", title=N_("Look after approvals of loan applications"),
             every_seconds=600, run=look_after_approvals),
)
