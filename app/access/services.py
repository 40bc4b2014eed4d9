"""Rights in force, roles, grants and the permission sync."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from flask_appbuilder.security.sqla.models import (
    Group,
    Permission,
    PermissionView,
    Role,
    User,
    ViewMenu,
    assoc_group_role,
    assoc_permissionview_role,
    assoc_user_group,
    assoc_user_role,
)
from sqlalchemy import event, insert, inspect, select, text, update
from sqlalchemy.orm import Session

from app.access.actor import Actor, Scope
from app.access.models import (
    AccessVersion,
    RoleReach,
    RoleScope,
    ShippedGrant,
    ShippedReach,
)
from app.access.reaches import collect, widest
from app.database import AnySelect, write
from app.host.host import Host
from app.i18n import N_
from app.people.models import Absence, Department, Staff, Team
from app.people.services import place_of
from app.statements import built_once

_BUMP = "careline_access_bump"
# A sign-in writes counters to the user: only these columns and collections change rights.
_USER_RIGHTS = ("active", "roles", "groups", "first_name", "last_name", "username")
_SYNC_LOCK = 7_250_132


@dataclasses.dataclass(frozen=True, slots=True)
class ShippedRole:
    """A role that comes with the product: its name, title and how far it sees."""

    name: str
    title: str
    scope: Scope


ROLES = (
    ShippedRole("agent", N_("Agent"), Scope.TEAM),
    ShippedRole("supervisor", N_("Supervisor"), Scope.DEPARTMENT),
    ShippedRole("admin", N_("Administrator"), Scope.ALL),
    ShippedRole("leader", N_("Leader"), Scope.DEPARTMENT),
    ShippedRole("hr", N_("Human resources"), Scope.OWN),
)


def access_version(session: Session) -> int:
    """Return the number under which rights are cached."""
    return session.scalar(_version()) or 0


@built_once
def _version() -> AnySelect:
    return select(AccessVersion.value).where(AccessVersion.id == 1)


def invalidate_rights(session: Session) -> None:
    """Make every process read rights anew from the next request on; part of the running write."""
    session.info[_BUMP] = True


@event.listens_for(Session, "before_flush")
def _watch(session: Session, _context: object, _instances: object) -> None:
    watched = (
        Role, PermissionView, Group, RoleScope, RoleReach, Department, Team, Staff, Absence,
    )
    for instance in (*session.new, *session.deleted, *session.dirty):
        if isinstance(instance, watched):
            invalidate_rights(session)
        elif isinstance(instance, User):
            state = inspect(instance)
            if state.pending or state.deleted or any(
                state.attrs[name].history.has_changes() for name in _USER_RIGHTS
            ):
                invalidate_rights(session)


@event.listens_for(Session, "before_commit")
def _count_up(session: Session) -> None:
    session.flush()
    if session.info.pop(_BUMP, False):
        session.execute(
            update(AccessVersion)
            .where(AccessVersion.id == 1)
            .values(value=AccessVersion.value + 1)
            .execution_options(synchronize_session=False)
        )


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_BUMP, None)


def load_actor(session: Session, user: User) -> Actor:
    """Read everything about a user's rights from the database.

    Args:
        session: any session.
        user: an active user.
    """
    role_ids = (
        select(assoc_user_role.c.role_id)
        .where(assoc_user_role.c.user_id == user.id)
        .union(
            select(assoc_group_role.c.role_id)
            .join(assoc_user_group, assoc_user_group.c.group_id == assoc_group_role.c.group_id)
            .where(assoc_user_group.c.user_id == user.id)
        )
        .subquery()
    )
    roles = session.execute(
        select(Role.id, Role.name, RoleScope.scope, RoleReach.record_type,
               RoleReach.scope.label("reach"))
        .join(role_ids, role_ids.c.role_id == Role.id)
        .outerjoin(RoleScope, RoleScope.role_id == Role.id)
        .outerjoin(RoleReach, RoleReach.role_id == Role.id)
    ).all()
    scopes = widest(collect(
        (row.id, row.scope, row.record_type, row.reach) for row in roles
    ).values())
    grants = assoc_permissionview_role
    permissions = session.execute(
        select(Permission.name, ViewMenu.name)
        .select_from(grants)
        .join(role_ids, role_ids.c.role_id == grants.c.role_id)
        .join(PermissionView, PermissionView.id == grants.c.permission_view_id)
        .join(Permission, Permission.id == PermissionView.permission_id)
        .join(ViewMenu, ViewMenu.id == PermissionView.view_menu_id)
        .distinct()
    ).all()
    staff = session.execute(
        select(Staff.name, Staff.locale).where(Staff.user_id == user.id)
    ).one_or_none()
    place = place_of(session, user.id)
    return Actor(
        user_id=user.id,
        username=user.username,
        name=staff.name if staff else user.get_full_name().strip(),
        roles=frozenset(role.name for role in roles),
        role_ids=frozenset(role.id for role in roles),
        permissions=frozenset((p, v) for p, v in permissions),
        **dataclasses.asdict(scopes),
        locale=(staff.locale if staff else "") or "zh",
        **dataclasses.asdict(place),
    )


def actor_for(session: Session, user_id: int | None) -> Actor | None:
    """Return the actor of an active user, or ``None``; for jobs that act for a person.

    Args:
        session: any session.
        user_id: primary key of the user.
    """
    user = session.get(User, user_id) if user_id is not None else None
    return load_actor(session, user) if user is not None and user.is_active else None


def role_permissions(session: Session) -> dict[str, set[tuple[str, str]]]:
    """Return every role with the pairs of permission and view that it holds."""
    grants = assoc_permissionview_role
    held: dict[str, set[tuple[str, str]]] = {
        name: set() for name in session.scalars(select(Role.name))
    }
    rows = session.execute(
        select(Role.name, Permission.name, ViewMenu.name)
        .join(grants, grants.c.role_id == Role.id)
        .join(PermissionView, PermissionView.id == grants.c.permission_view_id)
        .join(Permission, Permission.id == PermissionView.permission_id)
        .join(ViewMenu, ViewMenu.id == PermissionView.view_menu_id)
    )
    for role, permission, view in rows:
        held[role].add((permission, view))
    return held


@dataclasses.dataclass(frozen=True, slots=True)
class Grant:
    """One right of one ready-made role, by exact names (never a pattern)."""

    role: str
    permission: str
    view: str


@dataclasses.dataclass(frozen=True, slots=True)
class Reach:
    """Scope of one ready-made role for one kind of record."""

    role: str
    record_type: str
    scope: Scope


def shipped_reaches(host: Host) -> list[Reach]:
    """Return how far ready-made roles see in kinds of record, by the core and by plugins.

    Args:
        host: the host of the application.
    """
    kinds = {item.view: item.model.__record_type__ for item in host.record_types()}
    return [
        Reach(item.role, kinds[item.view], Scope(item.reach))
        for item in host.contributions("register_role_grants")
        if item.reach is not None and item.view in kinds
    ]


def sync_permissions(
    session: Session, permissions: Iterable[tuple[str, str]], grants: Iterable[Grant],
    reaches: Iterable[Reach] = (),
) -> tuple[int, int]:
    """Bring permissions and ready-made roles in the database up to the loaded code.

    Adds what is missing and never takes away: what belongs to a disabled plugin stays, what an
    admin took from a role stays taken. Holds a lock, so that two deployments at once are safe.

    Args:
        session: session without unsaved changes.
        permissions: pairs of permission and view that the loaded screens define.
        grants: what the ready-made roles get.
        reaches: how far they see in kinds of record; applied once, like grants.

    Returns:
        Numbers of new permissions and of new grants.
    """
    with write(session):
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SYNC_LOCK})
        if session.get(AccessVersion, 1) is None:
            session.add(AccessVersion(id=1, value=1))
        roles = _ensure_roles(session)
        wanted = sorted(set(permissions))
        pairs, new_permissions = _ensure_permissions(session, wanted)
        everything = [Grant("admin", permission, view) for permission, view in wanted]
        new_grants = _give(session, roles, pairs, [*grants, *everything])
        _apply_reaches(session, roles, reaches)
        invalidate_rights(session)
    return new_permissions, new_grants


def _ensure_roles(session: Session) -> dict[str, int]:
    ids = {name: pk for name, pk in session.execute(select(Role.name, Role.id))}
    for shipped in ROLES:
        if shipped.name not in ids:
            role = Role(name=shipped.name)
            session.add(role)
            session.flush()
            session.add(RoleScope(role_id=role.id, scope=int(shipped.scope)))
            ids[shipped.name] = role.id
    session.flush()
    return ids


def _ensure_names(session: Session, model: type[Permission] | type[ViewMenu], names: set[str]):
    ids = {name: pk for name, pk in session.execute(select(model.name, model.id))}
    missing = sorted(names - set(ids))
    if missing:
        session.add_all([model(name=name) for name in missing])
        session.flush()
        ids = {name: pk for name, pk in session.execute(select(model.name, model.id))}
    return ids


def _ensure_permissions(
    session: Session, wanted: list[tuple[str, str]]
) -> tuple[dict[tuple[str, str], int], int]:
    permissions = _ensure_names(session, Permission, {p for p, _ in wanted})
    views = _ensure_names(session, ViewMenu, {v for _, v in wanted})

    def existing() -> dict[tuple[int, int], int]:
        columns = (PermissionView.permission_id, PermissionView.view_menu_id, PermissionView.id)
        return {(p, v): pk for p, v, pk in session.execute(select(*columns))}

    have = existing()
    missing = [
        PermissionView(permission_id=permissions[p], view_menu_id=views[v])
        for p, v in wanted
        if (permissions[p], views[v]) not in have
    ]
    if missing:
        session.add_all(missing)
        session.flush()
        have = existing()
    return {(p, v): have[permissions[p], views[v]] for p, v in wanted}, len(missing)


def _give(
    session: Session,
    roles: dict[str, int],
    pairs: dict[tuple[str, str], int],
    grants: list[Grant],
) -> int:
    columns = (ShippedGrant.role, ShippedGrant.permission, ShippedGrant.view)
    given = {tuple(row) for row in session.execute(select(*columns))}
    table = assoc_permissionview_role
    held = {
        tuple(row) for row in session.execute(select(table.c.role_id, table.c.permission_view_id))
    }
    rows: list[dict[str, int]] = []
    for grant in dict.fromkeys(grants):
        key = (grant.role, grant.permission, grant.view)
        pair = pairs.get((grant.permission, grant.view))
        if key in given or pair is None or grant.role not in roles:
            continue
        session.add(ShippedGrant(role=grant.role, permission=grant.permission, view=grant.view))
        if (roles[grant.role], pair) not in held:
            rows.append({"role_id": roles[grant.role], "permission_view_id": pair})
    if rows:
        session.execute(insert(table), rows)
    session.flush()
    return len(rows)


def _apply_reaches(
    session: Session, roles: dict[str, int], reaches: Iterable[Reach]
) -> None:
    """Write reaches that were never shipped before; one that an admin has set stays."""
    known = {tuple(row) for row in session.execute(
        select(ShippedReach.role, ShippedReach.record_type)
    )}
    for reach in reaches:
        key = (reach.role, reach.record_type)
        if key in known or reach.role not in roles:
            continue
        known.add(key)
        session.add(ShippedReach(role=reach.role, record_type=reach.record_type))
        role_id = roles[reach.role]
        if session.get(RoleReach, (role_id, reach.record_type)) is None:
            session.add(RoleReach(
                role_id=role_id, record_type=reach.record_type, scope=int(reach.scope)
            ))
    session.flush()


def unknown_grants(
    permissions: Iterable[tuple[str, str]], grants: Iterable[Grant]
) -> list[Grant]:
    """Return grants that name a permission which no loaded screen has: a mistake in the code."""
    known = set(permissions)
    return [grant for grant in grants if (grant.permission, grant.view) not in known]
