"""Cards of the home page: the callbacks that a person makes next."""

from __future__ import annotations

from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from app.sdk import N_, Card
from app.sdk.services import Actor, utcnow
from plugins.callbacks.contact_rules import verdicts
from plugins.callbacks.models import Task
from plugins.callbacks.services import due_tasks
from plugins.callbacks.workflow import VIEW

ROWS = 8


def my_callbacks(session: Session, actor: Actor) -> dict[str, Any]:
    """Return the actor's callbacks that can be made now, and how many wait for their time."""
    now = utcnow()
    due = next(due_tasks(session, actor, now, Task.owner_id == actor.user_id), [])
    allowed = verdicts(session, due, now)
    found = [one for one in due if allowed[one.id].allowed]
    return {
        "figures": [
            {"label": N_("Can be made now"), "value": len(found),
             "url": url_for("TaskView.next_call")},
            {"label": N_("Waiting for their time"), "value": len(due) - len(found),
             "url": url_for("TaskView.held_calls")},
        ],
        "rows": [
            {"id": one.id, "title": f"{one.customer_name} {one.subject}",
             "url": url_for("TaskView.call_of", pk=one.id),
             "remark": one.number, "due": one.due_until}
            for one in found[:ROWS]
        ],
        "empty": N_("No callback of yours is due."),
        "more_url": url_for("TaskView.next_call"),
    }


CARDS = (
    Card(name="callbacks.mine", title=N_("My callbacks"), load=my_callbacks,
         template="screens/home/card.html", view=VIEW, permission="can_edit", order=25,
         roles=("agent",), to_do=N_("Callback")),
)
