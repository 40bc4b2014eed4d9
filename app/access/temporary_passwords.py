"""Passwords that one person has set for another: good for one thing, choosing one's own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.access.models import TemporaryPassword
from app.database import write
from app.people.models import Staff


def mark_temporary(session: Session, user_id: int) -> None:
    """Note that somebody else has set the password of an account."""
    with write(session):
        if session.get(TemporaryPassword, user_id) is None:
            session.add(TemporaryPassword(user_id=user_id))
            session.flush()


def clear_temporary(session: Session, user_id: int) -> None:
    """Note that an account has a password of its owner's choice."""
    with write(session):
        session.execute(delete(TemporaryPassword).where(TemporaryPassword.user_id == user_id))


def known_words(session: Session, user: Any) -> list[str]:
    """Return what colleagues know of an account, and what a password must not rest on.

    Args:
        session: any session.
        user: the account.
    """
    staff = session.execute(
        select(Staff.name, Staff.number).where(Staff.user_id == user.id)
    ).one_or_none()
    words = [user.username, user.first_name, user.last_name, (user.email or "").partition("@")[0],
             *(staff or ())]
    return [word for word in words if word]
