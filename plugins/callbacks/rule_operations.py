"""By which rules the rules that make callbacks are written, switched on and switched off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.records import RecordOperations
from app.sdk.services import Actor
from app.sdk.workflow import Message
from plugins.callbacks.models import Rule
from plugins.callbacks.services import script_for


class RuleOperations(RecordOperations):
    """Operations on the rules that make callbacks."""

    required = ("name", "trigger")

    def validate(
        self, session: Session, actor: Actor, record: Rule | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse days out of range, an unknown script, and an active rule for nobody."""
        errors = super().validate(session, actor, record, values)
        held = {name: values.get(name, getattr(record, name, None)) for name in
                ("days", "window_days", "script_code", "active", "team_id", "department_id")}
        if not 0 <= (held["days"] or 0) <= 365:
            errors["days"] = Message(N_("Enter 0 to 365 days."))
        if held["window_days"] is not None and not 1 <= held["window_days"] <= 90:
            errors["window_days"] = Message(N_("Enter 1 to 90 days."))
        if held["script_code"] and script_for(session, held["script_code"], "zh") is None:
            errors["script_code"] = Message(N_("There is no script in force with this code."))
        place = held["team_id"] or held["department_id"]
        if record is None:
            place = place or actor.team_id or actor.department_id
        if held["active"] and not place:
            errors["department_id"] = Message(
                N_("Name the department or team that makes the callbacks."))
        return errors
