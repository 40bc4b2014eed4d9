"""Who of the made-up house is away: now, soon, and some time ago."""

from __future__ import annotations

import datetime as dt
import decimal

from sqlalchemy import func, select

from app.people.models import Absence, AttendanceFact, Staff
from app.sdk.demo import DemoContext
from app.sdk.services import user_ids_by_name, utcnow, write

# Sign-in name, first and last day counted from today, kind, reason, who stands in.
_AWAY = (
    ("yangfan", -1, 2, "annual_leave", "年假", "zhujie"),
    ("zhangjing", 3, 3, "training", "外部培训", ""),
    ("hejun", 5, 9, "business_trip", "出差", "gaoqiang"),
    ("wanghao", -20, -18, "sick_leave", "病假", "liuyang"),
)
# Sign-in name, day counted from today, kind, days or times.
_ATTENDANCE = (
    ("agent", -6, "late", "1"), ("wanghao", -9, "no_badge", "1"), ("liuyang", -12, "late", "1"),
    ("zhangjing", -15, "left_early", "1"), ("yangfan", -30, "personal_leave", "0.5"),
)


def load(context: DemoContext) -> str:
    """Add absences and attendance facts where no absence is noted.

    Args:
        context: see ``app.sdk.demo``.
    """
    session = context.session
    if session.scalar(select(func.count()).select_from(Absence)):
        return "Absences are there already."
    users = user_ids_by_name(session)
    staff = {user_id: pk for user_id, pk in session.execute(select(Staff.user_id, Staff.id))}
    zone = dt.timezone(dt.timedelta(hours=8))
    today = dt.datetime.combine(utcnow().astimezone(zone).date(), dt.time(), zone)
    with write(session):
        session.add_all([
            Absence(
                staff_id=staff[users[who]], kind=kind, reason=reason,
                starts_at=today + dt.timedelta(days=first, hours=9),
                ends_at=today + dt.timedelta(days=last, hours=18),
                substitute_id=staff[users[stands_in]] if stands_in else None,
            )
            for who, first, last, kind, reason, stands_in in _AWAY
        ])
        session.add_all([
            AttendanceFact(staff_id=staff[users[who]], day=(today + dt.timedelta(days=day)).date(),
                           kind=kind, amount=decimal.Decimal(amount))
            for who, day, kind, amount in _ATTENDANCE
        ])
    return f"{len(_AWAY)} absences."
