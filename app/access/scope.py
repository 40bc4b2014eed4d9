"""The one rule for which rows a person sees (requirement A2).

Lists, pages, related tabs, actions, search, exports, files and the REST API all ask here. A model
takes part by naming the columns that tie a row to people:

``__scope_people__``: columns that hold a user id (the owner by default),
``__scope_teams__``: columns that hold a team id,
``__scope_departments__``: columns that hold a department id.

A model without any of them (a calendar, a category) is guarded by permissions alone.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, false, or_, true

from app.access.actor import Actor, Scope


def is_scoped(model: type[Any]) -> bool:
    """Return whether rows of ``model`` are tied to people, teams or departments."""
    return any(
        getattr(model, name, ())
        for name in ("__scope_people__", "__scope_teams__", "__scope_departments__")
    )


def scope_filter(actor: Actor, model: type[Any]) -> ColumnElement[bool]:
    """Return the condition that keeps the rows of ``model`` which ``actor`` may see.

    Args:
        actor: who looks.
        model: mapped class.
    """
    if actor.is_system or actor.scope == Scope.ALL or not is_scoped(model):
        return true()
    ways: list[ColumnElement[bool]] = []
    for name in getattr(model, "__scope_people__", ()):
        ways.append(getattr(model, name) == actor.user_id)
    if actor.scope >= Scope.TEAM and actor.team_ids:
        teams = sorted(actor.team_ids)
        ways += [getattr(model, name).in_(teams) for name in getattr(model, "__scope_teams__", ())]
    departments = actor.led_department_ids
    if actor.scope >= Scope.DEPARTMENT:
        departments = departments | actor.department_ids
    if departments:
        ids = sorted(departments)
        ways += [
            getattr(model, name).in_(ids) for name in getattr(model, "__scope_departments__", ())
        ]
    return or_(*ways) if ways else false()


def sees(actor: Actor, row: Any) -> bool:
    """Return whether ``actor`` may see a loaded row; the same rule as ``scope_filter``."""
    model = type(row)
    if actor.is_system or actor.scope == Scope.ALL or not is_scoped(model):
        return True

    def values(attribute: str) -> set[Any]:
        return {getattr(row, name) for name in getattr(model, attribute, ())} - {None}

    if actor.user_id in values("__scope_people__"):
        return True
    if actor.scope >= Scope.TEAM and values("__scope_teams__") & actor.team_ids:
        return True
    departments = actor.led_department_ids
    if actor.scope >= Scope.DEPARTMENT:
        departments = departments | actor.department_ids
    return bool(values("__scope_departments__") & departments)
