"""Drafts of a week for everybody who reports, reminders, and what was not handed in."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.sdk.people import Profile, leaders_by_person, local_zone, profiles
from app.sdk.records import operations_of
from app.sdk.services import SYSTEM, is_present, settings_of, utcnow, write
from plugins.work.reports.models import WeeklyReport
from plugins.work.reports.operations import WeeklyReportOperations
from plugins.work.reports.workflow import DRAFT
from plugins.work.settings import lines

_PORTION = 50


def report_operations() -> WeeklyReportOperations:
    """Return the operations on weekly reports."""
    found = operations_of(WeeklyReport)
    assert isinstance(found, WeeklyReportOperations)
    return found


def writers(session: Session) -> list[tuple[Profile, int]]:
    """Return whoever writes weekly reports, each with who reads them.

    Args:
        session: any session.
    """
    roles = set(lines(settings_of(session, "work"), "roles"))
    people = [one for one in profiles(session, everyone=True) if roles & one.roles]
    leaders = leaders_by_person(session, people)
    found = []
    for one in people:
        reader = next((key for key in leaders[one.user_id] if key != one.user_id), None)
        if reader is not None:
            found.append((one, reader))
    return found


def begin_week(session: Session, monday: dt.date) -> int:
    """Make the drafts of a week for everybody who has none; return how many were made.

    A second run finds them there.

    Args:
        session: session without unsaved changes.
        monday: first day of the week.
    """
    known = set(session.scalars(select(WeeklyReport.owner_id).where(
        WeeklyReport.starts_on == monday)))
    missing = [one for one in writers(session) if one[0].user_id not in known]
    operations = report_operations()
    for start in range(0, len(missing), _PORTION):
        with write(session):
            for person, reader in missing[start:start + _PORTION]:
                operations.begin(session, SYSTEM, monday, person, reader)
    return len(missing)


def look_after(session: Session) -> int:
    """Remind of reports that are due today, and find those whose time is up.

    Args:
        session: session without unsaved changes.

    Returns:
        How many people were told.
    """
    now = utcnow()
    today = now.astimezone(local_zone()).date()
    end_of_day = dt.datetime.combine(today + dt.timedelta(days=1), dt.time(), local_zone())
    keys = session.scalars(select(WeeklyReport.id).where(
        WeeklyReport.state == DRAFT, is_present(WeeklyReport), WeeklyReport.timeliness == "",
        WeeklyReport.hand_in_by < end_of_day,
        or_(WeeklyReport.hand_in_by < now, WeeklyReport.reminded_on.is_(None),
            WeeklyReport.reminded_on < today)).order_by(WeeklyReport.id)).all()
    operations = report_operations()
    for start in range(0, len(keys), _PORTION):
        with write(session):
            for one in session.scalars(select(WeeklyReport).where(
                    WeeklyReport.id.in_(keys[start:start + _PORTION]))):
                if one.hand_in_by < now:
                    operations.find_missing(session, SYSTEM, one, today)
                else:
                    operations.remind(session, SYSTEM, one, today)
    return len(keys)
