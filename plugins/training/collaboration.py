"""What training offers to other plugins, and what it asks of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_, Ability
from app.sdk.people import local_today
from app.sdk.records import create
from app.sdk.services import Actor
from app.sdk.workflow import Choice, Field, Form, Kind
from plugins.training.access import TUTORING
from plugins.training.choices import TUTORING_REASONS
from plugins.training.history.models import Tutoring

BOOK_TUTORING = "training.book_tutoring"
_FORM = Form.of(
    "book_tutoring",
    Field("owner_id", Kind.PERSON, N_("Learner"), True),
    Field("reason", Kind.CHOICE, N_("Reason"), True,
          choices=tuple(Choice(*pair) for pair in TUTORING_REASONS)),
    Field("goal", Kind.TEXT, N_("Goal"), True, length=200),
    Field("measures", Kind.LONG_TEXT, N_("Measures"), length=2000),
    Field("days", Kind.INTEGER, N_("Days"), True, minimum=1, maximum=365, default=30),
    title=N_("Book tutoring"),
)


def book_tutoring(
    session: Session, actor: Actor, values: Mapping[str, Any], _origin: Any
) -> Tutoring:
    """Create tutoring of a person that begins today."""
    today = local_today()
    return create(session, actor, Tutoring, {
        "owner_id": values["owner_id"], "reason": values["reason"], "goal": values["goal"],
        "measures": values.get("measures") or "", "starts_on": today,
        "until_on": today + dt.timedelta(days=values["days"])})


ABILITIES = [Ability(
    name=BOOK_TUTORING, title=N_("Book tutoring"), view=TUTORING, permission="can_add",
    form=_FORM, run=book_tutoring, icon="user-heart",
)]
