"""By which rules the rules of tutoring are written, on every way in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.records import RecordOperations, is_empty
from app.sdk.services import Actor
from app.sdk.workflow import Message
from plugins.training.choices import APPRAISAL_EXCELLENT, OCCASIONS
from plugins.training.shared import number_problems
from plugins.training.tutoring.models import TutoringRule


class TutoringRuleOperations(RecordOperations):
    """Operations on rules by which events book tutoring."""

    required = ("name", "occasion", "goal")

    def validate(
        self, session: Session, actor: Actor, record: TutoringRule | None,
        values: Mapping[str, Any],
    ) -> dict[str, Message]:
        """Refuse unknown occasions, an offer without a course, and numbers that make no sense."""
        errors = super().validate(session, actor, record, values) | number_problems(
            values, {"days": (1, 365), "times": (1, 50), "within_days": (1, 730)})
        if record is None:
            errors |= {name: Message(N_("This must be filled in.")) for name in self.required
                       if is_empty(values.get(name))}
        occasion, course_id = (values.get(name, getattr(record, name, None))
                               for name in ("occasion", "course_id"))
        if occasion and occasion not in dict(OCCASIONS):
            errors["occasion"] = Message(N_("There is no such occasion."))
        if occasion == APPRAISAL_EXCELLENT and course_id is None:
            errors["course_id"] = Message(N_("Choose the course that is offered."))
        return errors
