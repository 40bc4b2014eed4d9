"""What can be read of callbacks, and the effects that their workflows name."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from app.sdk.customers import Verdict, tier_priority
from app.sdk.models import Customer
from app.sdk.services import Actor, act, is_present, scope_filter, utcnow
from plugins.callbacks.contact_rules import refuse_start, verdicts
from plugins.callbacks.corrections.scripts import correct_earlier
from plugins.callbacks.models import OutcomeRule, Script, Task
from plugins.callbacks.rules import Meaning

_RANK = case({"urgent": 0, "normal": 1, "low": 2}, value=Task.priority, else_=1)

PORTION = 200


def meaning_of(session: Session, outcome_id: int) -> Meaning | None:
    """Return what an outcome means, or ``None`` where nobody has said so.

    Args:
        session: any session.
        outcome_id: key of the outcome.
    """
    rule = session.scalar(select(OutcomeRule).where(
        OutcomeRule.outcome_id == outcome_id, is_present(OutcomeRule)))
    return None if rule is None else meaning_from(rule)


def meaning_from(rule: Any) -> Meaning:
    """Return the meaning that a row, or an object with the same attributes, describes."""
    return Meaning(
        reached=rule.reached, human=rule.human, do_not_call=rule.do_not_call,
        unworkable=rule.unworkable, call_again=rule.call_again, finished=rule.finished,
        delay=dt.timedelta(minutes=rule.delay_minutes), most_tries=rule.most_tries,
    )


def call_in_progress(session: Session, actor: Actor) -> Task | None:
    """Return the callback that a person has started last and not recorded yet, or ``None``."""
    return session.scalar(
        select(Task)
        .where(Task.owner_id == actor.user_id, Task.is_open, Task.state == "working",
               is_present(Task), scope_filter(actor, Task, indexed=False))
        .order_by(Task.started_at.is_(None), Task.started_at.desc(), Task.id.desc()).limit(1))


def due_tasks(
    session: Session, actor: Actor, now: dt.datetime, *conditions: ColumnElement[bool]
) -> Iterator[list[Task]]:
    """Return callbacks that are due and not begun, in portions, the first to be made first.

    They are ordered by priority, the customer's tier, and the time that was agreed or set.

    Args:
        session: any session.
        actor: who looks.
        now: moment of asking, aware.
        conditions: further conditions, e.g. on the owner.
    """
    due = func.coalesce(Task.next_contact_at, Task.due_from)
    statement = (
        select(Task)
        .where(Task.is_open, Task.state != "working", is_present(Task),
               scope_filter(actor, Task, indexed=False), or_(due.is_(None), due <= now),
               *conditions)
        .order_by(_RANK, tier_priority(Task.customer_id).desc(), Task.due_until.is_(None),
                  Task.due_until, due, Task.id)
        .limit(PORTION)
    )
    for start in itertools.count(0, PORTION):
        found = list(session.scalars(statement.offset(start)))
        if found:
            yield found
        if len(found) < PORTION:
            return


def next_task(session: Session, actor: Actor, now: dt.datetime | None = None) -> Task | None:
    """Return the callback that the actor should make next, or ``None``.

    Only a customer who may be contacted now is offered; the others wait until their time comes.

    Args:
        session: any session.
        actor: whose callbacks.
        now: moment of asking, aware; the present one by default.
    """
    moment = now or utcnow()
    for portion in due_tasks(session, actor, moment, Task.owner_id == actor.user_id):
        allowed = verdicts(session, portion, moment)
        for task in portion:
            if allowed[task.id].allowed:
                return task
    return None


def callers_tasks(session: Session, actor: Actor, number: str, most: int = 20) -> list[Task]:
    """Return the callbacks that somebody who calls may be meant by, those in progress first.

    Args:
        session: any session.
        actor: who has taken the call; others' callbacks count as far as they are in sight.
        number: the whole number of the caller.
        most: how many at most.
    """
    customers = select(Customer.id).where(Customer.phone == number, is_present(Customer))
    return list(session.scalars(
        select(Task)
        .where(or_(Task.contact == number, Task.customer_id.in_(customers)),
               Task.state.in_(("open", "waiting", "working", "unreachable")), is_present(Task),
               scope_filter(actor, Task, indexed=False))
        .order_by(Task.is_open.desc(), Task.last_tried_at.is_(None), Task.last_tried_at.desc(),
                  Task.id)
        .limit(most)))


def held_tasks(
    session: Session, actor: Actor, now: dt.datetime | None = None, *, own: bool = True,
    most: int = 200,
) -> list[tuple[Task, Verdict]]:
    """Return callbacks that are due and must wait, each with the reason and when it opens.

    Args:
        session: any session.
        actor: who looks.
        now: moment of asking, aware; the present one by default.
        own: only those of the actor, instead of all that the actor sees.
        most: how many at most.
    """
    moment, found = now or utcnow(), []
    conditions = (Task.owner_id == actor.user_id,) if own else ()
    for portion in due_tasks(session, actor, moment, *conditions):
        judged = verdicts(session, portion, moment)
        found += [(task, judged[task.id]) for task in portion if not judged[task.id].allowed]
        if len(found) >= most:
            break
    return found[:most]


def script_for(session: Session, code: str, language: str) -> Script | None:
    """Return the script in force with a code in a language, or ``None``."""
    return session.scalar(select(Script).where(
        Script.code == code, Script.language == language, Script.state == "in_force",
        is_present(Script)))


# --- effects: (session, actor, record, values) in the transaction ---------------------------
def note_started(session: Session, actor: Actor, task: Task, values: Mapping[str, Any]) -> None:
    """Remember when the contact began."""
    task.started_at = utcnow()
    task.inbound = False


def note_ring_back(session: Session, actor: Actor, task: Task, values: Mapping[str, Any]) -> None:
    """Remember that the customer has called, and when; who takes the call goes on with it."""
    note_started(session, actor, task, values)
    task.inbound = True
    task.closed_at = None
    task.owner_id = actor.user_id or task.owner_id


def note_closed(session: Session, actor: Actor, task: Task, values: Mapping[str, Any]) -> None:
    """Remember when the callback ended; nothing is planned any more."""
    task.closed_at = utcnow()
    task.next_contact_at = None


def begin_again(session: Session, actor: Actor, task: Task, values: Mapping[str, Any]) -> None:
    """Count the contacts anew; what was answered remains."""
    task.closed_at = None
    task.tries = 0


def note_approver(
    session: Session, actor: Actor, script: Script, values: Mapping[str, Any]
) -> None:
    """Remember who has approved the script, and when."""
    script.approver_id = actor.user_id
    script.approved_at = utcnow()


def retire_earlier(
    session: Session, actor: Actor, script: Script, values: Mapping[str, Any]
) -> None:
    """Retire the version that was in force: there is one at a time in each language.

    Where the new one says what it had wrong, everybody who heard it is called again.
    """
    for earlier in session.scalars(select(Script).where(
        Script.code == script.code, Script.language == script.language,
        Script.state == "in_force", Script.id != script.id, is_present(Script),
    )).all():
        act(session, actor, earlier, "retire")
        correct_earlier(session, actor, script, earlier)


TASK_GUARDS = {"contact_allowed": refuse_start}
TASK_EFFECTS = {"note_started": note_started, "note_ring_back": note_ring_back,
                "note_closed": note_closed, "begin_again": begin_again}
SCRIPT_EFFECTS = {"note_approver": note_approver, "retire_earlier": retire_earlier}
