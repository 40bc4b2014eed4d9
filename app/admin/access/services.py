"""Roles: what the screens do with them, one transaction each, with audit."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable

from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    Role,
    ViewMenu,
    assoc_permissionview_role,
    assoc_user_role,
)
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app.access.models import RoleScope
from app.access.services import ROLES, invalidate_rights
from app.errors import Rejected
from app.sdk import N_
from app.sdk.services import Actor, Scope, record_act, write

ADMIN = "admin"
SHIPPED = frozenset(role.name for role in ROLES)


class Locked(Rejected):
    """The change would lock everyone out, or hand out rights."""


@dataclasses.dataclass(frozen=True, slots=True)
class RoleSettings:
    """What a role is: its name, how far it sees, and what it may do.

    Attributes:
        name: name of the role.
        scope: how far its holders see.
        grants: keys of ``ab_permission_view``.
    """

    name: str
    scope: Scope
    grants: frozenset[int]

    def digest(self) -> str:
        """Return a short text that changes with any of it, to notice a stale form."""
        body = f"{self.name}|{int(self.scope)}|{sorted(self.grants)}"
        return hashlib.sha256(body.encode()).hexdigest()[:16]


def rights_of_roles(session: Session, roles: Iterable[Role]) -> tuple[set[str], Scope]:
    """Return what roles grant, as ``permission on view``, and how far the widest of them sees."""
    found = role_settings_of(session, roles).values()
    keys = {key for settings in found for key in settings.grants}
    widest = max((settings.scope for settings in found), default=Scope.OWN)
    return set(grant_names(session, keys)), widest


def require_within(session: Session, actor: Actor, roles: Iterable[Role]) -> None:
    """Refuse to hand out, or to lay hands on, more rights than the actor has.

    Whoever may change roles can have every right anyway; everybody else who looks after accounts
    could otherwise make themselves administrator, or take over the account of one.

    Raises:
        Locked: the roles hold what the actor lacks.
    """
    if actor.can("can_edit", "core.Role"):
        return
    held, widest = rights_of_roles(session, roles)
    own = {f"{permission} on {view}" for permission, view in actor.permissions}
    if not held <= own or widest > actor.scope:
        raise Locked(N_("This account has rights that you lack. Ask your administrator."))


def role_settings(session: Session, role: Role) -> RoleSettings:
    """Return what a role is now."""
    return role_settings_of(session, [role])[role.id]


def role_settings_of(session: Session, roles: Iterable[Role]) -> dict[int, RoleSettings]:
    """Return what several roles are now, by key, in two statements."""
    names = {role.id: role.name for role in roles}
    table = assoc_permissionview_role
    grants: dict[int, set[int]] = {key: set() for key in names}
    for role_id, permission in session.execute(
        select(table.c.role_id, table.c.permission_view_id).where(table.c.role_id.in_(names))
    ):
        grants[role_id].add(permission)
    scopes = dict(session.execute(
        select(RoleScope.role_id, RoleScope.scope).where(RoleScope.role_id.in_(names))
    ).all())
    return {
        key: RoleSettings(name, Scope(scopes.get(key) or Scope.OWN), frozenset(grants[key]))
        for key, name in names.items()
    }


def grant_names(session: Session, keys: Iterable[int]) -> list[str]:
    """Return grants as ``permission on view``, sorted, for the audit trail."""
    keys = list(keys)
    if not keys:
        return []
    rows = session.execute(
        select(Permission.name, ViewMenu.name)
        .select_from(PermissionView)
        .join(Permission, Permission.id == PermissionView.permission_id)
        .join(ViewMenu, ViewMenu.id == PermissionView.view_menu_id)
        .where(PermissionView.id.in_(keys))
    )
    return sorted(f"{permission} on {view}" for permission, view in rows)


def save_role(session: Session, actor: Actor, role: Role | None, wanted: RoleSettings) -> Role:
    """Create a role, or change one, in force at the next request of everyone.

    Args:
        session: session without unsaved changes.
        actor: who acts.
        role: role to change; ``None`` creates one.
        wanted: what it is to be.

    Raises:
        Locked: nobody could administer roles any more.
    """
    table = assoc_permissionview_role
    with write(session):
        before = role_settings(session, role) if role is not None else None
        if role is None:
            role = Role(name=wanted.name)
            session.add(role)
        elif role.name == ADMIN and wanted.name != ADMIN:
            raise Locked(N_("The administrator role keeps its name."))
        role.name = wanted.name
        session.flush()
        scope = session.get(RoleScope, role.id)
        if scope is None:
            session.add(RoleScope(role_id=role.id, scope=int(wanted.scope)))
        else:
            scope.scope = int(wanted.scope)
        old = before.grants if before is not None else frozenset()
        added, removed = wanted.grants - old, old - wanted.grants
        if removed:
            session.execute(
                delete(table).where(
                    table.c.role_id == role.id, table.c.permission_view_id.in_(removed)
                )
            )
        if added:
            rows = [{"role_id": role.id, "permission_view_id": key} for key in sorted(added)]
            session.execute(insert(table), rows)
        if role.name == ADMIN and not _may_administer(session, role):
            raise Locked(N_("The administrator role must keep the right to change roles."))
        record_act(
            session, actor, "change" if before is not None else "create",
            record_type="access.role", record_id=role.id, number=role.name[:40],
            changes={
                "name": [before.name if before else None, wanted.name],
                "scope": [before.scope.name if before else None, wanted.scope.name],
                "granted": [[], grant_names(session, added)],
                "taken": [grant_names(session, removed), []],
            },
        )
        invalidate_rights(session)
    return role


def save_grants(
    session: Session, actor: Actor, wanted: Iterable[tuple[Role, frozenset[int]]]
) -> None:
    """Give several roles other permissions, all of them or none.

    Args:
        session: session without unsaved changes.
        actor: who acts.
        wanted: each role with the keys that it is to hold; name and scope stay.

    Raises:
        Locked: nobody could administer roles any more.
    """
    with write(session):
        for role, grants in wanted:
            present = role_settings(session, role)
            save_role(session, actor, role, dataclasses.replace(present, grants=grants))


def copy_role(session: Session, actor: Actor, role: Role) -> Role:
    """Copy a role under the next free name and return the copy."""
    present = role_settings(session, role)
    taken = set(session.scalars(select(Role.name)))
    number = next(n for n in range(2, 1000) if f"{present.name}-{n}" not in taken)
    return save_role(
        session, actor, None, dataclasses.replace(present, name=f"{present.name}-{number}")
    )


def _may_administer(session: Session, role: Role) -> bool:
    held = grant_names(session, role_settings(session, role).grants)
    return "can_edit on core.Role" in held and "can_list on core.Role" in held


def delete_role(session: Session, actor: Actor, role: Role) -> None:
    """Delete a role that nobody holds.

    Raises:
        Locked: it came with the product, or somebody holds it.
    """
    with write(session):
        if role.name in SHIPPED:
            raise Locked(N_("A role that came with the product cannot be deleted."))
        holders = session.scalar(
            select(func.count()).select_from(assoc_user_role).where(
                assoc_user_role.c.role_id == role.id
            )
        )
        if holders:
            raise Locked(N_("Somebody holds this role."))
        record_act(session, actor, "delete", record_type="access.role", record_id=role.id,
                   number=role.name[:40])
        session.execute(delete(assoc_permissionview_role).where(
            assoc_permissionview_role.c.role_id == role.id
        ))
        session.execute(delete(RoleScope).where(RoleScope.role_id == role.id))
        session.delete(role)
        invalidate_rights(session)
