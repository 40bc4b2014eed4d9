"""Deadlines as badges: green, amber, red, paused, and never by colour alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from markupsafe import Markup
from sqlalchemy.orm import Session

from app.database import utcnow
from app.deadlines import services as deadlines
from app.deadlines.clock_status import ClockStatus
from app.i18n import N_
from app.screens.columns.cells import badge
from app.screens.contracts import Choice
from app.web.formats import datetime_writer, write_datetime

# Stands in a badge where its time belongs.
_TIME = "~time~"
# Colour, icon and words of each status.
TONES = {
    ClockStatus.OK: ("good", "clock", N_("Running")),
    ClockStatus.WARNING: ("warn", "alarm", N_("Due soon")),
    ClockStatus.BREACHED: ("bad", "alert-circle", N_("Overdue")),
    ClockStatus.PAUSED: ("still", "player-pause", N_("Paused")),
    ClockStatus.STOPPED: ("still", "circle-check", N_("Done")),
}


def clock_badge(status: ClockStatus, due_at: dt.datetime, key: str = "") -> Markup:
    """Return a clock as a badge with its deadline.

    Args:
        status: how it stands.
        due_at: its deadline, aware.
        key: of its rule.
    """
    return _badge(status, write_datetime(due_at), key)


def _badge(status: ClockStatus, time: str, key: str = "") -> Markup:
    tone, icon, _word = TONES[status]
    return Markup('<span class="deadline" data-deadline="{}">{}</span>').format(
        status, badge(Choice(key, time, tone, icon))
    )


def deadline_badges(
    session: Session, record_type: str, record_ids: Collection[int]
) -> dict[int, Markup]:
    """Return for each record the badge of the clock that is due first, in one statement.

    Args:
        session: any session.
        record_type: kind of record.
        record_ids: at most a page of them; those without a running or paused clock are left out.
    """
    if not record_ids:
        return {}
    found = deadlines.running(session, record_type, record_ids, utcnow())
    write, frames = datetime_writer(), dict[ClockStatus, list[Markup]]()
    badges: dict[int, Markup] = {}
    for pk, first in found.items():
        if first.status not in frames:
            # A badge differs from others of its status in the time alone, which needs no escaping.
            frames[first.status] = _badge(first.status, _TIME).split(_TIME)
        badges[pk] = Markup(write(first.due_at).join(frames[first.status]))
    return badges
