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
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.visitors import InternalTraversal

from app.access.actor import Actor, Scope


class Unindexed(ColumnElement[Any]):
    """A column that SQLite compares row by row, without its index (a "+" in front of it).

    Without statistics SQLite answers "mine or my team's or …" from the indexes of all these
    columns and sorts what it found, a hundred thousand rows of a large team, to show the first
    fifty. PostgreSQL weighs that by itself; there this is the column as it is.
    See https://www.sqlite.org/optoverview.html, "Disqualifying WHERE clause terms".

    Args:
        column: the column.
    """

    inherit_cache = True
    _traverse_internals = (("column", InternalTraversal.dp_clauseelement),)

    def __init__(self, column: ColumnElement[Any]) -> None:
        self.column = column
        self.type = column.type

    @property
    def _from_objects(self) -> Any:
        return self.column._from_objects


@compiles(Unindexed)
def _plain(element: Unindexed, compiler: Any, **options: Any) -> str:
    return compiler.process(element.column, **options)


@compiles(Unindexed, "sqlite")
def _disqualified(element: Unindexed, compiler: Any, **options: Any) -> str:
    return f"+{compiler.process(element.column, **options)}"


def is_scoped(model: type[Any]) -> bool:
    """Return whether rows of ``model`` are tied to people, teams or departments."""
    return any(
        getattr(model, name, ())
        for name in ("__scope_people__", "__scope_teams__", "__scope_departments__")
    )


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
    if actor.is_system or actor.scope == Scope.ALL or not is_scoped(model):
        return true()
    ways: list[ColumnElement[bool]] = []

    def columns(names: str) -> list[Any]:
        found = [getattr(model, name) for name in getattr(model, names, ())]
        return found if indexed else [Unindexed(column.expression) for column in found]

    ways += [column == actor.user_id for column in columns("__scope_people__")]
    if actor.scope >= Scope.TEAM and actor.team_ids:
        teams = sorted(actor.team_ids)
        ways += [column.in_(teams) for column in columns("__scope_teams__")]
    departments = actor.led_department_ids
    if actor.scope >= Scope.DEPARTMENT:
        departments = departments | actor.department_ids
    if departments:
        ids = sorted(departments)
        ways += [column.in_(ids) for column in columns("__scope_departments__")]
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
