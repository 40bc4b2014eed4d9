"""The table of the month before is handed to the leaders."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.jobs import Schedule
from app.sdk.metrics import Period
from app.sdk.people import local_zone, members
from app.sdk.services import NoticePage, notice_kinds, tell, write
from plugins.complaints.periods import DATES
from plugins.complaints.statistics import OWN
from plugins.complaints.workflow import VIEW

TOLD = N_("The complaint summary table of %(month)s is ready")
READERS = ("leader", "supervisor")


def month_before(day: dt.date) -> Period:
    """Return the whole month before the one of a day."""
    last = day.replace(day=1) - dt.timedelta(days=1)
    return Period(first=last.replace(day=1), last=last)


def send_table(session: Session, month: Period) -> int:
    """Tell leaders and supervisors of the table of a month, once each.

    The notice tells no number: each of them finds the complaints that they may see.

    Args:
        session: session without unsaved changes.
        month: a whole month.

    Returns:
        How many were told.
    """
    assert month.first is not None and month.last is not None, "a month has both ends"
    readers = {one.user_id for role in READERS for one in members(
        session, role=role, can=("can_statistics", VIEW), present=False)}
    page = NoticePage("ComplaintTableView.page", {
        "period": DATES, "from": month.first.isoformat(), "to": month.last.isoformat(),
        "source": OWN})
    with write(session):
        return tell(session, sorted(readers), notice_kinds.JOB, TOLD, once=True, page=page,
                    values={"month": f"{month.first:%Y-%m}"})


def _send(session: Session, due: dt.datetime, _now: dt.datetime) -> None:
    send_table(session, month_before(due.astimezone(local_zone()).date()))


JOBS = (
    Schedule(name="complaints.monthly_table", title=N_("Hand over the complaint summary table"),
             at="08:00", days="1", catch_up=False, run=_send),
)
