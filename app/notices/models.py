"""Tables of notices."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    delete,
    event,
    exists,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, BigId, Json, UTCDateTime, utcnow
from app.records.personal import Personal


class Notice(Base):
    """Something that one person is told.

    The text is a message id: it is read in the language of whoever reads it. Title and content of
    the record are not kept here, so that a notice never shows more than its reader may see now.
    """

    __tablename__ = "notices_notice"
    __personal__ = Personal(swept=("text_values",),
                            kept=("kind", "text", "record_type", "actor_name"))
    __table_args__ = (
        # Counting what is unread reads nothing but this index.
        Index(
            "ix_notices_notice_unread", "user_id", "id",
            sqlite_where=text("read_at IS NULL"), postgresql_where=text("read_at IS NULL"),
        ),
        Index(None, "user_id", "id"),
        Index(None, "created_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(String(200))
    text_values: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    record_type: Mapped[str] = mapped_column(String(80), default="")
    record_id: Mapped[int | None] = mapped_column(BigId)
    actor_name: Mapped[str] = mapped_column(String(128), default="")
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    read_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)


class NoticeChoice(Base):
    """Whether a person wants a kind of notice by a channel; without a row the default holds."""

    __tablename__ = "notices_choice"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    wanted: Mapped[bool] = mapped_column(Boolean)


class NoticeHandle(Base):
    """By what a group robot calls a person: a mobile number or the user id of the messenger."""

    __tablename__ = "notices_handle"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    handle: Mapped[str] = mapped_column(String(64))


announcement_roles = Table(
    "notices_announcement_role",
    Base.metadata,
    Column("announcement_id", ForeignKey("notices_announcement.id", ondelete="CASCADE"),
           primary_key=True),
    Column("role_id", ForeignKey("ab_role.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Announcement(Base):
    """What everybody, or everybody with one of some roles, is told for some time (公告).

    A title or text in Chinese that is left empty is the same in both languages.
    """

    __tablename__ = "notices_announcement"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    title_zh: Mapped[str] = mapped_column(String(120), default="", server_default="")
    text: Mapped[str] = mapped_column(Text, default="")
    text_zh: Mapped[str] = mapped_column(Text, default="", server_default="")
    starts_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    ends_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime, index=True)

    # None: everybody.
    roles: Mapped[list[Role]] = relationship(secondary=announcement_roles, order_by=Role.name)

    def __str__(self) -> str:
        return self.title


@event.listens_for(Role, "before_delete")
def _end_with_the_last_role(_mapper: Any, connection: Connection, role: Role) -> None:
    """Delete what only this role was told: without any role it would be for everybody."""
    mine, others = announcement_roles.alias(), announcement_roles.alias()
    connection.execute(
        delete(Announcement).where(
            exists().where(mine.c.announcement_id == Announcement.id, mine.c.role_id == role.id),
            ~exists().where(
                others.c.announcement_id == Announcement.id, others.c.role_id != role.id
            ),
        )
    )


class Dismissal(Base):
    """That a person has put an announcement away."""

    __tablename__ = "notices_dismissal"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    announcement_id: Mapped[int] = mapped_column(
        ForeignKey("notices_announcement.id", ondelete="CASCADE"), primary_key=True,
        autoincrement=False,
    )
