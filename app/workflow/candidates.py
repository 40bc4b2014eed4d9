"""Who could take a transition of a record: the other way round from the engine's question.

The engine decides whether one person may; here the people are looked for, so that a page says whom
the record waits for and nobody's decision is waited for in vain.
"""

# Not strict: Flask-AppBuilder and Flask-Babel come without types.
# pyright: basic

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import bindparam, func, inspect, select
from sqlalchemy.orm import Session

from app.access.services import actor_for
from app.access.versioned_cache import cached_until_change
from app.database import AnySelect
from app.host.host import current_host
from app.people.models import Staff, Team
from app.people.services import who_lead
from app.people.substitutes import substitutes_of
from app.records.values import values_of
from app.statements import built_once
from app.workflow import publishing
from app.workflow.actor_relations import LEADER
from app.workflow.definition import ANYONE, SYSTEM, Transition, Workflow
from app.workflow.models import LogRow
from app.workflow.services import workflow_of

# Columns that say who wrote a record, not who works on it.
_AUTHORS = {"created_by_id", "updated_by_id"}


def people_columns(model: type[Any]) -> list[str]:
    """Return the columns of a kind of record that name a person who works on it."""
    return [
        attribute.key for attribute in inspect(model).column_attrs
        if attribute.key.endswith("_id") and attribute.key not in _AUTHORS
        and any(key.target_fullname == "ab_user.id"
                for key in attribute.columns[0].foreign_keys)
    ]


def related_people(
    session: Session, model: type[Any], values: Mapping[str, Any], relation: str
) -> list[int]:
    """Return the users whom a relation names, the nearest first, closed accounts included.

    Args:
        session: any session.
        model: kind of record.
        values: values of the record by column.
        relation: ``owner``, ``team_leader``, ``department_leader``; roles and relations to many
            people name nobody here.
    """
    if f"{relation}_id" in people_columns(model):
        person = values.get(f"{relation}_id")
        return [] if person is None else [person]
    key = values.get(f"{relation.removesuffix(LEADER)}_id")
    if not relation.endswith(LEADER) or key is None:
        return []
    if not relation.removesuffix(LEADER).endswith("team"):
        return who_lead(session, key)
    leaders = [one for one in session.scalars(select(Team.leader_id).where(Team.id == key)) if one]
    standing = substitutes_of(session, leaders)
    return list(dict.fromkeys([*leaders, *(id for ids in standing.values() for id in ids)]))


