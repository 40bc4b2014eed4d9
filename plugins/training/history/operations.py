"""By which rules earlier results and tutoring are written, on every way in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.people import local_today
from app.sdk.records import AvailableAction, Done, RecordOperations
from app.sdk.services import Actor
from app.sdk.workflow import Choice, Field, Form, Kind, Message
from plugins.training.access import TUTORING
from plugins.training.choices import TUTORING_STATES
from plugins.training.courses.models import Course
from plugins.training.history.models import EarlierResult, Tutoring
from plugins.training.shared import belongs_to

CLOSE = "close"
_CLOSE_FORM = Form.of(
    "close",
    Field("status", Kind.CHOICE, N_("Outcome"), True,
          choices=tuple(Choice(*pair) for pair in TUTORING_STATES[1:])),
    Field("outcome", Kind.LONG_TEXT, N_("What came of it"), True, length=2000),
    title=N_("Close the tutoring"),
)


class OfLearner(RecordOperations):
    """A record of one person belongs to that person's department and team."""

    def prepare(
        self, session: Session, actor: Actor, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Put the record where the learner is."""
        return {**values, **belongs_to(session, values.get("owner_id"))}

    def validate(
        self, session: Session, actor: Actor, record: Any | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Ask for the learner."""
        errors = super().validate(session, actor, record, values)
        if record is None and values.get("owner_id") is None:
            errors["owner_id"] = Message(N_("Choose the learner."))
        return errors


class EarlierResultOperations(OfLearner):
    """Operations on earlier results."""

    required = ("owner_id", "course_name", "held_on")

    def prepare(
        self, session: Session, actor: Actor, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Find the course of the same name or code."""
        given = super().prepare(session, actor, values)
        name = given.get("course_name")
        if name and not given.get("course_id"):
            given["course_id"] = session.scalar(select(Course.id).where(
                (Course.name == name) | (Course.code == name)).order_by(Course.id).limit(1))
        return given

    def validate(
        self, session: Session, actor: Actor, record: EarlierResult | None,
        values: Mapping[str, Any],
    ) -> dict[str, Message]:
        """Refuse days to come and scores that are none."""
        errors = super().validate(session, actor, record, values)
        if values.get("held_on") is not None and values["held_on"] > local_today():
            errors["held_on"] = Message(N_("This day lies ahead."))
        score = values.get("percent")
        if score is not None and not 0 <= score <= 100:
            errors["percent"] = Message(N_("Enter %(low)s to %(high)s."),
                                        {"low": "0", "high": "100"})
        return errors


class TutoringOperations(OfLearner):
    """Operations on tutoring."""

    required = ("owner_id", "goal", "starts_on", "until_on")
    step_columns = frozenset({"status", "outcome"})

    def validate(
        self, session: Session, actor: Actor, record: Tutoring | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse a time that runs backwards, and a tutor who is the learner."""
        errors = super().validate(session, actor, record, values)
        held = {name: values.get(name, getattr(record, name, None))
                for name in ("starts_on", "until_on", "owner_id", "tutor_id")}
        if held["starts_on"] and held["until_on"] and held["until_on"] < held["starts_on"]:
            errors["until_on"] = Message(N_("The end lies before the beginning."))
        if held["tutor_id"] is not None and held["tutor_id"] == held["owner_id"]:
            errors["tutor_id"] = Message(N_("Nobody tutors themselves."))
        return errors

    def refuse_change(self, session: Session, actor: Actor, record: Tutoring) -> Message | None:
        """What is closed says what came of it."""
        if record.status != "open":
            return Message(N_("The tutoring is closed."))
        return super().refuse_change(session, actor, record)

    def actions(
        self, session: Session, actor: Actor, record: Tutoring
    ) -> Sequence[AvailableAction]:
        """Return that open tutoring is closed with a result, by somebody else."""
        if record.is_away or record.status != "open":
            return ()
        blocked = Message(N_("The tutor or a supervisor closes it.")) \
            if record.owner_id == actor.user_id else None
        return [AvailableAction(name=CLOSE, label=N_("Close"), icon="check", form=_CLOSE_FORM,
                                permission=("can_edit", TUTORING), primary=True, blocked=blocked)]

    def carry_out(
        self, session: Session, actor: Actor, record: Tutoring, name: str,
        values: Mapping[str, Any],
    ) -> Done:
        """Close the tutoring with its result."""
        self.store(session, actor, record, {
            "status": values["status"], "outcome": values["outcome"]})
        return Done(Message(N_("The tutoring is closed.")))
