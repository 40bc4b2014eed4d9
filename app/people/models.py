"""Tables of departments, teams, staff and absences."""

from __future__ import annotations

import datetime as dt

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, UTCDateTime


class Department(Base):
    """A department; a tree through ``parent`` with the way from the root kept in ``path``."""

    __tablename__ = "people_department"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("people_department.id"), index=True)
    # "/3/17/": ids from the root to this department, so that everything below a department is
    # one prefix comparison.
    path: Mapped[str] = mapped_column(String(255), default="", index=True)
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), index=True)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    position: Mapped[int] = mapped_column(Integer, default=0)

    parent: Mapped[Department | None] = relationship(remote_side=[id])
    leader: Mapped[User | None] = relationship(foreign_keys=[leader_id])

    def __str__(self) -> str:
        return self.name


class Team(Base):
    """A team (组别) of a department."""

    __tablename__ = "people_team"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("people_department.id"), index=True)
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), index=True)
    active: Mapped[bool] = mapped_column(Boolean, default=True)

    department: Mapped[Department] = relationship()
    leader: Mapped[User | None] = relationship(foreign_keys=[leader_id])

    def __str__(self) -> str:
        return self.name


class Staff(Base):
    """What the house knows of a user as a member of staff."""

    __tablename__ = "people_staff"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), unique=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(120), index=True)
    department_id: Mapped[int | None] = mapped_column(
        ForeignKey("people_department.id"), index=True
    )
    team_id: Mapped[int | None] = mapped_column(ForeignKey("people_team.id"), index=True)
    post: Mapped[str] = mapped_column(String(120), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    hired_on: Mapped[dt.date | None] = mapped_column(Date)
    locale: Mapped[str] = mapped_column(String(8), default="")
    theme: Mapped[str] = mapped_column(String(8), default="")

    user: Mapped[User] = relationship()
    department: Mapped[Department | None] = relationship()
    team: Mapped[Team | None] = relationship()

    def __str__(self) -> str:
        return self.name


class Absence(Base):
    """A time in which a person is away and, if given, who stands in."""

    __tablename__ = "people_absence"
    __table_args__ = (Index("ix_people_absence_staff_id_starts_at", "staff_id", "starts_at"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("people_staff.id"))
    starts_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(String(200), default="")
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey("people_staff.id"))

    staff: Mapped[Staff] = relationship(foreign_keys=[staff_id])
    substitute: Mapped[Staff | None] = relationship(foreign_keys=[substitute_id])

    def __str__(self) -> str:
        return self.staff.name
