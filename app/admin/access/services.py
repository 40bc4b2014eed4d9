"""Roles: what the screens do with them, one transaction each, with audit."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Mapping

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

from app.access.models import RoleReach, RoleScope
from app.access.reaches import RoleScopes, WidestScopes, collect, widest
from app.access.scope import is_confidential
from app.access.services import ROLES, invalidate_rights, role_permissions, shipped_reaches
from app.errors import Invalid, Rejected
from app.host.host import current_host
from app.i18n import Message
from app.sdk import N_
from app.sdk.services import Actor, Scope, record_act, write
from app.workflow.definition import WorkflowError
from app.workflow.role_steps import share_steps

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
        reaches: scope by record type, in place of ``scope``.
    """

    name: str
    scope: Scope
    grants: frozenset[int]
    reaches: Mapping[str, Scope] = dataclasses.field(default_factory=dict)

    def digest(self) -> str:
        """Return a short text that changes with any of it, to notice a stale form."""
        reaches = sorted((kind, int(scope)) for kind, scope in self.reaches.items())
        body = f"{self.name}|{int(self.scope)}|{sorted(self.grants)}|{reaches}"
        return hashlib.sha256(body.encode()).hexdigest()[:16]


def rights_of_roles(
    session: Session, roles: Iterable[Role]
) -> tuple[set[str], WidestScopes]:
    """Return what roles grant, as ``permission on view``, and how far they see together."""
    found = role_settings_of(session, roles).values()
    keys = {key for settings in found for key in settings.grants}
    scopes = widest(RoleScopes(settings.scope, settings.reaches) for settings in found)
    return set(grant_names(session, keys)), scopes


def _sees_further(scopes: WidestScopes, actor: Actor) -> bool:
    """Return whether scopes show of any kind of record what the actor does not see."""
    kinds = {*scopes.reaches, *actor.reaches}
    confidential = {
        item.model.__record_type__ for item in current_host().record_types()
        if is_confidential(item.model)
    }
    ordinary = any(
        scopes.reaches.get(kind, scopes.scope) > actor.reaches.get(kind, actor.scope)
        for kind in kinds - confidential
    )
    return ordinary or scopes.scope > actor.scope or any(
        kind not in actor.granted_reaches or scope > actor.granted_reaches[kind]
        for kind, scope in scopes.granted_reaches.items() if kind in confidential
    )


