"""Tables of published workflows, of what admins tuned, and of what happened."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, BigId, CodeString, Json, UTCDateTime, utcnow
from app.records.personal import Personal
from app.workflow import state_guard

state_guard.install()


class DefinitionRow(Base):
    """One published version of a workflow; never changed: records keep to it."""

    __tablename__ = "workflow_definition"
    __table_args__ = (UniqueConstraint("name", "version"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(CodeString(64))
    version: Mapped[int] = mapped_column(Integer)
    # Whether new records begin with it; true of one version of each name.
    in_force: Mapped[bool] = mapped_column(Boolean, default=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    content_hash: Mapped[str] = mapped_column(String(16))
    published_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class OverridesRow(Base):
    """What admins tuned of a shipped workflow; laid over it at every publication."""

    __tablename__ = "workflow_overrides"

    name: Mapped[str] = mapped_column(CodeString(64), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


class LogRow(Base):
    """A transition that was taken; the lines of a record lead from its first state to this one."""

    __tablename__ = "workflow_log"
    __personal__ = Personal(swept=("comment", "values"), kept=(
        "record_type", "actor_name", "in_place_of", "transition", "source", "target", "outcome",
        "files"))
    __table_args__ = (Index("ix_workflow_log_record", "record_type", "record_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    record_type: Mapped[str] = mapped_column(String(64))
    record_id: Mapped[int] = mapped_column(Integer)
    definition_id: Mapped[int] = mapped_column(ForeignKey("workflow_definition.id"))
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    actor_name: Mapped[str] = mapped_column(String(128))
    # Name of the leader who is away, where somebody acts in that person's place.
    in_place_of: Mapped[str] = mapped_column(String(128), default="")
    # Empty for the line that a record begins with.
    transition: Mapped[str] = mapped_column(String(40), default="")
    source: Mapped[str] = mapped_column(String(40), default="")
    target: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[str] = mapped_column(String(40), default="")
    comment: Mapped[str] = mapped_column(Text, default="")
    values: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    files: Mapped[list[int]] = mapped_column(Json, default=list)
    signature: Mapped[int | None] = mapped_column(BigId)
    approval: Mapped[bool] = mapped_column(Boolean, default=False)
    # Set on the line that takes another one back.
    undoes_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("workflow_log.id"))
