"""Shares out callbacks that nobody owns: fairly, within the quota of the day, with a reason."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.sdk.customers import keeps_own_agent, tier_priority
from app.sdk.demo import default_calendar
from app.sdk.jobs import portions
from app.sdk.models import Customer
from app.sdk.people import (
    Choice,
    Person,
    Worker,
    last_served,
    members,
    note_given,
    note_taken_back,
    share_out,
)
from app.sdk.people import Task as Work
from app.sdk.screens import zone
from app.sdk.services import (
    SYSTEM,
    Actor,
    change_set,
    is_present,
    join_change_set,
    scope_filter,
    utcnow,
    write,
)
from plugins.callbacks.models import Task
from plugins.callbacks.operations import task_operations
from plugins.callbacks.settings import setting
from plugins.callbacks.workflow import VIEW

MOST_AT_ONCE = 2000
Place = tuple[int | None, int | None]
"""Keys of the department and the team that a callback belongs to."""


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """Callbacks of one department and team, and whom they should go to.

    Attributes:
        tasks: the callbacks, the first to be made first.
        choices: one for each callback, in their order.
        people: those who may work on callbacks there, absent ones too.
        load: callbacks of each for the day, made ones counted, by user id.
        quota: callbacks of a whole day.
    """

    tasks: Sequence[Task]
    choices: Sequence[Choice]
    people: Sequence[Person]
    load: Mapping[int, int]
    quota: int

    @property
    def shares(self) -> Mapping[int, int]:
        """How many of the callbacks each person gets, by user id."""
        return Counter(one.user_id for one in self.choices if one.user_id is not None)

    @property
    def pairs(self) -> Sequence[tuple[Task, Choice]]:
        """Each callback with its choice."""
        return list(zip(self.tasks, self.choices, strict=True))


@dataclasses.dataclass(frozen=True, slots=True)
class Given:
    """What a share-out did.

    Attributes:
        number: how many callbacks were given.
        change_set: names all of them in the audit trail, to take them back; empty without any.
    """

    number: int
    change_set: str


def plan(session: Session, actor: Actor, now: dt.datetime | None = None) -> list[Group]:
    """Return whom callbacks should go to that are due today and belong to nobody.

    Args:
        session: any session.
        actor: only callbacks in the sight of this person are shared out; the system shares all.
        now: moment of asking, aware; the present one by default.
    """
    start, end = _day(now or utcnow())
    due = func.coalesce(Task.next_contact_at, Task.due_from)
    waiting = session.scalars(
        select(Task)
        .where(Task.is_open, Task.owner_id.is_(None), is_present(Task),
               or_(due.is_(None), due < end), scope_filter(actor, Task, indexed=False))
        .order_by(Task.priority != "urgent", tier_priority(Task.customer_id).desc(),
                  Task.due_until.is_(None), Task.due_until, Task.id)
        .limit(MOST_AT_ONCE))
    places: dict[Place, list[Task]] = defaultdict(list)
    for task in waiting:
        places[task.department_id, task.team_id].append(task)
    given: Counter[int] = Counter()
    return [_group(session, place, tasks, (start, end), given) for place, tasks in places.items()]


def give(session: Session, actor: Actor, groups: Sequence[Group]) -> Given:
    """Give callbacks to those who were chosen.

    What somebody has taken or closed meanwhile, and what a plugin refuses, is left as it is.

    They are written in portions that share one change set, so that others can write in between.

    Args:
        session: session without unsaved changes, outside of any write.
        actor: who shares out.
        groups: see ``plan``.
    """
    chosen = [(task, choice.user_id, choice.message) for group in groups
              for task, choice in group.pairs if choice.user_id is not None]
    number, together = 0, ""
    for portion in portions(chosen):
        with write(session):
            if together:
                join_change_set(session, together)
            together = change_set(session)
            taken = task_operations().assign_many(session, actor, portion)
            given = Counter(user_id for (_, user_id, _), is_given in
                            zip(portion, taken, strict=True) if is_given)
            note_given(session, Task.__record_type__,
                       {key: (count, float(count)) for key, count in given.items()})
            number += given.total()
    return Given(number, together)


def follows_saving(payload: Mapping[str, Any]) -> bool:
    """Return whether it was taken back that somebody got a callback.

    Args:
        payload: of ``on_record_saved``.
    """
    return payload["record_type"] == Task.__record_type__ and bool(payload["undoes"]) and (
        "owner_id" in payload["fields"])


def after_undo(session: Session, payload: Mapping[str, Any]) -> bool:
    """Take a callback out of the ledger again whose share-out was taken back.

    Args:
        session: session with a running write.
        payload: of ``on_record_saved``.

    Returns:
        Whether the ledger was changed.
    """
    if not follows_saving(payload):
        return False
    task = session.get(Task, payload["record_id"])
    held = (task.assigned_because or {}) if task is not None else {}
    if task is None or task.owner_id is not None or not held.get("shared_out"):
        return False
    note_taken_back(session, Task.__record_type__, {held["owner"]: (1, 1.0)},
                    dt.datetime.fromisoformat(payload["undoes"]["at"]))
    return True


def share_by_itself(session: Session, now: dt.datetime) -> None:
    """Share out what is due today, within working time: the schedule of the plugin."""
    if default_calendar(session).is_working(now):
        give(session, SYSTEM, plan(session, SYSTEM, now))


def _day(now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    today = now.astimezone(zone()).date()
    first, last = (dt.datetime.combine(today + dt.timedelta(days=number), dt.time(), zone())
                   for number in (0, 1))
    return first, last


def _group(
    session: Session, place: Place, tasks: Sequence[Task],
    day: tuple[dt.datetime, dt.datetime], given: Counter[int],
) -> Group:
    """Return the share-out of one place; ``given`` counts what people get in several places."""
    department_id, team_id = place
    people = members(
        session, team_id=team_id, department_id=None if team_id else department_id,
        can=("can_edit", VIEW), on=day[0].date(), present=False)
    keys = [one.user_id for one in people]
    load, quota = _load(session, keys, day), setting(session, "daily_quota")
    served = last_served(session, Task.__record_type__, keys)
    agents = _own_agents(session, tasks)
    choices = share_out(
        [Work(key=one.id, own_agent=agents.get(one.customer_id),
              skills=frozenset({one.skill} - {""})) for one in tasks],
        [Worker(user_id=one.user_id, load=load[one.user_id] + given[one.user_id], quota=quota,
                presence=one.presence, skills=one.skills, last_served=served.get(one.user_id))
         for one in people])
    given.update(one.user_id for one in choices if one.user_id is not None)
    return Group(tasks, choices, people, load, quota)


def _load(
    session: Session, user_ids: Sequence[int], day: tuple[dt.datetime, dt.datetime]
) -> dict[int, int]:
    """Return how many callbacks of the day each person has, those that were made counted."""
    found = dict.fromkeys(user_ids, 0)
    due = func.coalesce(Task.next_contact_at, Task.due_from)
    rows = session.execute(
        select(Task.owner_id, func.count())
        .where(Task.owner_id.in_(user_ids), is_present(Task), or_(
            Task.is_open & or_(due.is_(None), due < day[1]), Task.last_tried_at >= day[0]))
        .group_by(Task.owner_id))
    return found | {owner_id: number for owner_id, number in rows if owner_id is not None}


def _own_agents(session: Session, tasks: Sequence[Task]) -> dict[int, int]:
    keys = {one.customer_id for one in tasks}
    rows = session.execute(select(Customer.id, Customer.owner_id).where(
        Customer.id.in_(keys), Customer.owner_id.is_not(None), keeps_own_agent()))
    return {key: owner_id for key, owner_id in rows if owner_id is not None}
