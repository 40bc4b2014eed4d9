"""Tables of access: role scopes, sessions, sign-in attempts, shipped grants, the audit trail."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.access.actor import Scope
from app.database import Base, BigId, Json, UTCDateTime, utcnow


class AccessVersion(Base):
    """One row that every change of roles, grants or people counts up.

    Processes keep the rights of users in memory under this number: a change is in force at the
    next request of everyone, in every process.
    """

    __tablename__ = "access_version"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    value: Mapped[int] = mapped_column(Integer, default=1)


class RoleScope(Base):
    """The general scope of a role; a role without a row sees ``OWN``."""

    __tablename__ = "access_role_scope"

    role_id: Mapped[int] = mapped_column(
        ForeignKey("ab_role.id", ondelete="CASCADE"), primary_key=True
    )
    scope: Mapped[int] = mapped_column(SmallInteger, default=int(Scope.OWN))


class RoleReach(Base):
    """Scope of a role for one kind of record, in place of its general scope (decision 024)."""

    __tablename__ = "access_role_reach"

    role_id: Mapped[int] = mapped_column(
        ForeignKey("ab_role.id", ondelete="CASCADE"), primary_key=True
    )
    record_type: Mapped[str] = mapped_column(String(64), primary_key=True)
    scope: Mapped[int] = mapped_column(SmallInteger)


class ShippedReach(Base):
    """A reach that came with the product and has been applied once, like ``ShippedGrant``."""

    __tablename__ = "access_shipped_reach"

    role: Mapped[str] = mapped_column(String(64), primary_key=True)
    record_type: Mapped[str] = mapped_column(String(64), primary_key=True)


class ShippedGrant(Base):
    """A grant that came with the product and has been given once.

    The permission sync gives only what is not listed here, so that what an admin has taken away
    stays away, and what a disabled plugin brought stays granted.
    """

    __tablename__ = "access_shipped_grant"

    role: Mapped[str] = mapped_column(String(64), primary_key=True)
    permission: Mapped[str] = mapped_column(String(100), primary_key=True)
    view: Mapped[str] = mapped_column(String(250), primary_key=True)


class UserSession(Base):
    """A sign-in that is still good; the cookie holds a random key, the table its digest."""

    __tablename__ = "access_session"
    __table_args__ = (Index("ix_access_session_user_id", "user_id"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"))
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    seen_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    address: Mapped[str] = mapped_column(String(64), default="")
    agent: Mapped[str] = mapped_column(String(200), default="")


class TemporaryPassword(Base):
    """An account whose password somebody else has set; its owner has to choose another first."""

    __tablename__ = "access_handed_password"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True
    )
    since: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)


class SignInAttempt(Base):
    """A failed sign-in, counted by account and by address for the lockout."""

    __tablename__ = "access_sign_in_attempt"
    __table_args__ = (
        Index("ix_access_sign_in_attempt_username_at", "username", "at"),
        Index("ix_access_sign_in_attempt_address_at", "address", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    username: Mapped[str] = mapped_column(String(128))
    address: Mapped[str] = mapped_column(String(64))
    forgiven: Mapped[bool] = mapped_column(Boolean, default=False)


class AuditEntry(Base):
    """One act: who, when, what, on which record, before and after; linked in a hash chain.

    ``digest`` is taken of the changed values, and the chain of the digest: values may be erased
    by law later without breaking the chain, and whether they were altered still shows.
    """

    __tablename__ = "access_audit"
    __table_args__ = (
        Index("ix_access_audit_record", "record_type", "record_id", "id"),
        Index("ix_access_audit_actor_id", "actor_id", "id"),
        Index("ix_access_audit_action", "action", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(UTCDateTime, index=True)
    actor_id: Mapped[int | None] = mapped_column(Integer)
    actor_name: Mapped[str] = mapped_column(String(128))
    action: Mapped[str] = mapped_column(String(40))
    record_type: Mapped[str] = mapped_column(String(64), default="")
    record_id: Mapped[int | None] = mapped_column(Integer)
    number: Mapped[str] = mapped_column(String(40), default="")
    change_set: Mapped[str] = mapped_column(String(36), index=True)
    # {field: [before, after]} for changes; free facts for other acts.
    changes: Mapped[dict[str, Any] | None] = mapped_column(Json)
    reason: Mapped[str] = mapped_column(Text, default="")
    address: Mapped[str] = mapped_column(String(64), default="")
    digest: Mapped[str] = mapped_column(String(64))
    chain: Mapped[str] = mapped_column(String(64))
