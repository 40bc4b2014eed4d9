"""What the worker does for appraisals."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.jobs import Schedule
from app.sdk.people import local_today
from app.sdk.records import create
from app.sdk.services import (
    SYSTEM,
    act,
    is_present,
    notice_kinds,
    settings_of,
    tell,
    write,
)
from plugins.appraisals.choices import FILLING, PLANNED, RATING, SIGNING
from plugins.appraisals.cycles import computing
from plugins.appraisals.cycles.models import Cycle, PostForm
from plugins.appraisals.cycles.operations import OPEN_SHEETS
from plugins.appraisals.cycles.services import set_up
from plugins.appraisals.rules.periods import REGULAR, period
from plugins.appraisals.sheets import overdue
from plugins.appraisals.sheets.models import Sheet
from plugins.appraisals.sheets.operations import sheet_operations
from plugins.appraisals.sheets.signing import acting, due_for_reminder, let_read, next_signature

_PORTION = 50
_STEPS = (FILLING, RATING, SIGNING)


def open_cycles(session: Session, due: dt.datetime, _now: dt.datetime) -> None:
    """Schedule: on the 1st, open the cycles that begin then, for kinds that a post has a form for.

    A second run for the same day finds the cycles there and opens nothing.
    """
    if not settings_of(session, "appraisals")["opens_by_itself"]:
        return
    today = local_today()
    kinds = set(session.scalars(select(PostForm.kind).where(
        PostForm.active.is_(True), is_present(PostForm))))
    for kind in sorted(kinds & REGULAR.keys()):
        begin, end = period(kind, today)
        if begin.month != today.month:
            continue
        known = session.scalar(select(Cycle).where(
            Cycle.kind == kind, Cycle.starts_on < end, Cycle.ends_on > begin,
            is_present(Cycle)).limit(1))
        made = known or create(session, SYSTEM, Cycle, {"kind": kind, "starts_on": begin})
        # A cycle that was prepared, with weights and tasks of its own, is opened as well.
        if made.status == PLANNED and any(not one.problem for one in set_up(session, made)):
            act(session, SYSTEM, made, OPEN_SHEETS)


def look_after_signatures(session: Session, _now: dt.datetime) -> None:
    """Schedule: deputies of who is away may read and sign; who lets a sheet wait is reminded."""
    days = settings_of(session, "appraisals")["remind_days"]
    keys = session.scalars(select(Sheet.id).where(
        Sheet.status == SIGNING, Sheet.closed_at.is_(None), is_present(Sheet))
        .order_by(Sheet.id)).all()
    for start in range(0, len(keys), _PORTION):
        with write(session):
            for sheet in session.scalars(
                    select(Sheet).where(Sheet.id.in_(keys[start:start + _PORTION]))):
                _look_after(session, sheet, days)


def ask_to_acknowledge(session: Session, _due: dt.datetime, _now: dt.datetime) -> None:
    """Schedule: whoever has not taken note of weights and tasks for some days is asked again."""
    today = local_today()
    before = today - dt.timedelta(days=settings_of(session, "appraisals")["remind_days"])
    keys = session.scalars(select(Sheet.id).where(
        Sheet.status == FILLING, Sheet.acknowledged_at.is_(None), is_present(Sheet),
        Sheet.starts_on <= before, Sheet.ends_on > today,
        or_(Sheet.asked_on.is_(None), Sheet.asked_on <= before)).order_by(Sheet.id)).all()
    operations = sheet_operations()
    for start in range(0, len(keys), _PORTION):
        with write(session):
            for sheet in session.scalars(
                    select(Sheet).where(Sheet.id.in_(keys[start:start + _PORTION]))):
                operations.store(session, SYSTEM, sheet, {"asked_on": today})
                tell(session, [sheet.owner_id], notice_kinds.WAITING,
                     N_("Take note of the weights and tasks of the month."), record=sheet)


def look_after_overdue(session: Session, _due: dt.datetime, _now: dt.datetime) -> None:
    """Schedule: steps that nobody took in time are reminded of, passed over or refused.

    A second run on the same day does nothing more.
    """
    today, values = local_today(), settings_of(session, "appraisals")
    keys = session.scalars(select(Sheet.id).where(
        Sheet.status.in_(_STEPS), Sheet.ends_on <= today, Sheet.closed_at.is_(None),
        is_present(Sheet)).order_by(Sheet.id)).all()
    operations = sheet_operations()
    for start in range(0, len(keys), _PORTION):
        with write(session):
            for sheet in session.scalars(
                    select(Sheet).where(Sheet.id.in_(keys[start:start + _PORTION]))
                    .order_by(Sheet.id).with_for_update()
                    .execution_options(populate_existing=True)):
                overdue.look_after(session, operations, sheet, values, today)


def _look_after(session: Session, sheet: Sheet, days: int) -> None:
    row = next_signature(session, sheet)
    if row is None:
        return
    people = [one.user_id for one in acting(session, sheet, row.part)]
    let_read(session, sheet, people)
    today = local_today()
    if due_for_reminder(row, overdue.waits_since(sheet), today, days):
        row.reminded_on = today
        session.flush()
        tell(session, people, notice_kinds.WAITING, N_("An appraisal waits for your signature."),
             record=sheet, once=True)


JOBS = (
    *computing.JOBS,
    Schedule(name="appraisals.open", title=N_("Open cycles of appraisals"), at="00:30", days="1",
             run=open_cycles),
    Schedule(name="appraisals.acknowledge", title=N_("Ask to take note of weights and tasks"),
             at="09:20", days="working", catch_up=False, run=ask_to_acknowledge),
    Schedule(name="appraisals.overdue", title=N_("Look after overdue steps of appraisals"),
             at="06:30", run=look_after_overdue),
    Schedule(name="appraisals.signatures", title=N_("Look after signatures of appraisals"),
             every_seconds=600, run=look_after_signatures),
)
