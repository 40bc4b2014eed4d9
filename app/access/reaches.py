"""How far a person sees in each kind of record, from the roles held (decision 024)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

from app.access.actor import Scope


@dataclasses.dataclass(frozen=True, slots=True)
class RoleScopes:
    """The scopes of one role.

    Attributes:
        general: scope for every kind of record without a reach of its own.
        reaches: scope by record type, in place of the general one; wider or narrower.
    """

    general: Scope = Scope.OWN
    reaches: Mapping[str, Scope] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True)
class WidestScopes:
    """The scopes of a person over all roles; the attributes are those of ``Actor``."""

    scope: Scope
    reaches: dict[str, Scope]
    granted_reaches: dict[str, Scope]


def collect(
    rows: Iterable[tuple[int, int | None, str | None, int | None]]
) -> dict[int, RoleScopes]:
    """Return the scopes of roles from rows of a join of roles, general scopes and reaches.

    Args:
        rows: key of the role, general scope, record type and scope for it. A role comes once for
            each of its reaches, or once without a record type.
    """
    general: dict[int, Scope] = {}
    reaches: dict[int, dict[str, Scope]] = {}
    for role_id, scope, record_type, reach in rows:
        general[role_id] = Scope(scope or Scope.OWN)
        own = reaches.setdefault(role_id, {})
        if record_type is not None and reach is not None:
            own[record_type] = Scope(reach)
    return {key: RoleScopes(general[key], reaches[key]) for key in general}


def widest(roles: Iterable[RoleScopes]) -> WidestScopes:
    """Return the widest scopes over several roles; without a role ``OWN``.

    Args:
        roles: scopes of each role held.
    """
    roles = list(roles)
    kinds = {kind for role in roles for kind in role.reaches}
    return WidestScopes(
        max((role.general for role in roles), default=Scope.OWN),
        {kind: max(role.reaches.get(kind, role.general) for role in roles) for kind in kinds},
        {
            kind: max(role.reaches[kind] for role in roles if kind in role.reaches)
            for kind in kinds
        },
    )
