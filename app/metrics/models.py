"""Tables of counted figures."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Date, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, BigId, CodeString, UTCDateTime, utcnow

LONGEST_VALUE = 200


class Cell:
    """What is counted together: 0 and the empty text stand for "none", so that keys compare.

    ``person_1`` to ``department_2`` hold the columns that decide who sees a record, in the order
    of ``__scope_people__``, ``__scope_teams__`` and ``__scope_departments__``.
    """

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    measure: Mapped[str] = mapped_column(CodeString(80))
    dimension: Mapped[str] = mapped_column(CodeString(40))
    value: Mapped[str] = mapped_column(String(LONGEST_VALUE))
    day: Mapped[dt.date] = mapped_column(Date)
    origin: Mapped[str] = mapped_column(String(40))
    person_1: Mapped[int] = mapped_column(Integer)
    person_2: Mapped[int] = mapped_column(Integer)
    team_1: Mapped[int] = mapped_column(Integer)
    department_1: Mapped[int] = mapped_column(Integer)
    department_2: Mapped[int] = mapped_column(Integer)
    amount: Mapped[int] = mapped_column(Integer)


KEY = ("measure", "dimension", "value", "day", "origin", "person_1", "person_2", "team_1",
       "department_1", "department_2")


class MetricSum(Cell, Base):
    """A figure as it was when changes were added to it last."""

    __tablename__ = "metrics_sum"
    __table_args__ = (
        UniqueConstraint("measure", "dimension", "day", "origin", "value", "person_1", "person_2",
                         "team_1", "department_1", "department_2", name="uq_metrics_sum_key"),
    )


class MetricChange(Cell, Base):
    """A change of a figure that has not been added yet; only ever inserted by writers."""

    __tablename__ = "metrics_change"
    __table_args__ = (Index("ix_metrics_change_measure_dimension", "measure", "dimension"),)


class MetricState(Base):
    """Which measures have been counted, and by which definition."""

    __tablename__ = "metrics_state"

    measure: Mapped[str] = mapped_column(CodeString(80), primary_key=True)
    definition: Mapped[str] = mapped_column(CodeString(64))
    counted_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
