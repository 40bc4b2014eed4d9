"""Cards of the home page: the callbacks that a person makes next."""

from __future__ import annotations

from typing import Any

from flask import url_for
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.sdk import N_, Card
from app.sdk.screens import write_datetime
from app.sdk.services import Actor, is_present, scope_filter, utcnow
from plugins.callbacks.models import Task
from plugins.callbacks.workflow import VIEW

ROWS = 8


def my_callbacks(session: Session, actor: Actor) -> dict[str, Any]:
    """Return the actor's callbacks that are due, the earliest first; each opens its script."""
    due = func.coalesce(Task.next_contact_at, Task.due_from)
    found = session.execute(
        select(Task.id, Task.number, Task.subject, Task.customer_name, Task.due_until)
        .where(Task.owner_id == actor.user_id, Task.is_open, is_present(Task),
               scope_filter(actor, Task, indexed=False), or_(due.is_(None), due <= utcnow()))
        .order_by(Task.due_until.is_(None), Task.due_until, Task.id).limit(ROWS)
    ).all()
    return {
        "rows": [
            {"id": row.id, "title": f"{row.customer_name} {row.subject}",
             "url": url_for("TaskView.call_of", pk=row.id),
             "remark": write_datetime(row.due_until) if row.due_until else row.number}
            for row in found
        ],
        "empty": N_("No callback of yours is due."),
        "more_url": url_for("TaskView.next_call"),
    }


CARDS = (
    Card(name="callbacks.mine", title=N_("My callbacks"), load=my_callbacks,
         template="screens/home/card.html", view=VIEW, permission="can_edit", order=25,
         roles=("agent",)),
)
