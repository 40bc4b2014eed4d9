"""Its tables."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.sdk.models import Base


class WellThing(Base):
    """A table whose class is called like one of ``well``, which comes first."""

    __tablename__ = "wrong_class_name_thing"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)


class WellPart(Base):
    """A table that names the class by a text, as annotations of relations do."""

    __tablename__ = "wrong_class_name_part"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    thing_id: Mapped[int] = mapped_column(ForeignKey("wrong_class_name_thing.id"))
    thing: Mapped[object] = relationship("WellThing")
