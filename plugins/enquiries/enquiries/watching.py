"""Looks after enquiries: silent customers, contact data kept too long."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.records import act
from app.sdk.services import (
    SYSTEM,
    forget_former_values,
    is_present,
    notice_kinds,
    tell,
    write,
)
from plugins.enquiries.enquiries.models import Enquiry
from plugins.enquiries.enquiries.operations import enquiry_operations
from plugins.enquiries.enquiries.workflow import NO_ANSWER, SILENCE, WAITING
from plugins.enquiries.settings import setting

PORTION = 200
_MONTH = dt.timedelta(days=31)
_CONTACT = {"customer_name": "", "phone": "", "wechat": "", "qq": ""}


def close_silent(session: Session, now: dt.datetime) -> int:
    """Close what waits for its customer for too long; the owner asks the three-level question.

    Args:
        session: session without unsaved changes.
        now: the present moment.

    Returns:
        How many were closed.
    """
    since = now - dt.timedelta(days=setting(session, "silent_days"))
    found = session.scalars(
        select(Enquiry)
        .where(Enquiry.state == WAITING, Enquiry.waiting_since <= since, is_present(Enquiry))
        .order_by(Enquiry.id).limit(PORTION)).all()
    for enquiry in found:
        with write(session):
            act(session, SYSTEM, enquiry, SILENCE, {"outcome": NO_ANSWER})
            tell(session, [enquiry.owner_id], notice_kinds.WAITING,
                 N_("The customer was silent and the enquiry is closed: ask the three-level "
                    "question"), record=enquiry)
    return len(found)


def empty_contacts(session: Session, now: dt.datetime) -> int:
    """Empty name and numbers of enquiries that were closed long ago.

    Args:
        session: session without unsaved changes.
        now: the present moment.

    Returns:
        How many were emptied; none where the settings keep them.
    """
    months = setting(session, "contact_months")
    if not months:
        return 0
    found = session.scalars(
        select(Enquiry)
        .where(Enquiry.closed_at < now - months * _MONTH, is_present(Enquiry),
               or_(*(getattr(Enquiry, name) != "" for name in _CONTACT)))
        .order_by(Enquiry.id).limit(PORTION)).all()
    for enquiry in found:
        with write(session):
            enquiry_operations().store(session, SYSTEM, enquiry, _CONTACT)
            forget_former_values(session, enquiry)
    return len(found)
