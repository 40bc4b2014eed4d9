"""Reading the log of follow-ups."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugins.loans.follow_ups.models import FollowUp


def follow_ups_of(session: Session, application_id: int) -> list[FollowUp]:
    """Return the follow-ups of an application, the latest first."""
    return list(session.scalars(
        select(FollowUp).where(FollowUp.application_id == application_id)
        .order_by(FollowUp.id.desc())))
