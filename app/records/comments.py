"""Comments on records: written, and who is named in them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import record_act
from app.database import write
from app.records.mixin import Record
from app.records.models import Comment


def comment(
    session: Session, actor: Actor, record: Record, text: str, kind: str = "comment"
) -> Comment:
    """Put a note on a record.

    Args:
        session: session without unsaved changes, or within a write.
        actor: who writes.
        record: on which record.
        text: the note; plain text.
        kind: ``comment``, or ``progress`` for what the customer was told.

    Raises:
        ValueError: the text is empty.
    """
    text = text.strip()
    if not text:
        raise ValueError("empty comment")
    with write(session):
        note = Comment(
            record_type=record.__record_type__, record_id=record.id, author_id=actor.user_id,
            author_name=actor.name, text=text, kind=kind,
        )
        session.add(note)
        session.flush()
        record_act(
            session, actor, "comment", record_type=record.__record_type__, record_id=record.id,
            number=record.number, changes={"comment": note.id, "kind": kind},
        )
    return note
