"""Makes the summary of a week, and tells the supervisors (SPEC E3)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.people import local_zone, members
from app.sdk.services import SYSTEM, is_present, notice_kinds, tell, utcnow, write
from plugins.enquiries.access import SUMMARY
from plugins.enquiries.choices import ENQUIRY, OTHER, SATISFIED
from plugins.enquiries.models import Enquiry, EnquiryCategory, EnquiryChannel, Summary
from plugins.enquiries.summaries.counting import counted, frequent
from plugins.enquiries.summaries.operations import summary_operations

_WEEK = dt.timedelta(days=7)
# Kinds of call that ask something; a transfer or a pitch is no question.
_ASKED = (ENQUIRY, OTHER)
_DAY = dt.timedelta(days=1)


def week_before(day: dt.date) -> tuple[dt.date, dt.date]:
    """Return Monday and Sunday of the week before the one of a day."""
    monday = day - _DAY * day.weekday() - _WEEK
    return monday, monday + _DAY * 6


def name_of_week(day: dt.date) -> str:
    """Return ISO year and week of a day, e.g. ``2026-W48``."""
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def make_summary(session: Session, first: dt.date) -> Summary | None:
    """Make the summary of a week and tell the supervisors; one that is there already stays.

    Args:
        session: session without unsaved changes, or within a write.
        first: Monday of the week.

    Returns:
        The new summary, or ``None``.
    """
    week = name_of_week(first)
    if session.scalar(select(Summary.id).where(Summary.week == week)) is not None:
        return None
    with write(session):
        summary = summary_operations().make(session, SYSTEM, {
            "week": week, "first_day": first, "last_day": first + _DAY * 6, "made_at": utcnow(),
            **_figures(session, first)})
        readers = {one.user_id for role in ("supervisor", "leader") for one in members(
            session, role=role, can=("can_list", SUMMARY), present=False)}
        tell(session, sorted(readers), notice_kinds.JOB,
             N_("Questions of the week %(week)s: %(number)s enquiries"),
             values={"week": week, "number": summary.received}, record=summary)
    return summary


def _figures(session: Session, first: dt.date) -> dict[str, Any]:
    begin, end = (dt.datetime.combine(day, dt.time(), local_zone())
                  for day in (first, first + _WEEK))
    rows = [dict(row) for row in session.execute(
        select(Enquiry.kind, EnquiryCategory.code.label("category"),
               EnquiryChannel.code.label("channel"),
               Enquiry.question, Enquiry.answered_at_once, Enquiry.answered_at, Enquiry.is_open,
               Enquiry.promised_at, Enquiry.reply_result, Enquiry.satisfaction)
        .outerjoin(EnquiryCategory, EnquiryCategory.id == Enquiry.category_id)
        .outerjoin(EnquiryChannel, EnquiryChannel.id == Enquiry.channel_id)
        .where(Enquiry.received_at >= begin, Enquiry.received_at < end, is_present(Enquiry))
        .order_by(Enquiry.received_at, Enquiry.id)).mappings()]
    promised = [row["reply_result"] for row in rows if row["promised_at"] and row["reply_result"]]
    rated = [row["satisfaction"] for row in rows if row["satisfaction"]]
    names = ("kind", "category", "channel")
    return {
        "received": len(rows),
        "answered_at_once": sum(row["answered_at_once"] for row in rows),
        "promised": len(promised), "promised_kept": promised.count("kept"),
        "unanswered": sum(row["is_open"] and row["answered_at"] is None for row in rows),
        "rated": len(rated), "satisfied": rated.count(SATISFIED),
        "figures": {
            **counted(({name: row[name] or "" for name in names} for row in rows), names),
            "questions": frequent(row["question"] for row in rows if row["kind"] in _ASKED),
        },
    }


def make_last_week(session: Session, due: dt.datetime, _now: dt.datetime) -> None:
    """Schedule: on the first working day of a week the week before is summed up."""
    first, _ = week_before(due.astimezone(local_zone()).date())
    make_summary(session, first)