def _names(session: Session, user_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of those whose account is open."""
    return dict(session.execute(_open_accounts(), {"users": list(user_ids)}).all())


@built_once
def _open_accounts() -> AnySelect:
    return (
        select(User.id, func.coalesce(Staff.name, User.username))
        .outerjoin(Staff, Staff.user_id == User.id)
        .where(User.id.in_(bindparam("users", expanding=True)), User.active.is_(True)))


@dataclasses.dataclass(frozen=True, slots=True)
class Candidates:
    """Who could take a transition.

    Attributes:
        people: names of the people whom its relations name, the nearest first, by user id.
        roles: names of roles whose holders could.
        is_open: whether others could as well: holders of a permission, members, everybody, or the
            product itself.
    """

    people: Mapping[int, str]
    roles: tuple[str, ...]
    is_open: bool

    @property
    def is_nobody(self) -> bool:
        """Whether there is nobody at all."""
        return not (self.people or self.roles or self.is_open)


def candidates(
    session: Session, model: type[Any], values: Mapping[str, Any], step: Transition,
    without: int | None = None,
) -> Candidates:
    """Return who could take a transition of a record.

    Args:
        session: any session.
        model: kind of record.
        values: values of the record by column.
        step: the transition.
        without: key of a user who is left out, as if the account were closed.
    """
    named = [
        person for relation in step.who.relations
        for person in related_people(session, model, values, relation)
    ]
    barred = {
        person for relation in step.who.never
        for person in related_people(session, model, values, relation)
    } | {without}
    wanted = [person for person in dict.fromkeys(named) if person not in barred]
    names = _names(session, wanted) if wanted else {}
    people = {
        person: names[person] for person in wanted
        if person in names and _holds(session, person, step)
    }
    many = any(
        relation in (ANYONE, SYSTEM) or relation.endswith("_member")
        for relation in step.who.relations
    )
    return Candidates(people, step.who.roles, many or bool(step.who.permissions))


def _holds(session: Session, user_id: int, step: Transition) -> bool:
    if not step.needs:
        return True
    held = cached_until_change(
        session, f"workflow.permissions.{user_id}", lambda: _permissions_of(session, user_id))
    return held.issuperset(step.needs)


def _permissions_of(session: Session, user_id: int) -> frozenset[tuple[str, str]]:
    actor = actor_for(session, user_id)
    return frozenset() if actor is None else actor.permissions


def main_step(workflow: Workflow, state: str) -> Transition | None:
    """Return the transition that leads on from a state: the first main one that people take."""
    return next(
        (one for one in workflow.transitions_from(state)
         if one.primary and one.who and SYSTEM not in one.who.relations), None)


@dataclasses.dataclass(frozen=True, slots=True)
class NextStep:
    """What a record waits for.

    Attributes:
        label: the transition that leads on (message id).
        who: who could take it.
        since: when the record came into its state; ``None`` where the log does not say.
    """

    label: str
    who: Candidates
    since: dt.datetime | None


def next_step(session: Session, record: Any) -> NextStep | None:
    """Return what a record waits for, or ``None`` where its way has ended.

    Args:
        session: any session.
        record: a record with the ``WorkflowRecord`` mixin.
    """
    if record.workflow_id is None:
        return None
    step = main_step(workflow_of(session, record), record.state)
    if step is None:
        return None
    since = session.scalar(
        select(func.max(LogRow.at)).where(
            LogRow.record_type == record.__record_type__, LogRow.record_id == record.id,
            LogRow.source != LogRow.target))
    return NextStep(step.label, candidates(session, type(record), values_of(record), step), since)


@dataclasses.dataclass(frozen=True, slots=True)
class Stuck:
    """Open records whose main step nobody could take.

    Attributes:
        record_type: stable name of the kind.
        label: what its records are called (message id).
        state: name of the state in which they wait.
        step: the transition that nobody could take (message id).
        count: how many there are.
    """

    record_type: str
    label: str
    state: str
    step: str
    count: int


def stuck_records(session: Session, without: int | None = None) -> list[Stuck]:
    """Return where open records wait for somebody who is not there: one statement for each step.

    Args:
        session: any session.
        without: key of a user who is left out, as if the account were closed.
    """
    return [
        found
        for binding in current_host().workflows()
        for found in _stuck_of(session, binding, without)
    ]


def _stuck_of(session: Session, binding: Any, without: int | None) -> Iterator[Stuck]:
    model = binding.model
    workflow = publishing.read_in_force(session, binding.workflow.name)
    kind = current_host().record_type(model.__record_type__)
    for state in workflow.states:
        step = main_step(workflow, state.name)
        if step is None or step.who.roles or step.who.permissions:
            continue
        columns = _columns_asked(model, step)
        if not columns:
            continue
        rows = session.execute(_waiting(model, tuple(columns)), {"state": state.name})
        count = sum(
            number for *held, number in rows
            if candidates(
                session, model, dict(zip(columns, held, strict=True)), step, without).is_nobody)
        if count:
            yield Stuck(model.__record_type__, kind.label_plural if kind else "", state.label,
                        step.label, count)


@built_once
def _waiting(model: type[Any], columns: tuple[str, ...]) -> AnySelect:
    """Return the statement that counts open records in a state by the values of some columns."""
    asked = [getattr(model, name) for name in columns]
    return (
        select(*asked, func.count())
        .where(model.state == bindparam("state"), model.is_open.is_(True),
               model.deleted_at.is_(None))
        .group_by(*asked))


def _columns_asked(model: type[Any], step: Transition) -> list[str]:
    known = {one.key for one in inspect(model).column_attrs}
    names = (f"{relation.removesuffix(LEADER)}_id"
             for relation in (*step.who.relations, *step.who.never))
    return [name for name in dict.fromkeys(names) if name in known]
