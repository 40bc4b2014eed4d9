"""Tables that hang on records of every kind: counters, comments, files, fields, search words."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    DDL,
    Boolean,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    event,
    false,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.access.sensitive.columns import Sensitive
from app.database import Base, BigId, CodeString, Json, UTCDateTime, utcnow
from app.records.personal import Personal


class Counter(Base):
    """Last number given, for each kind of record and year."""

    __tablename__ = "records_counter"

    record_type: Mapped[str] = mapped_column(String(64), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    value: Mapped[int] = mapped_column(Integer, default=0)


class Comment(Base):
    """A note on a record; ``told_customer`` marks what the customer has been told."""

    __tablename__ = "records_comment"
    __personal__ = Personal(kept=("author_name", "record_type"))
    __table_args__ = (Index("ix_records_comment_record", "record_type", "record_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    record_type: Mapped[str] = mapped_column(String(64))
    record_id: Mapped[int] = mapped_column(Integer)
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    author_name: Mapped[str] = mapped_column(String(128))
    text: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(20), default="comment")


class Mention(Base):
    """A person named in a comment; notices are made from it."""

    __tablename__ = "records_mention"
    __table_args__ = (UniqueConstraint("comment_id", "user_id"),
                      Index("ix_records_mention_user_id_id", "user_id", "id"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    record_type: Mapped[str] = mapped_column(String(64))
    record_id: Mapped[int] = mapped_column(Integer)
    comment_id: Mapped[int] = mapped_column(ForeignKey("records_comment.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"))
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)


class Follow(Base):
    """A person's own decision to follow a record, or no longer to."""

    __tablename__ = "records_follow"

    record_type: Mapped[str] = mapped_column(String(64), primary_key=True)
    record_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("ab_user.id"), primary_key=True, autoincrement=False
    )
    following: Mapped[bool] = mapped_column(Boolean, default=True)


class Presence(Base):
    """Who has a record open; a row counts for a minute."""

    __tablename__ = "records_presence"

    record_type: Mapped[str] = mapped_column(String(64), primary_key=True)
    record_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("ab_user.id"), primary_key=True, autoincrement=False
    )
    user_name: Mapped[str] = mapped_column(String(128))
    editing: Mapped[bool] = mapped_column(Boolean, default=False)
    seen_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)


class File(Base):
    """A file on a record; the content lies in the file store under ``key``."""

    __tablename__ = "records_file"
    # A content cannot be searched for names: it goes as a whole.
    __personal__ = Personal(emptied=("name", "note"),
                            kept=("author_name", "media_type", "sha256", "key", "record_type"))
    __table_args__ = (Index("ix_records_file_record", "record_type", "record_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    record_type: Mapped[str] = mapped_column(String(64))
    record_id: Mapped[int] = mapped_column(Integer)
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    author_name: Mapped[str] = mapped_column(String(128))
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(120), unique=True)
    note: Mapped[str] = mapped_column(String(200), default="")
    deleted_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)


class RecordLink(Base):
    """A link between two records of any kinds; ``a`` leads to ``b``."""

    __tablename__ = "records_link"
    __personal__ = Personal(kept=("a_type", "b_type", "kind"))
    __table_args__ = (
        Index("ix_records_link_a", "a_type", "a_id", "b_type", "b_id", "kind", unique=True),
        Index("ix_records_link_b", "b_type", "b_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    a_type: Mapped[str] = mapped_column(String(64))
    a_id: Mapped[int] = mapped_column(Integer)
    b_type: Mapped[str] = mapped_column(String(64))
    b_id: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(80))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)


