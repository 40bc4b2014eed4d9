"""Noting questions that nobody found an answer to."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk.records import operations_of
from app.sdk.services import Actor, search_words, utcnow
from plugins.knowledge.choices import GAP_FILLED, GAP_OPEN
from plugins.knowledge.finding.cleaning import cleaned, digest_of
from plugins.knowledge.gaps.models import Gap
from plugins.knowledge.gaps.operations import GapOperations


def note_gap(session: Session, actor: Actor, text: str, asked_on: str = "") -> Gap | None:
    """Note a question without an answer; the same one is counted up, and opened again.

    Args:
        session: session with a running write.
        actor: who looked for an answer.
        text: what was typed; kept without numbers of persons, at most 300 characters.
        asked_on: record type of the form that it was typed into.

    Returns:
        The gap, or ``None`` for a text without words.
    """
    question = cleaned(text)
    if not search_words(question):
        return None
    digest = digest_of(question)
    known = session.scalar(select(Gap).where(Gap.digest == digest))
    if known is None:
        operations = operations_of(Gap)
        assert isinstance(operations, GapOperations)
        return operations.note(session, actor, {
            "question": question, "digest": digest, "asked_on": asked_on, "last_at": utcnow()})
    known.times += 1
    known.last_at = utcnow()
    if known.status == GAP_FILLED:
        # Its article did not help after all.
        known.status = GAP_OPEN
    session.flush()
    return known
