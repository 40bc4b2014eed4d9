"""Tables of counted figures."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, Date, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, BigId, CodeString, UTCDateTime

LONGEST_VALUE = 200
KEY = ("measure", "dimension", "month", "origin", "value", "team_1", "department_1",
       "department_2")
BY_GROUP_AND_MONTH, BY_MONTH, BY_GROUP, WHOLE = range(4)
"""Levels of sums; without groups the columns of teams and departments are 0, without months the
month is that of figures of the present."""


class MetricSum(Base):
    """A figure as it was when changes were added to it last.

    0 and the empty text stand for "none", so that keys compare. ``team_1`` to ``department_2``
    hold the columns that decide which groups see a record, in the order of ``__scope_teams__`` and
    ``__scope_departments__``. Each figure is there once on each level.
    """

    __tablename__ = "metrics_sum"
    # In the order of the key, so that a figure is one range of one index.
    __table_args__ = {"sqlite_with_rowid": False}

    measure: Mapped[str] = mapped_column(CodeString(80), primary_key=True)
    dimension: Mapped[str] = mapped_column(CodeString(40), primary_key=True)
    level: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    month: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    origin: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(LONGEST_VALUE), primary_key=True)
    team_1: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    department_1: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    department_2: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    amount: Mapped[int] = mapped_column(BigInteger)


class MetricChange(Base):
    """A change of a figure that has not been added yet; only ever inserted by writers."""

    __tablename__ = "metrics_change"
    __table_args__ = (Index("ix_metrics_change_measure_dimension", "measure", "dimension"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    measure: Mapped[str] = mapped_column(CodeString(80))
    dimension: Mapped[str] = mapped_column(CodeString(40))
    month: Mapped[dt.date] = mapped_column(Date)
    origin: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(String(LONGEST_VALUE))
    team_1: Mapped[int] = mapped_column(Integer)
    department_1: Mapped[int] = mapped_column(Integer)
    department_2: Mapped[int] = mapped_column(Integer)
    amount: Mapped[int] = mapped_column(BigInteger)


class MetricState(Base):
    """Which measures have been counted, and by which definition; empty while counted first."""

    __tablename__ = "metrics_state"

    measure: Mapped[str] = mapped_column(CodeString(80), primary_key=True)
    definition: Mapped[str] = mapped_column(CodeString(64), default="")
    # Of whoever counts it anew: a later one takes it over, and the earlier one gives up.
    token: Mapped[str] = mapped_column(CodeString(32), default="")
    counted_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