def require_within(session: Session, actor: Actor, roles: Iterable[Role]) -> None:
    """Refuse to hand out, or to lay hands on, more rights than the actor has.

    Whoever may change roles can have every right anyway; everybody else who looks after accounts
    could otherwise make themselves administrator, or take over the account of one.

    Raises:
        Locked: the roles hold what the actor lacks.
    """
    if actor.can("can_edit", "core.Role"):
        return
    held, scopes = rights_of_roles(session, roles)
    own = {f"{permission} on {view}" for permission, view in actor.permissions}
    if not held <= own or _sees_further(scopes, actor):
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
    scopes = collect(session.execute(
        select(Role.id, RoleScope.scope, RoleReach.record_type, RoleReach.scope)
        .outerjoin(RoleScope, RoleScope.role_id == Role.id)
        .outerjoin(RoleReach, RoleReach.role_id == Role.id)
        .where(Role.id.in_(names))
    ))
    return {
        key: RoleSettings(name, scopes[key].general, frozenset(grants[key]), scopes[key].reaches)
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
    with write(session):
        before = role_settings(session, role) if role is not None else None
        if role is None:
            role = Role(name=wanted.name)
            session.add(role)
        elif role.name in SHIPPED and wanted.name != role.name:
            raise Locked(N_(
                "Workflows name the roles that come with the product: this one keeps its name."
            ))
        role.name = wanted.name
        session.flush()
        _write_scopes(session, role, wanted)
        old = before.grants if before is not None else frozenset()
        added, removed = wanted.grants - old, old - wanted.grants
        _write_grants(session, role, added, removed)
        if role.name == ADMIN and not _may_administer(session, role):
            raise Locked(N_("The administrator role must keep the right to change roles."))
        record_act(
            session, actor, "change" if before is not None else "create",
            record_type="access.role", record_id=role.id, number=role.name[:40],
            changes={
                "name": [before.name if before else None, wanted.name],
                "scope": [before.scope.name if before else None, wanted.scope.name],
                **_reach_changes(before.reaches if before else {}, wanted.reaches),
                "granted": [[], grant_names(session, added)],
                "taken": [grant_names(session, removed), []],
            },
        )
        invalidate_rights(session)
    return role


def _write_scopes(session: Session, role: Role, wanted: RoleSettings) -> None:
    scope = session.get(RoleScope, role.id)
    if scope is None:
        session.add(RoleScope(role_id=role.id, scope=int(wanted.scope)))
    else:
        scope.scope = int(wanted.scope)
    session.execute(delete(RoleReach).where(RoleReach.role_id == role.id))
    rows = [{"role_id": role.id, "record_type": kind, "scope": int(reach)}
            for kind, reach in sorted(wanted.reaches.items())]
    if rows:
        session.execute(insert(RoleReach), rows)


def _write_grants(
    session: Session, role: Role, added: frozenset[int], removed: frozenset[int]
) -> None:
    table = assoc_permissionview_role
    if removed:
        session.execute(
            delete(table).where(
                table.c.role_id == role.id, table.c.permission_view_id.in_(removed)
            )
        )
    if added:
        rows = [{"role_id": role.id, "permission_view_id": key} for key in sorted(added)]
        session.execute(insert(table), rows)


def _reach_changes(
    before: Mapping[str, Scope], after: Mapping[str, Scope]
) -> dict[str, list[list[str]]]:
    """Return the reaches that differ as an entry of the audit trail, if any do."""
    changed = [kind for kind in sorted({*before, *after}) if before.get(kind) != after.get(kind)]
    if not changed:
        return {}
    return {"reaches": [
        [f"{kind}: {side[kind].name}" for kind in changed if kind in side]
        for side in (before, after)
    ]}


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


def as_shipped(present: RoleSettings, grants: frozenset[int]) -> RoleSettings:
    """Return a ready-made role as it came with the product.

    Args:
        present: what it is now; a reach for a kind of record that is not in force stays.
        grants: permissions that it is to hold.
    """
    host = current_host()
    in_force = {item.model.__record_type__ for item in host.record_types()}
    reaches = {kind: scope for kind, scope in present.reaches.items() if kind not in in_force}
    reaches |= {reach.record_type: reach.scope for reach in shipped_reaches(host)
                if reach.role == present.name}
    scope = next(role.scope for role in ROLES if role.name == present.name)
    return RoleSettings(present.name, scope, grants, reaches)


def free_name(session: Session, role: Role) -> str:
    """Return the next free name for a copy of a role."""
    taken = set(session.scalars(select(Role.name)))
    return next(name for n in range(2, 1000) if (name := f"{role.name}-{n}") not in taken)


def copy_role(
    session: Session, actor: Actor, role: Role, name: str = "", *, steps: bool = False
) -> Role:
    """Copy a role.

    Args:
        session: session without unsaved changes, or within a write.
        actor: who copies it.
        role: the role.
        name: name of the copy; the next free one by default.
        steps: whether its holders may take the steps of workflows that go by the role.

    Returns:
        The copy.

    Raises:
        Invalid: another role has the name, or a workflow cannot be published.
    """
    if name and session.scalar(select(Role.id).where(Role.name == name)) is not None:
        raise Invalid({"name": Message(N_("Another role has this name."))})
    with write(session):
        present = role_settings(session, role)
        copied = save_role(session, actor, None, dataclasses.replace(
            present, name=name or free_name(session, role)))
        if steps:
            try:
                share_steps(session, actor, role.name, copied.name, role_permissions(session))
            except WorkflowError:
                raise Invalid({"steps": Message(N_(
                    "A workflow is faulty as it is tuned now: correct it on its page first."
                ))}) from None
    return copied


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
        session.execute(delete(RoleReach).where(RoleReach.role_id == role.id))
        session.delete(role)
        invalidate_rights(session)
