"""Sign-in with lockout, and sessions that can be ended from the server's side.

The cookie holds a random key; the table holds its digest. Sign-out, a password change and a
deactivation end sessions at once, for the screens and for API tokens alike.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.access.models import SignInAttempt, UserSession
from app.database import utcnow, write
from app.database_errors import is_passing

# Writing "last seen" with every request would turn every read into a write.
SEEN_EVERY = dt.timedelta(minutes=1)
# Nobody waits long for it.
SEEN_WAIT_SECONDS = 0.5


def digest(key: str) -> str:
    """Return what the table holds for a session key."""
    return hashlib.sha256(key.encode()).hexdigest()


def start_session(session: Session, user_id: int, address: str = "", agent: str = "") -> str:
    """Open a session and return its secret key.

    Args:
        session: database session.
        user_id: who signed in.
        address: network address, for the list of one's sessions.
        agent: browser, for the same list.
    """
    key = secrets.token_urlsafe(32)
    with write(session):
        session.add(
            UserSession(key=digest(key), user_id=user_id, address=address[:64], agent=agent[:200])
        )
    return key


def end_session(session: Session, key: str) -> None:
    """End the session with this secret key, if it is still open."""
    with write(session):
        session.execute(delete(UserSession).where(UserSession.key == digest(key)))


def end_sessions_of(session: Session, user_id: int, keep: str | None = None) -> None:
    """End all sessions of a user, but for the one with the secret key ``keep``."""
    with write(session):
        ended = delete(UserSession).where(UserSession.user_id == user_id)
        if keep is not None:
            ended = ended.where(UserSession.key != digest(keep))
        session.execute(ended)


def is_alive(
    created_at: dt.datetime, seen_at: dt.datetime, idle: dt.timedelta, absolute: dt.timedelta
) -> bool:
    """Return whether a session is within its idle and its absolute time."""
    now = utcnow()
    return now - seen_at < idle and now - created_at < absolute


def touch(session: Session, key: str, seen_at: dt.datetime) -> None:
    """Note that a session was used, at most once in ``SEEN_EVERY``.

    A busy database is no reason to fail: the next request notes it.
    """
    if utcnow() - seen_at < SEEN_EVERY:
        return
    try:
        with write(session, wait=SEEN_WAIT_SECONDS):
            session.execute(
                update(UserSession).where(UserSession.key == digest(key)).values(seen_at=utcnow())
            )
    except DBAPIError as error:
        if not is_passing(error):
            raise


def is_locked(
    session: Session, username: str, address: str, attempts: int, window: dt.timedelta
) -> bool:
    """Return whether sign-in is refused for now, for this account or from this address.

    Args:
        session: any session.
        username: as typed; unknown names count alike, so nothing tells which ones exist.
        address: network address.
        attempts: failures allowed within the window.
        window: how long failures count.
    """
    since = utcnow() - window

    def failures(*conditions) -> int:
        return session.scalar(
            select(func.count()).select_from(SignInAttempt).where(
                SignInAttempt.at > since, SignInAttempt.forgiven.is_(False), *conditions
            )
        ) or 0

    name = username.strip().lower()[:128]
    # Many people may share one address (an office behind one gateway): it gets more room.
    return failures(SignInAttempt.username == name) >= attempts or (
        bool(address) and failures(SignInAttempt.address == address) >= attempts * 5
    )


def locked_names(
    session: Session, usernames: Iterable[str], attempts: int, window: dt.timedelta
) -> frozenset[str]:
    """Return those of some accounts, in lower case, that are refused sign-in for now.

    Args:
        session: any session.
        usernames: names of accounts.
        attempts: failures allowed within the window.
        window: how long failures count.
    """
    names = [name.lower()[:128] for name in usernames]
    return frozenset(session.scalars(
        select(SignInAttempt.username)
        .where(SignInAttempt.username.in_(names), SignInAttempt.at > utcnow() - window,
               SignInAttempt.forgiven.is_(False))
        .group_by(SignInAttempt.username).having(func.count() >= attempts)
    ))


def note_failure(session: Session, username: str, address: str) -> None:
    """Count a failed sign-in."""
    with write(session):
        session.add(SignInAttempt(username=username.strip().lower()[:128], address=address[:64]))


def clear_failures(session: Session, username: str) -> None:
    """Stop counting the failures of an account: it has signed in, or an admin unlocked it."""
    with write(session):
        session.execute(
            update(SignInAttempt)
            .where(SignInAttempt.username == username.strip().lower()[:128])
            .values(forgiven=True)
        )
