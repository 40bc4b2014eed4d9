"""The row scope in two parts: what somebody sees by groups, and what people alone open to them.

Figures are held by groups: whoever counts adds what somebody sees only as a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, false, or_, select, union_all

from app.access.actor import Actor
from app.access.scope import ScopeForm, key_column, scope_columns, teams_and_departments


def seen_by_people_only(
    actor: Actor, model: type[Any], beside: Sequence[ColumnElement[bool]] = ()
) -> ColumnElement[bool]:
    """Return the condition of rows that an actor sees, but by none of their groups.

    Args:
        actor: who looks, and does not see all rows.
        model: mapped class.
        beside: further conditions on the row, such as that it is not deleted, by which an index
            of the people is chosen.
    """
    teams, departments = teams_and_departments(actor, model)
    return _people_only(model, beside, actor.user_id, sorted(actor.role_ids),
                        sorted(teams) or None, sorted(departments) or None)


def people_only_condition(
    model: type[Any], form: ScopeForm, beside: Sequence[ColumnElement[bool]] = ()
) -> ColumnElement[bool]:
    """Return the condition of ``seen_by_people_only`` for statements that are built once.

    Args:
        model: mapped class.
        form: of an actor who does not see all rows; the ids are parameters, see
            ``scope_parameters``.
        beside: see ``seen_by_people_only``.
    """
    return _people_only(
        model, beside, bindparam("scope_user"), bindparam("scope_roles", expanding=True),
        bindparam("scope_teams", expanding=True) if form.by_team else None,
        bindparam("scope_departments", expanding=True) if form.by_department else None)


def _people_only(
    model: type[Any], beside: Sequence[ColumnElement[bool]], user_id: Any, roles: Any, teams: Any,
    departments: Any,
) -> ColumnElement[bool]:
    """Return the condition over ids or their parameters; ``None`` where no group counts."""
    outside = [
        or_(column.is_(None), column.not_in(keys))
        for names, keys in (("__scope_teams__", teams), ("__scope_departments__", departments))
        if keys is not None for column in scope_columns(model, names, indexed=False)
    ]
    key = key_column(model)
    # Not OR: an index that holds the groups as well answers each part without reading rows, of
    # which a person may have had thousands, and next to none outside their own groups.
    parts = [
        select(key).where(getattr(model, name) == user_id, *outside, *beside)
        for name in getattr(model, "__scope_people__", ())
    ]
    parts += [
        select(key).where(
            audience.opens(model, getattr(model, audience.column), roles), *outside, *beside)
        for audience in getattr(model, "__scope_roles__", ())
    ]
    parts += [
        select(record).where(user == user_id)
        for link in getattr(model, "__scope_tables__", ())
        for record, user in (link.columns(model),)
    ]
    return and_(key.in_(union_all(*parts)), *outside) if parts else false()
