"""Its table."""

from __future__ import annotations

from sqlalchemy import Integer
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.models import Base


class BrokenThing(Base):
    """A table."""

    __tablename__ = "broken_mapper_thing"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    nobody: Mapped[object] = relationship("NobodyKnowsThis")
