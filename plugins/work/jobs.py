"""What the worker does for weekly reports and proposals."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.jobs import Schedule
from app.sdk.people import local_today, local_zone
from app.sdk.records import operations_of
from app.sdk.services import SYSTEM, is_present, write
from plugins.work.proposals.models import Proposal
from plugins.work.proposals.operations import ProposalOperations
from plugins.work.proposals.workflow import TO_CARRY_OUT
from plugins.work.reports.services import begin_week, look_after
from plugins.work.reports.weeks import monday_of


def begin_reports(session: Session, due: dt.datetime, _now: dt.datetime) -> None:
    """Schedule: on Mondays, make the drafts of the week; a second run finds them there."""
    begin_week(session, monday_of(due.astimezone(local_zone()).date()))


def look_after_reports(session: Session, _now: dt.datetime) -> None:
    """Schedule: remind on the day on which reports are due, and find those not handed in."""
    look_after(session)


def remind_of_proposals(session: Session, _due: dt.datetime, _now: dt.datetime) -> None:
    """Schedule: once a day, tell who lets an adopted proposal wait beyond its day."""
    today = local_today()
    operations = operations_of(Proposal)
    assert isinstance(operations, ProposalOperations)
    with write(session):
        for one in session.scalars(select(Proposal).where(
                Proposal.state == TO_CARRY_OUT, is_present(Proposal), Proposal.due_on < today,
                or_(Proposal.reminded_on.is_(None), Proposal.reminded_on < today))
                .order_by(Proposal.id)):
            operations.remind(session, SYSTEM, one, today)


JOBS = (
    Schedule(name="work.begin_reports", title=N_("Begin the weekly reports"), at="00:20",
             days="mon", catch_up=False, run=begin_reports),
    Schedule(name="work.reports", title=N_("Look after weekly reports"), every_seconds=1800,
             run=look_after_reports),
    Schedule(name="work.proposals", title=N_("Remind of adopted proposals"), at="09:10",
             days="working", catch_up=False, run=remind_of_proposals),
)
