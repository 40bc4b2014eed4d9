"""Whether callbacks may be made now: what the rules of contact say of each of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.customers import Verdict, may_contact_many, note_contact
from app.sdk.people import local_zone
from app.sdk.services import SYSTEM, Actor, utcnow
from app.sdk.workflow import Message
from plugins.callbacks.choices import BY_NUMBER
from plugins.callbacks.models import Task


def verdicts(
    session: Session, tasks: Iterable[Task], at: dt.datetime | None = None
) -> dict[int, Verdict]:
    """Return by key of the callback whether its customer may be contacted.

    It is a question about the customer, not about rights: it is asked as the system.

    Args:
        session: any session.
        tasks: callbacks of any customers, channels and purposes.
        at: aware moment of the contact; now by default.
    """
    moment, found = at or utcnow(), {}
    for (channel, purpose, _place), batch in _batches(tasks).items():
        judged = may_contact_many(
            session, SYSTEM, [one.customer_id for one in batch], channel, purpose, moment,
            numbers=_numbers(batch) if channel in BY_NUMBER else None)
        found |= {one.id: judged[one.customer_id] for one in batch}
    return found


def verdict_of(session: Session, task: Task, at: dt.datetime | None = None) -> Verdict:
    """Return whether the customer of one callback may be contacted; see ``verdicts``."""
    return verdicts(session, [task], at)[task.id]


def refuse_start(session: Session, _actor: Actor, task: Task) -> Message | None:
    """Guard of the step that starts a callback: why not now, and when it opens if that is known."""
    verdict = verdict_of(session, task)
    if verdict.allowed or verdict.reason is None or verdict.opens_at is None:
        return None if verdict.allowed else verdict.reason
    opens = verdict.opens_at.astimezone(local_zone())
    return Message(N_("%(reason)s It opens: %(time)s"),
                   {"reason": verdict.reason, "time": f"{opens:%Y-%m-%d %H:%M}"})


def note_try(session: Session, actor: Actor, task: Task, reached: bool) -> None:
    """Log a contact, or a try, for all rules, plugins and channels.

    Args:
        session: session with a running write.
        actor: who has contacted the customer.
        task: the callback.
        reached: whether the customer was reached.
    """
    number: Any = task.contact if task.channel in BY_NUMBER else ""
    note_contact(session, actor, task.customer_id, task.channel, task.contact_purpose, reached,
                 number=number, origin=task)


def _batches(tasks: Iterable[Task]) -> Mapping[tuple[str, str, int], Sequence[Task]]:
    """Return callbacks that are asked about together: of one kind, each customer once."""
    batches: dict[tuple[str, str, int], list[Task]] = defaultdict(list)
    seen: dict[tuple[str, str, int], int] = defaultdict(int)
    for task in tasks:
        kind = (task.channel, task.contact_purpose, task.customer_id)
        batches[task.channel, task.contact_purpose, seen[kind]].append(task)
        seen[kind] += 1
    return batches


def _numbers(tasks: Iterable[Task]) -> dict[int, Any]:
    return {one.customer_id: one.contact for one in tasks if one.contact}
