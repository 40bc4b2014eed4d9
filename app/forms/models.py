"""Tables of forms with points: a draft for each form, and its published versions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Integer, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, CodeString, Json, UTCDateTime, utcnow


class FormDraft(Base):
    """A form as it is being written; sheets are filled in by its published versions only."""

    __tablename__ = "forms_form"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    code: Mapped[str] = mapped_column(CodeString(64), unique=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    title_zh: Mapped[str] = mapped_column(String(200), default="")
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    # Counts the changes of the draft, so that nobody overwrites another's unseen.
    version: Mapped[int] = mapped_column(Integer, default=1)
    # What the product ships under this code now, and the hash of the one that an admin has taken
    # over or declined; empty for a form of one's own.
    shipped: Mapped[dict[str, Any] | None] = mapped_column(Json)
    shipped_answered: Mapped[str] = mapped_column(String(64), default="")
    retired: Mapped[bool] = mapped_column(Boolean, default=False)
    updated_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow, onupdate=utcnow)

    def __str__(self) -> str:
        return self.title_zh or self.title or self.code


class FormVersion(Base):
    """A published version of a form, which never changes."""

    __tablename__ = "forms_version"
    __table_args__ = (UniqueConstraint("form_id", "number"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    form_id: Mapped[int] = mapped_column(ForeignKey("forms_form.id"))
    number: Mapped[int] = mapped_column(Integer)
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    content_hash: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))

    form: Mapped[FormDraft] = relationship()

    def __str__(self) -> str:
        return f"{self.form} · {self.number}"


class PublishedFormChanged(RuntimeError):
    """Something tried to change or delete a published version."""


@event.listens_for(FormVersion, "before_update")
@event.listens_for(FormVersion, "before_delete")
def _refuse(_mapper: Any, _connection: Any, row: FormVersion) -> None:
    raise PublishedFormChanged(f"version {row.number} of form {row.form_id} is published")
