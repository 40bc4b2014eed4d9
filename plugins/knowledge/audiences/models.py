"""The tables of audiences."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import Column, ForeignKey, Table
from sqlalchemy.orm import Mapped, relationship

from app.sdk.models import Base, Dictionary, ScopeRoles

# A role that is deleted leaves its audiences; one without any role is read by nobody but those
# who see all articles.
audience_roles = Table(
    "knowledge_audience_role",
    Base.metadata,
    Column("audience_id", ForeignKey("knowledge_audience.id", ondelete="CASCADE"),
           primary_key=True),
    Column("role_id", ForeignKey("ab_role.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Audience(Dictionary, Base):
    """A set of roles whose people find and read an article (受众)."""

    __tablename__ = "knowledge_audience"
    __dictionary__ = "knowledge.audience"

    roles: Mapped[list[Any]] = relationship(
        "Role", secondary=audience_roles, order_by="Role.name")


class ForAudience:
    """Row scope of what is meant for an audience, in its ``audience_id``; mix into a record."""

    __scope_people__: ClassVar[tuple[str, ...]] = ()
    __scope_teams__: ClassVar[tuple[str, ...]] = ()
    __scope_departments__: ClassVar[tuple[str, ...]] = ()
    __scope_roles__: ClassVar[tuple[ScopeRoles, ...]] = (
        ScopeRoles("audience_id", "knowledge_audience_role", "audience_id", "role_id"),)
