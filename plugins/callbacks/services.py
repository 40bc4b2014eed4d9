"""What can be read of callbacks, and the effects that their workflows name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from app.sdk.services import Actor, act, is_present, scope_filter, utcnow
from plugins.callbacks.models import OutcomeRule, Script, Task
from plugins.callbacks.rules import Meaning

_RANK = case({"urgent": 0, "normal": 1, "low": 2}, value=Task.priority, else_=1)


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


def next_task(session: Session, actor: Actor, now: dt.datetime | None = None) -> Task | None:
    """Return the callback that the actor should make next, or ``None``.

    What is in progress goes first; then what is due, by priority and by the time that was agreed
    or set. What lies in the future is not offered.

    Args:
        session: any session.
        actor: whose callbacks.
        now: moment of asking, aware; the present one by default.
    """
    moment = now or utcnow()
    due = func.coalesce(Task.next_contact_at, Task.due_from)
    return session.scalar(
        select(Task)
        .where(
            Task.owner_id == actor.user_id, Task.is_open, is_present(Task),
            scope_filter(actor, Task, indexed=False),
            or_(Task.state == "working", due.is_(None), due <= moment),
        )
        .order_by(Task.state != "working", _RANK, Task.due_until.is_(None), Task.due_until,
                  due, Task.id)
        .limit(1)
    )


def script_for(session: Session, code: str, language: str) -> Script | None:
    """Return the script in force with a code in a language, or ``None``."""
    return session.scalar(select(Script).where(
        Script.code == code, Script.language == language, Script.state == "in_force",
        is_present(Script)))


# --- effects: (session, actor, record, values) in the transaction ---------------------------
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
    """Retire the version that was in force: there is one at a time in each language."""
    for earlier in session.scalars(select(Script).where(
        Script.code == script.code, Script.language == script.language,
        Script.state == "in_force", Script.id != script.id, is_present(Script),
    )).all():
        act(session, actor, earlier, "retire")


TASK_EFFECTS = {"note_closed": note_closed, "begin_again": begin_again}
SCRIPT_EFFECTS = {"note_approver": note_approver, "retire_earlier": retire_earlier}
