"""Warning of forbidden words."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.services import is_present
from app.sdk.workflow import Message
from plugins.knowledge.words.models import ForbiddenWord

MOST = 5
_WITH_BETTER = N_("“%(word)s” is not said to customers. Better: %(instead)s")
_ALONE = N_("“%(word)s” is not said to customers.")


def holds(text: str, word: str) -> bool:
    """Return whether a text holds a word; Latin words count as whole words, in any case.

    Args:
        text: what was typed.
        word: the word or phrase; Chinese stands within other signs.
    """
    folded, wanted = text.casefold(), word.casefold()
    if not wanted.isascii():
        return wanted in folded
    return re.search(rf"(?<![a-z0-9]){re.escape(wanted)}(?![a-z0-9])", folded) is not None


def warnings(session: Session, text: str) -> list[Message]:
    """Return a sentence for each forbidden word in a text, at most five.

    Args:
        session: any session.
        text: what was typed.
    """
    if not text.strip():
        return []
    rows = session.execute(
        select(ForbiddenWord.word, ForbiddenWord.instead)
        .where(ForbiddenWord.active, is_present(ForbiddenWord)).order_by(ForbiddenWord.id))
    found = [row for row in rows if holds(text, row.word)]
    return [
        Message(_WITH_BETTER if row.instead else _ALONE,
                {"word": row.word, "instead": row.instead} if row.instead else {"word": row.word})
        for row in found[:MOST]
    ]
