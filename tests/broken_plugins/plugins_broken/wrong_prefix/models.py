"""Its table."""

from __future__ import annotations

from sqlalchemy import Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import Base


class WrongThing(Base):
    """A table."""

    __tablename__ = "stray_thing"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
