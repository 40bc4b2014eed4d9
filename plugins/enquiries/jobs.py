"""What the worker does for enquiries."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.jobs import Schedule
from plugins.enquiries.enquiries.watching import close_silent, empty_contacts
from plugins.enquiries.summaries.services import make_last_week


def _close_silent(session: Session, _due: dt.datetime, now: dt.datetime) -> None:
    close_silent(session, now)


def _empty(session: Session, _due: dt.datetime, now: dt.datetime) -> None:
    empty_contacts(session, now)


JOBS = (
    Schedule(name="enquiries.silence", title=N_("Close enquiries of silent customers"), at="09:30",
             days="working", catch_up=False, run=_close_silent),
    Schedule(name="enquiries.summary", title=N_("Sum up the questions of the week"), at="08:00",
             days="working", catch_up=False, run=make_last_week),
    Schedule(name="enquiries.contacts", title=N_("Empty contact data of old enquiries"),
             at="03:30", catch_up=False, run=_empty),
)
