"""Sheets of a cycle are opened for everybody whom the set-up check finds fit."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.models import Staff
from app.sdk.records import operations_of
from app.sdk.services import Actor, NoticeAbout, lock, notice_kinds
from plugins.appraisals.choices import OPEN
from plugins.appraisals.cycles.models import Cycle
from plugins.appraisals.cycles.services import set_up, taken
from plugins.appraisals.rules.setup import Planned
from plugins.appraisals.rules.tasks import read_tasks
from plugins.appraisals.shared import tell_each
from plugins.appraisals.sheets.models import Sheet
from plugins.appraisals.sheets.operations import sheet_operations
from plugins.appraisals.sheets.tasks import announce


def fit_for_a_sheet(session: Session, cycle: Cycle) -> list[Planned]:
    """Return the people of the set-up check who can have a sheet and have none."""
    return [one for one in set_up(session, cycle) if not one.problem]


def open_sheets(
    session: Session, actor: Actor, cycle: Cycle, planned: Sequence[Planned]
) -> int:
    """Make sheets for people, and let the cycle be under way; return how many were made.

    Whoever was given a sheet meanwhile gets no second one.

    Args:
        session: session with a running write.
        actor: who opens them.
        cycle: the cycle.
        planned: people who are fit.
    """
    lock(session, cycle)
    have = taken(session, cycle)
    missing = [one for one in planned if one.member.user_id not in have]
    places = {row.user_id: {"department_id": row.department_id, "team_id": row.team_id}
              for row in session.execute(
                  select(Staff.user_id, Staff.department_id, Staff.team_id).where(
                      Staff.user_id.in_([one.member.user_id for one in missing])))}
    sheets, tasks, opened = sheet_operations(), read_tasks(cycle.tasks)[0], list[Sheet]()
    for one in missing:
        assert one.form is not None
        made = sheets.open(session, actor, cycle, one, {
            **places[one.member.user_id],
            "weights": cycle.weights.get(str(one.form.form_id), {})})
        if tasks:
            announce(session, actor, made, tasks)
        opened.append(made)
    tell_each(session, [NoticeAbout(one, [one.owner_id], {"title": cycle.title})
                        for one in opened], notice_kinds.ASSIGNED,
              N_("Your appraisal %(title)s is open: fill it in."), by=actor.user_id)
    operations_of(Cycle).store(session, actor, cycle, {"status": OPEN})
    return len(missing)