class CustomerEntry(Base):
    """Something that happened to a record of any kind, on the timeline of its customer.

    Who reads it needs the right to see that record.
    """

    __tablename__ = "records_timeline"
    __personal__ = Personal(swept=("values",), kept=(
        "record_type", "actor_name", "kind", "text", "icon", "source"))
    __table_args__ = (
        Index("ix_records_timeline_customer", "customer_id", "at", "id"),
        Index("ix_records_timeline_record", "record_type", "record_id"),
        UniqueConstraint("source"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customers_customer.id", ondelete="CASCADE")
    )
    record_type: Mapped[str] = mapped_column(String(64))
    record_id: Mapped[int] = mapped_column(Integer)
    number: Mapped[str] = mapped_column(CodeString(24))
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    actor_name: Mapped[str] = mapped_column(String(128), default="")
    kind: Mapped[str] = mapped_column(String(80))
    # A message id and its values: each reader reads it in their own language.
    text: Mapped[str] = mapped_column(String(200))
    values: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    icon: Mapped[str] = mapped_column(String(40), default="")
    # What made it; the same event makes no second entry.
    source: Mapped[str | None] = mapped_column(CodeString(80))


class CustomFieldRow(Base):
    """A field that an admin added to a kind of record; values live in ``Record.extra``."""

    __tablename__ = "records_custom_field"
    __table_args__ = (UniqueConstraint("record_type", "name"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    record_type: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(120))
    label_zh: Mapped[str] = mapped_column(String(120), default="")
    help: Mapped[str] = mapped_column(String(200), default="")
    help_zh: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[str] = mapped_column(String(20), default="text")
    # Triples of value, English label, Chinese label.
    choices: Mapped[list[Any]] = mapped_column(Json, default=list)
    required: Mapped[bool] = mapped_column(Boolean, default=False)
    position: Mapped[int] = mapped_column(Integer, default=0)
    retired: Mapped[bool] = mapped_column(Boolean, default=False)
    # Title of the section that it stands in, in both languages.
    group_title: Mapped[str] = mapped_column(String(120), default="", server_default="")
    group_title_zh: Mapped[str] = mapped_column(String(120), default="", server_default="")
    verified: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    sensitive: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    # Ids of roles; empty for everybody.
    seen_by: Mapped[list[Any]] = mapped_column(Json, default=list, server_default="[]")
    edited_by: Mapped[list[Any]] = mapped_column(Json, default=list, server_default="[]")
    # Whether a change waits for a second person.
    protected: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    # Kind of record that a link leads to.
    target: Mapped[str] = mapped_column(String(64), default="", server_default="")

    def __str__(self) -> str:
        return self.label


class FormerValue(Base):
    """What a sensitive column held before and after a change; the audit trail holds the masks.

    Not a part of the hash chain, so that keys can be replaced and a person's data erased.
    """

    __tablename__ = "records_former_value"
    __table_args__ = (
        Index("ix_records_former_value_record", "record_type", "record_id", "id"),
        Index("ix_records_former_value_change_set", "change_set"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    change_set: Mapped[str] = mapped_column(String(36))
    record_type: Mapped[str] = mapped_column(String(64))
    record_id: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(80))
    # Nobody looks for them: what they are equal to need not be known.
    before: Mapped[Any] = mapped_column(Sensitive("hidden", 200), default="")
    after: Mapped[Any] = mapped_column(Sensitive("hidden", 200), default="")


FTS_TABLE = "records_search_fts"


class SearchDocument(Base):
    """One searchable record; on SQLite the words lie in an FTS5 table under the same row id."""

    __tablename__ = "records_search"
    __table_args__ = (UniqueConstraint("record_type", "record_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    record_type: Mapped[str] = mapped_column(String(64))
    record_id: Mapped[int] = mapped_column(Integer)
    number: Mapped[str] = mapped_column(CodeString(24), index=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    words: Mapped[str | None] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))


SQLITE_DDL = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {FTS_TABLE} USING fts5"
    "(words, detail='none', prefix='2 3 4', tokenize=\"unicode61 remove_diacritics 0\")"
)
POSTGRESQL_DDL = (
    "CREATE INDEX IF NOT EXISTS ix_records_search_words ON records_search USING gin (words)"
)
event.listen(
    SearchDocument.__table__, "after_create", DDL(SQLITE_DDL).execute_if(dialect="sqlite")
)
event.listen(
    SearchDocument.__table__, "after_create", DDL(POSTGRESQL_DDL).execute_if(dialect="postgresql")
)
