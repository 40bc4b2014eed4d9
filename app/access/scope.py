"""The one rule for which rows a person sees (requirement A2).

Lists, pages, related tabs, actions, search, exports, files and the REST API all ask here. A model
takes part by naming the columns that tie a row to people:

``__scope_people__``: columns that hold a user id (the owner by default),
``__scope_teams__``: columns that hold a team id,
``__scope_departments__``: columns that hold a department id,
``__scope_roles__``: columns that hold the key of a set of roles (``ScopeRoles``); empty, the row is
open to every role,
``__scope_tables__``: tables with a row for each person (``ScopeTable``): signers, reviewers,
``__confidential__``: no general scope opens its rows, not even ``ALL``. Only the people in its
columns and tables see them, and roles with a reach of their own for this kind (decision 024).

A model without any of them (a calendar, a category) is guarded by permissions alone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    bindparam,
    false,
    inspect,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session, object_session

from app.access.actor import Actor, Scope
from app.access.scope_tables import ScopeRoles
from app.access.unindexed import Unindexed
from app.statements import built_once

_NOBODY: frozenset[int] = frozenset()


def is_confidential(model: type[Any]) -> bool:
    """Return whether no general scope opens rows of ``model``."""
    return bool(getattr(model, "__confidential__", False))


def is_scoped(model: type[Any]) -> bool:
    """Return whether rows of ``model`` are tied to people, teams or departments."""
    return is_confidential(model) or any(
        getattr(model, name, ())
        for name in ("__scope_people__", "__scope_teams__", "__scope_departments__",
                     "__scope_roles__", "__scope_tables__")
    )


def reach_of(actor: Actor, model: type[Any]) -> Scope | None:
    """Return how far an actor sees in a kind of record.

    Args:
        actor: who looks.
        model: mapped class.

    Returns:
        The scope, or ``None`` where nothing but the people of a record open it: the kind is
        confidential, and no role of the actor has a reach for it.
    """
    if actor.is_system:
        return Scope.ALL
    kind = getattr(model, "__record_type__", "")
    if is_confidential(model):
        return actor.granted_reaches.get(kind)
    return actor.reaches.get(kind, actor.scope)


def sees_all(actor: Actor, model: type[Any]) -> bool:
    """Return whether every row of ``model`` is visible to ``actor``."""
    return not is_scoped(model) or reach_of(actor, model) == Scope.ALL


def teams_and_departments(
    actor: Actor, model: type[Any]
) -> tuple[frozenset[int], frozenset[int]]:
    """Return the teams and departments whose rows of ``model`` an actor sees, who sees not all."""
    reach = reach_of(actor, model) or Scope.OWN
    teams = actor.team_ids if reach >= Scope.TEAM else _NOBODY
    # Leading a department opens its ordinary records whatever the roles.
    departments = _NOBODY if is_confidential(model) else actor.led_department_ids
    if reach >= Scope.DEPARTMENT:
        departments = actor.led_department_ids | actor.department_ids
    return teams, departments


def scope_columns(model: type[Any], names: str, indexed: bool) -> list[Any]:
    """Return the columns that a class attribute such as ``__scope_people__`` names.

    Args:
        model: mapped class.
        names: the class attribute.
        indexed: whether rows may be found by them, see ``scope_filter``.
    """
    columns = [getattr(model, name) for name in getattr(model, names, ())]
    return columns if indexed else [Unindexed(column.expression) for column in columns]


def _people_ways(
    user_id: Any, roles: Any, model: type[Any], indexed: bool
) -> list[ColumnElement[bool]]:
    ways = [column == user_id for column in scope_columns(model, "__scope_people__", indexed)]
    for audience in getattr(model, "__scope_roles__", ()):
        column = getattr(model, audience.column)
        ways.append(audience.opens(
            model, column if indexed else Unindexed(column.expression), roles))
    for link in getattr(model, "__scope_tables__", ()):
        # Not EXISTS: the few records of a person are read once, by the index of people, and
        # looked up by key; a correlated query would be asked for every row of a list.
        record, user = link.columns(model)
        key = key_column(model) if indexed else Unindexed(key_column(model).expression)
        ways.append(key.in_(select(record).where(user == user_id)))
    return ways


def scope_filter(
    actor: Actor, model: type[Any], *, indexed: bool = True
) -> ColumnElement[bool]:
    """Return the condition that keeps the rows of ``model`` which ``actor`` may see.

    Args:
        actor: who looks.
        model: mapped class.
        indexed: whether rows may be found by the scope; ``False`` where something else finds
            them (a key, another condition, the order of a list) and the scope only sifts them.
    """
    if sees_all(actor, model):
        return true()
    teams, departments = teams_and_departments(actor, model)
    return _condition(
        model, indexed, actor.user_id, sorted(actor.role_ids), sorted(teams) or None,
        sorted(departments) or None)


def _condition(
    model: type[Any], indexed: bool, user_id: Any, roles: Any, teams: Any, departments: Any
) -> ColumnElement[bool]:
    """Return the condition over ids or their parameters; ``None`` where no group counts."""
    ways = _people_ways(user_id, roles, model, indexed)
    if teams is not None:
        ways += [column.in_(teams) for column in scope_columns(model, "__scope_teams__", indexed)]
    if departments is not None:
        ways += [column.in_(departments)
                 for column in scope_columns(model, "__scope_departments__", indexed)]
    return or_(*ways) if ways else false()


@dataclasses.dataclass(frozen=True, slots=True)
class ScopeForm:
    """What a condition of the row scope looks like, whoever's it is.

    Attributes:
        sees_all: every row is seen.
        by_team: rows of teams are seen beside those of the person.
        by_department: rows of departments are.
    """

    sees_all: bool
    by_team: bool = False
    by_department: bool = False


def scope_form(actor: Actor, model: type[Any]) -> ScopeForm:
    """Return the form of ``scope_filter`` for an actor: ``scope_condition`` is built from it."""
    if sees_all(actor, model):
        return ScopeForm(True)
    teams, departments = teams_and_departments(actor, model)
    return ScopeForm(False, bool(teams), bool(departments))


def scope_parameters(actor: Actor, model: type[Any], prefix: str = "scope") -> dict[str, Any]:
    """Return the parameters of ``scope_condition`` for an actor; none for who sees all rows.

    Args:
        actor: who looks.
        model: mapped class.
        prefix: as given to ``scope_condition``.
    """
    if sees_all(actor, model):
        return {}
    teams, departments = teams_and_departments(actor, model)
    return {f"{prefix}_user": actor.user_id, f"{prefix}_roles": sorted(actor.role_ids),
            f"{prefix}_teams": sorted(teams), f"{prefix}_departments": sorted(departments)}


@built_once
def scope_condition(
    model: Any, form: ScopeForm, *, indexed: bool, prefix: str = "scope"
) -> ColumnElement[bool]:
    """Return the condition of ``scope_filter`` for statements that are built once.

    Args:
        model: mapped class, or an alias of one.
        form: of the actor, from ``scope_form``; the ids are parameters, see
            ``scope_parameters``.
        indexed: see ``scope_filter``.
        prefix: begins the names of the parameters, where a statement keeps rows of several kinds.
    """
    if form.sees_all:
        return true()
    return _condition(
        model, indexed, bindparam(f"{prefix}_user"),
        bindparam(f"{prefix}_roles", expanding=True),
        bindparam(f"{prefix}_teams", expanding=True) if form.by_team else None,
        bindparam(f"{prefix}_departments", expanding=True) if form.by_department else None,
    )


def key_column(model: type[Any]) -> Any:
    """Return the attribute of the primary key."""
    return getattr(model, inspect(model).mapper.primary_key[0].key)


def people_in_tables(session: Session, rows: Sequence[Any]) -> dict[Any, frozenset[int]]:
    """Return the people whom ``__scope_tables__`` tie to rows, in one statement for each table.

    Args:
        session: any session.
        rows: loaded rows of one model.

    Returns:
        Ids of users by primary key of the row; nobody for rows that are not listed.
    """
    if not rows:
        return {}
    model, found = type(rows[0]), {}
    keys = [key for row in rows if (key := _key_of(row)) is not None]
    for link in getattr(model, "__scope_tables__", ()):
        record, user = link.columns(model)
        for key, user_id in session.execute(select(record, user).where(record.in_(keys))):
            found.setdefault(key, set()).add(user_id)
    return {key: frozenset(users) for key, users in found.items()}


def _key_of(row: Any) -> Any:
    return getattr(row, inspect(type(row)).primary_key[0].key)


def sees(actor: Actor, row: Any, people: Collection[int] | None = None) -> bool:
    """Return whether ``actor`` may see a loaded row; the same rule as ``scope_filter``.

    Args:
        actor: who looks.
        row: a row; where people of ``__scope_tables__`` decide, they are read with its session.
        people: those people, where the caller has read them (``people_in_tables``).
    """
    model = type(row)
    if sees_all(actor, model):
        return True

    def values(attribute: str) -> set[Any]:
        return {getattr(row, name) for name in getattr(model, attribute, ())} - {None}

    teams, departments = teams_and_departments(actor, model)
    if (
        actor.user_id in values("__scope_people__")
        or values("__scope_teams__") & teams
        or values("__scope_departments__") & departments
        or any(audience_opens(actor, row, audience)
               for audience in getattr(model, "__scope_roles__", ()))
    ):
        return True
    if people is None:
        people = _people_of(row)
    return actor.user_id in people


def audience_opens(actor: Actor, row: Any, audience: ScopeRoles) -> bool:
    """Return whether a loaded row is meant for any of the actor's roles.

    Args:
        actor: who looks.
        row: the row; who belongs to its audience is read with its session.
        audience: one of its ``__scope_roles__``.
    """
    held, session = getattr(row, audience.column), object_session(row)
    if held is None:
        return True
    wanted = audience.sets(type(row), sorted(actor.role_ids)).subquery()
    return session is not None and session.scalar(
        select(true()).where(select(wanted).where(wanted.c[audience.set_column] == held).exists())
    ) is not None


def _people_of(row: Any) -> Collection[int]:
    session = object_session(row)
    if session is None or not getattr(type(row), "__scope_tables__", ()):
        return _NOBODY
    return people_in_tables(session, [row]).get(_key_of(row), _NOBODY)


def seen_among(session: Session, actor: Actor, rows: Sequence[Any]) -> list[Any]:
    """Return those of several loaded rows of one model that ``actor`` may see, in their order.

    Args:
        session: any session.
        actor: who looks.
        rows: loaded rows.
    """
    if not rows or sees_all(actor, type(rows[0])):
        return list(rows)
    people = people_in_tables(session, rows)
    return [row for row in rows if sees(actor, row, people.get(_key_of(row), _NOBODY))]


def who_sees(actors: Iterable[Actor], row: Any) -> list[Actor]:
    """Return those of several people who may see a loaded row, in one statement for each table.

    Args:
        actors: people.
        row: the row.
    """
    people = _people_of(row)
    return [actor for actor in actors if sees(actor, row, people)]


def concealed_keys(
    session: Session, actor: Actor, model: type[Any], keys: Collection[int]
) -> set[int]:
    """Return which records of a confidential kind ``actor`` must learn nothing about.

    For what is written about records elsewhere, such as the audit trail. A record that has been
    purged has nobody any more who could see it, so only a reach for the whole kind opens what is
    left of it.

    Args:
        session: any session.
        actor: who reads.
        model: mapped class; for kinds that are not confidential nothing is concealed.
        keys: primary keys of records.
    """
    if not keys or not is_confidential(model) or sees_all(actor, model):
        return set()
    key = key_column(model)
    open_ = session.scalars(
        select(key).where(key.in_(list(keys)), scope_filter(actor, model, indexed=False))
    )
    return set(keys).difference(open_)
