"""Why a person sees a row: every way that opens it, from the rule of ``app.access.scope``."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import object_session

from app.access.actor import Actor, Scope
from app.access.reaches import RoleScopes
from app.access.scope import audience_opens, is_confidential, is_scoped, people_in_tables
from app.access.scope_tables import ScopeTable

PERSON, TABLE, LEADS, ROLE, EVERYBODY = "person", "table", "leads", "role", "everybody"
AUDIENCE = "audience"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class AccessPath:
    """One way that opens a row to a person.

    Attributes:
        kind: ``person`` (a column names them), ``table`` (a table does), ``leads`` (they lead its
            department), ``role`` (the scope of a role) or ``everybody`` (the kind has no scope).
        column: column or table that ties the row to the person, team or department.
        role: name of the role.
        scope: its scope for this kind of record.
        is_own: whether the role has a reach of its own for the kind.
    """

    kind: str
    column: str = ""
    role: str = ""
    scope: Scope | None = None
    is_own: bool = False


def ways_to_see(actor: Actor, roles: Mapping[str, RoleScopes], row: Any) -> list[AccessPath]:
    """Return every way that opens a loaded row to a person; none where they do not see it.

    Args:
        actor: a person.
        roles: scopes of the roles that the person holds, by name.
        row: the row.
    """
    model = type(row)
    if not is_scoped(model):
        return [AccessPath(kind=EVERYBODY)]
    return [*_by_relation(actor, row), *_by_roles(actor, roles, row)]


def _tied(row: Any, attribute: str, keys: frozenset[int]) -> Iterator[str]:
    for name in getattr(type(row), attribute, ()):
        if getattr(row, name) in keys:
            yield name


def _by_relation(actor: Actor, row: Any) -> Iterator[AccessPath]:
    model, session = type(row), object_session(row)
    me = frozenset() if actor.user_id is None else frozenset({actor.user_id})
    for name in _tied(row, "__scope_people__", me):
        yield AccessPath(kind=PERSON, column=name)
    links: tuple[ScopeTable, ...] = getattr(model, "__scope_tables__", ())
    if links and session is not None:
        for people in people_in_tables(session, [row]).values():
            if actor.user_id in people:
                yield AccessPath(kind=TABLE, column=", ".join(link.table for link in links))
    for audience in getattr(model, "__scope_roles__", ()):
        if getattr(row, audience.column) is None:
            yield AccessPath(kind=EVERYBODY)
        elif audience_opens(actor, row, audience):
            yield AccessPath(kind=AUDIENCE, column=audience.column)
    if not is_confidential(model):
        for name in _tied(row, "__scope_departments__", actor.led_department_ids):
            yield AccessPath(kind=LEADS, column=name)


def _by_roles(actor: Actor, roles: Mapping[str, RoleScopes], row: Any) -> Iterator[AccessPath]:
    model = type(row)
    record_type = getattr(model, "__record_type__", "")
    for role, scopes in roles.items():
        own = scopes.reaches.get(record_type)
        if own is None and is_confidential(model):
            continue
        scope = scopes.general if own is None else own
        found = {"role": role, "scope": scope, "is_own": own is not None}
        if scope == Scope.ALL:
            yield AccessPath(kind=ROLE, **found)
            continue
        if scope >= Scope.TEAM:
            for name in _tied(row, "__scope_teams__", actor.team_ids):
                yield AccessPath(kind=ROLE, column=name, **found)
        if scope >= Scope.DEPARTMENT:
            departments = actor.department_ids | actor.led_department_ids
            for name in _tied(row, "__scope_departments__", departments):
                yield AccessPath(kind=ROLE, column=name, **found)
