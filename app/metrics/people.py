"""What somebody sees only as a person: whether there is any of it, from what is held.

Figures are held by groups, and what people alone open to somebody is counted from the records
beside them. Most people work on nothing that their groups do not see: then there is nothing to
count, and a person of ten thousand records spares reading them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Table,
    bindparam,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.scope import ScopeForm, scope_form, scope_parameters
from app.database import AnySelect
from app.metrics import facts
from app.metrics.cells import sums_and_changes
from app.metrics.counting import of_people
from app.metrics.models import BY_GROUP
from app.metrics.states import is_counted
from app.statements import built_once

_SEEN = "metrics.seen_alone"


def sees_alone(session: Session, actor: Actor, model: type[Any]) -> bool:
    """Return whether an actor may see records that none of their groups sees.

    Args:
        session: any session; the answer is kept for its transaction.
        actor: who asks, and does not see all records.
        model: kind of record.

    Returns:
        ``True`` also where it is not known: tables and roles tie records to the actor, or nothing
        is held yet.
    """
    [measure, *_], form = of_people(model) or [None], scope_form(actor, model)
    if (measure is None or not (form.by_team or form.by_department)
            or getattr(model, "__scope_tables__", ()) or getattr(model, "__scope_roles__", ())
            or not is_counted(session, measure.name)):
        return True
    transaction = session.connection().get_transaction()
    kept = session.info.get(_SEEN)
    if kept is None or kept[0] is not transaction:
        kept = session.info[_SEEN] = (transaction, {})
    key = (model, actor.user_id)
    if key not in kept[1]:
        values = {**scope_parameters(actor, model), "person": str(actor.user_id)}
        kept[1][key] = session.execute(_outside(model, measure.name, form), values).first()
    return kept[1][key] is not None


@built_once
def _outside(model: type[Any], name: str, form: ScopeForm) -> AnySelect:
    """Return the statement that finds groups of a person's records that do not see them."""
    slots = (facts.scope_slots(model) or {}).values()
    both = sums_and_changes(
        lambda table: [*(table.c[slot] for slot in slots), table.c.amount],
        lambda table: [
            table.c.measure == name, table.c.dimension == facts.PEOPLE,
            table.c.value == bindparam("person"), not_(seen_by_groups(model, form, table))],
        BY_GROUP)
    return (select(literal(1)).select_from(both)
            .group_by(*(column for column in both.c if column.name != "amount"))
            .having(func.sum(both.c.amount) > 0).limit(1))


def seen_by_groups(model: type[Any], form: ScopeForm, table: Table) -> ColumnElement[bool]:
    """Return the condition of cells whose records an actor sees by groups.

    Args:
        model: kind of record.
        form: of the actor; the ids are parameters, see ``scope_parameters``.
        table: of sums or of changes.
    """
    if form.sees_all:
        return true()
    slots = facts.scope_slots(model) or {}
    ways = [
        table.c[slots[column]].in_(bindparam(parameter, expanding=True))
        for names, parameter, is_seen in (
            ("__scope_teams__", "scope_teams", form.by_team),
            ("__scope_departments__", "scope_departments", form.by_department))
        if is_seen for column in getattr(model, names, ())
    ]
    return or_(*ways) if ways else false()
