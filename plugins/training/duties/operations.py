"""By which rules the rules of duties are written, on every way in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.people import local_today
from app.sdk.records import RecordOperations
from app.sdk.services import Actor
from app.sdk.workflow import Message
from plugins.training.courses.models import Course
from plugins.training.duties.models import DutyRule
from plugins.training.shared import number_problems


class DutyRuleOperations(RecordOperations):
    """Operations on rules that say who must learn what."""

    required = ("name", "course_id")

    def prepare(
        self, session: Session, actor: Actor, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Name a rule after its course, and let it begin today."""
        given = {name: value for name, value in values.items() if value not in (None, "")}
        course = session.get(Course, given.get("course_id") or 0)
        if course is not None:
            given.setdefault("name", course.name)
        given.setdefault("starts_on", local_today())
        return given

    def validate(
        self, session: Session, actor: Actor, record: DutyRule | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse numbers that make no sense."""
        errors = super().validate(session, actor, record, values) | number_problems(values, {
            "tenure_from": (0, 600), "tenure_until": (0, 600), "days": (0, 3650),
            "place": (0, 1000)})
        begin, end = (values.get(name, getattr(record, name, None))
                      for name in ("tenure_from", "tenure_until"))
        if end is not None and end <= (begin or 0):
            errors["tenure_until"] = Message(N_("The end lies before the beginning."))
        return errors
