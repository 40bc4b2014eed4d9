"""Comments on records: written, and who is named in them."""

# Not strict: Flask-AppBuilder and Flask-Babel come without types.
# pyright: basic

from __future__ import annotations

from collections.abc import Iterable

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import record_act
from app.access.bulk_authorization import users_among_who_can_see, users_who_can_see
from app.database import write
from app.host.host import current_host
from app.jobs.outbox import emit
from app.people.models import Department, Staff
from app.records.mixin import Record
from app.records.models import Comment, Mention

_MOST_MENTIONS = 20
# Looked at for one page of people: most of them see the record.
_MOST_LOOKED_AT = 24


def comment(
    session: Session, actor: Actor, record: Record, text: str, kind: str = "comment",
    mentions: Iterable[int] = (), view: str = "",
) -> Comment:
    """Put a note on a record.

    Args:
        session: session without unsaved changes, or within a write.
        actor: who writes.
        record: on which record.
        text: the note; plain text.
        kind: ``comment``, or ``progress`` for what the customer was told.
        mentions: users whom the note names; those who may not see the record are left out.
        view: name of the view whose ``can_show`` those people need.

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
        wanted = list(dict.fromkeys(mentions))[:_MOST_MENTIONS]
        seeing = users_who_can_see(session, wanted, record, view)
        named = [key for key in wanted if key in seeing]
        session.add_all(
            Mention(record_type=record.__record_type__, record_id=record.id,
                    comment_id=note.id, user_id=user_id)
            for user_id in named
        )
        session.flush()
        changes: dict[str, object] = {"comment": note.id, "kind": kind}
        if named:
            changes["mentions"] = named
        record_act(
            session, actor, "comment", record_type=record.__record_type__, record_id=record.id,
            number=record.number, changes=changes,
        )
        emit(session, "on_comment", {
            "record_type": record.__record_type__, "record_id": record.id,
            "number": record.number, "comment_id": note.id, "kind": kind,
            "actor_id": actor.user_id,
        }, current_host().subscribers("on_comment"))
    return note


def mentioned(session: Session, comment_id: int) -> list[int]:
    """Return the users whom a comment names, in order; for notices.

    Args:
        session: any session.
        comment_id: primary key of the comment.
    """
    return list(session.scalars(
        select(Mention.user_id).where(Mention.comment_id == comment_id).order_by(Mention.id)
    ))


def people_who_see(
    session: Session, record: Record, text: str, view: str, limit: int = 8
) -> list[tuple[int, str, str]]:
    """Return people who may see a record, for naming them in a comment; three statements.

    Args:
        session: any session.
        record: the record.
        text: beginning of a name or part of it.
        view: name of the view whose ``can_show`` those people need.
        limit: most people given.

    Returns:
        Key, name and department of each.
    """
    statement = (
        select(User.id, Staff.name, Staff.department_id, Staff.team_id,
               Department.name.label("department"))
        .join(Staff, Staff.user_id == User.id)
        .outerjoin(Department, Department.id == Staff.department_id)
        .where(User.active.is_(True), Staff.name.icontains(text, autoescape=True))
        .order_by(Staff.name, User.id).limit(_MOST_LOOKED_AT)
    )
    rows = session.execute(statement).all()
    people = {row.id: (row.department_id, row.team_id) for row in rows}
    seeing = users_among_who_can_see(session, people, record, view)
    return [(row.id, row.name, row.department or "") for row in rows if row.id in seeing][:limit]
