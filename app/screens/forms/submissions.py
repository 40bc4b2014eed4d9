"""A form for a new row is saved once: a double click, or Back and Save again, makes no second row.

The page gives itself a token. Together with what was typed it names the submission; whoever goes
back and types something else means a new row.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Callable
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.access.actor import Actor
from app.database import changed_rows, write
from app.screens.models import Submission

FIELD = "once"
_TOKEN = re.compile(r"[0-9a-f]{32}")
_KEPT_FOR = dt.timedelta(days=2)
# Not part of what was typed: which button was pressed, and proofs that change by themselves.
_ASIDE = {FIELD, "csrf_token", "save_next", "with_step"}


def new_token() -> str:
    """Return the token that a page gives its form for a new row."""
    return secrets.token_hex(16)


def name_of(place: str, sent: MultiDict[str, str]) -> str:
    """Return the name of a submission, empty where the page gave no token.

    Args:
        place: which form it is.
        sent: fields as they were sent.
    """
    token = sent.get(FIELD, "")
    if not _TOKEN.fullmatch(token):
        return ""
    typed = sorted((name, value) for name, value in sent.items(multi=True) if name not in _ASIDE)
    return hashlib.sha256(repr((token, place, typed)).encode()).hexdigest()


def name_of_key(place: str, key: str, body: bytes) -> str:
    """Return the name of a request of the API that brings a key of its own.

    The first half names the key, the second half what was sent with it.

    Args:
        place: address that it was sent to.
        key: what the caller chose, at most 255 characters.
        body: the body as it was sent.
    """
    parts = (repr((place, key)).encode(), body)
    return "".join(hashlib.sha256(part).hexdigest()[:32] for part in parts)


def is_reused(session: Session, actor: Actor, name: str) -> bool:
    """Return whether the key of a request came before with another body.

    Args:
        session: any session.
        actor: who sends.
        name: see ``name_of_key``.
    """
    half = len(name) // 2
    found = session.scalar(
        select(Submission.token).where(
            Submission.user_id == actor.user_id, Submission.token.startswith(name[:half]),
            Submission.token != name,
        ).limit(1)
    )
    return found is not None


def create_once(
    session: Session, actor: Actor, name: str, create: Callable[[], Any]
) -> tuple[Any, int | None]:
    """Create a row, unless this submission has created one.

    What ``create`` writes is one transaction. Of two that run at once, the second waits for the
    first and finds what it made.

    Args:
        session: session without unsaved changes.
        actor: who saves.
        name: name of the submission; without one nothing is compared.
        create: creates and returns the row.

    Returns:
        The new row and ``None``, or ``None`` and the id of the row that is there already.
    """
    if not name:
        with write(session):
            return create(), None
    made = _made(session, actor, name)
    if made is not None:
        return None, made
    try:
        with write(session):
            submission = Submission(user_id=actor.user_id, token=name)
            session.add(submission)
            session.flush()
            row = create()
            submission.row_id = row.id
    except IntegrityError:
        made = _made(session, actor, name)
        if made is None:
            raise
        return None, made
    return row, None


def _made(session: Session, actor: Actor, name: str) -> int | None:
    submission = session.get(Submission, (actor.user_id, name), populate_existing=True)
    return submission.row_id if submission is not None else None


def forget_submissions(session: Session, now: dt.datetime) -> int:
    """Delete submissions that nobody sends again; for the worker's schedule."""
    with write(session):
        return changed_rows(session.execute(
            delete(Submission).where(Submission.at < now - _KEPT_FOR)
            .execution_options(synchronize_session=False)
        ))
