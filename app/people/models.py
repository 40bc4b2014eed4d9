"""Tables of departments, teams, staff and absences."""

from __future__ import annotations

import datetime as dt
import decimal

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import (
    BindParameter,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    Table,
    UniqueConstraint,
    and_,
    bindparam,
    or_,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, CodeString, UTCDateTime
from app.dictionary_columns import Dictionary
from app.people.attendance_kinds import (
    ABSENCE_KINDS,
    DAY,
    ENTERED,
    KIND_LABELS,
    OTHER,
    PERIODS,
    SOURCES,
)
from app.people.clock import local_today


def _today() -> BindParameter[dt.date]:
    """Return the date of the moment at which a statement runs."""
    return bindparam(None, callable_=local_today, type_=Date, unique=True)


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


class Branch(Base):
    """A branch or project (项目) that people work for, beside their department."""

    __tablename__ = "people_branch"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    code: Mapped[str] = mapped_column(CodeString(32), unique=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), index=True)
    active: Mapped[bool] = mapped_column(Boolean, default=True)

    leader: Mapped[User | None] = relationship(foreign_keys=[leader_id])

    def __str__(self) -> str:
        return self.name


class Post(Dictionary, Base):
    """A post (岗位): what a person is appointed to; who holds it: ``PostHolder``."""

    __tablename__ = "people_post"
    __dictionary__ = "people.post"


class Skill(Dictionary, Base):
    """Something that a person can do and that work may ask for, e.g. a language."""

    __tablename__ = "people_skill"
    __dictionary__ = "people.skill"


STAFF_SKILLS = Table(
    "people_staff_skill", Base.metadata,
    Column("staff_id", ForeignKey("people_staff.id", ondelete="CASCADE"), primary_key=True),
    Column("skill_id", ForeignKey("people_skill.id"), primary_key=True, index=True),
)


class Staff(Base):
    """What the organisation knows of a user as a member of staff."""

    __tablename__ = "people_staff"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), unique=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(120), index=True)
    department_id: Mapped[int | None] = mapped_column(
        ForeignKey("people_department.id"), index=True
    )
    team_id: Mapped[int | None] = mapped_column(ForeignKey("people_team.id"), index=True)
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("people_branch.id"), index=True)
    phone: Mapped[str] = mapped_column(String(40), default="")
    hired_on: Mapped[dt.date | None] = mapped_column(Date)
    locale: Mapped[str] = mapped_column(String(8), default="")
    theme: Mapped[str] = mapped_column(String(8), default="")

    user: Mapped[User] = relationship()
    department: Mapped[Department | None] = relationship()
    team: Mapped[Team | None] = relationship()
    branch: Mapped[Branch | None] = relationship()
    skills: Mapped[list[Skill]] = relationship(secondary=STAFF_SKILLS)
    # The posts held today; appointments are rows of their own: see ``PostHolder``.
    posts: Mapped[list[Post]] = relationship(
        secondary="people_post_holder", viewonly=True, order_by="Post.position",
        primaryjoin=lambda: and_(
            Staff.id == PostHolder.staff_id, PostHolder.deputy_order == 0,
            or_(PostHolder.from_on.is_(None), PostHolder.from_on <= _today()),
            or_(PostHolder.until_on.is_(None), PostHolder.until_on >= _today()),
        ),
        secondaryjoin=lambda: Post.id == PostHolder.post_id,
    )

    def __str__(self) -> str:
        return self.name


class PostHolder(Base):
    """A person who holds a post, or deputises in it, from one day to another (both included).

    ``deputy_order`` is 0 for a holder. A deputy has 1 or more: the lowest present one acts, for the
    holder named in ``deputy_for``, or for any holder where none is named.
    """

    __tablename__ = "people_post_holder"
    __table_args__ = (Index("ix_people_post_holder_post_id_staff_id", "post_id", "staff_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("people_post.id"))
    staff_id: Mapped[int] = mapped_column(
        ForeignKey("people_staff.id", ondelete="CASCADE"), index=True)
    from_on: Mapped[dt.date | None] = mapped_column(Date)
    until_on: Mapped[dt.date | None] = mapped_column(Date)
    deputy_order: Mapped[int] = mapped_column(Integer, default=0)
    deputy_for_id: Mapped[int | None] = mapped_column(
        ForeignKey("people_staff.id", ondelete="CASCADE"), index=True)

    post: Mapped[Post] = relationship()
    staff: Mapped[Staff] = relationship(foreign_keys=[staff_id])
    deputy_for: Mapped[Staff | None] = relationship(foreign_keys=[deputy_for_id])

    def __str__(self) -> str:
        return f"{self.staff} ({self.post})"


class Absence(Base):
    """A time in which a person is away and, if given, who stands in."""

    __tablename__ = "people_absence"
    __table_args__ = (Index("ix_people_absence_staff_id_starts_at", "staff_id", "starts_at"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("people_staff.id"))
    starts_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    kind: Mapped[str] = mapped_column(
        String(24), default=OTHER, server_default=OTHER, info={"choices": ABSENCE_KINDS})
    reason: Mapped[str] = mapped_column(String(200), default="")
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey("people_staff.id"))

    staff: Mapped[Staff] = relationship(foreign_keys=[staff_id])
    substitute: Mapped[Staff | None] = relationship(foreign_keys=[substitute_id])

    def __str__(self) -> str:
        return self.staff.name


class AttendanceFact(Base):
    """So many days or times of one kind of a person, on a day or in a month (A6).

    A fact of a month stands on the month's first day.
    """

    __tablename__ = "people_attendance"
    __table_args__ = (UniqueConstraint("staff_id", "day", "period", "kind"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("people_staff.id"))
    day: Mapped[dt.date] = mapped_column(Date, index=True)
    period: Mapped[str] = mapped_column(String(8), default=DAY, info={"choices": PERIODS})
    kind: Mapped[str] = mapped_column(String(24), info={"choices": KIND_LABELS})
    amount: Mapped[decimal.Decimal] = mapped_column(Numeric(6, 2), default=decimal.Decimal(1))
    note: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(String(16), default=ENTERED, info={"choices": SOURCES})

    staff: Mapped[Staff] = relationship()

    def __str__(self) -> str:
        return f"{self.staff} {self.day.isoformat()}"


class ShareOutEntry(Base):
    """The ledger of share-outs: how much of a kind of record a person got on a day."""

    __tablename__ = "people_share_out"

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), primary_key=True)
    record_type: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, default=0)
    weight: Mapped[decimal.Decimal] = mapped_column(Numeric(12, 2), default=decimal.Decimal(0))
    last_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
