"""What training offers to other plugins, and what it asks of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_, Ability, RecordAction
from app.sdk.people import local_today
from app.sdk.records import create
from app.sdk.services import Actor
from app.sdk.workflow import Choice, Field, Form, Kind
from plugins.training.access import DRILL, TUTORING
from plugins.training.choices import DRILL_METHODS, TUTORING_REASONS
from plugins.training.drills.models import Drill
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


ARRANGE_DRILL = "training.arrange_drill"
_DRILL_FORM = Form.of(
    "arrange_drill",
    Field("subject", Kind.TEXT, N_("What is practised"), True, length=160),
    Field("owner_id", Kind.PERSON, N_("Learner"), True),
    Field("method", Kind.CHOICE, N_("Method"), True, default="script",
          choices=tuple(Choice(*pair) for pair in DRILL_METHODS)),
    Field("observer_id", Kind.PERSON, N_("Observer"),
          help=N_("Left empty, whoever enters it.")),
    Field("held_on", Kind.DATE, N_("Held on"), True),
    title=N_("Arrange a drill"),
)


def arrange_drill(
    session: Session, actor: Actor, values: Mapping[str, Any], _origin: Any
) -> Drill:
    """Create a drill; what it was arranged from, such as a script, is linked with it."""
    return create(session, actor, Drill, {
        name: value for name, value in values.items() if value not in (None, "")})


def _drill_defaults(_session: Session, _actor: Actor, origin: Any) -> Mapping[str, Any]:
    title = getattr(origin, "title", "")
    return {"subject": title[:160], "held_on": local_today()}


ABILITIES = [
    Ability(name=BOOK_TUTORING, title=N_("Book tutoring"), view=TUTORING, permission="can_add",
            form=_FORM, run=book_tutoring, icon="user-heart"),
    Ability(name=ARRANGE_DRILL, title=N_("Arrange a drill"), view=DRILL, permission="can_add",
            form=_DRILL_FORM, run=arrange_drill, defaults=_drill_defaults, icon="microphone"),
]
# Scripts of callbacks, where that plugin is there.
ACTIONS = [RecordAction(record_type="callbacks.script", ability=ARRANGE_DRILL,
                        label=N_("Practise this script"))]
