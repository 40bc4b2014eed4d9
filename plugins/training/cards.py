"""Cards of the home page: what a person has to learn next."""

from __future__ import annotations

from typing import Any

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.sdk import N_, Card
from app.sdk.services import Actor, is_present, scope_filter
from plugins.training.access import ATTEMPT, OWN
from plugins.training.choices import MARKING
from plugins.training.duties.duties import Standing
from plugins.training.duties.services import duties_of_user
from plugins.training.exams.models import Attempt

ROWS = 5


def my_duties(session: Session, actor: Actor) -> dict[str, Any] | None:
    """Return what the actor has to learn or renew, in the order of the path."""
    if actor.user_id is None:
        return None
    due = [one for one in duties_of_user(session, actor.user_id)
           if one.cell.standing is not Standing.GREEN]
    if not due:
        return None
    address = url_for("OwnTrainingView.page")
    return {
        "rows": [{"id": one.duty.course, "title": one.course, "url": address,
                  "due": one.cell.due_on} for one in due[:ROWS]],
        "more_url": address,
    }


def to_mark(session: Session, actor: Actor) -> dict[str, Any] | None:
    """Return how many attempts of others wait for a mark."""
    number = session.scalar(select(func.count()).select_from(Attempt).where(
        Attempt.status == MARKING, Attempt.owner_id != actor.user_id, is_present(Attempt),
        scope_filter(actor, Attempt, indexed=False))) or 0
    if not number:
        return None
    return {"figures": [{"label": N_("Attempts to be marked"), "value": number,
                         "url": url_for("AttemptView.list", status__in=MARKING)}]}


CARDS = (
    Card(name="training.mine", title=N_("My compulsory training"), load=my_duties,
         template="screens/home/card.html", view=OWN, order=60, to_do=N_("Training")),
    Card(name="training.marking", title=N_("Exams to be marked"), load=to_mark,
         template="screens/home/card.html", view=ATTEMPT, permission="can_mark", order=70,
         width=3),
)
