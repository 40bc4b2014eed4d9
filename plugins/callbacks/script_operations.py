"""By which rules scripts and the rules of outcomes are written, on every way in."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.records import (
    AvailableAction,
    Done,
    RecordOperations,
    WorkflowOperations,
    create,
    held_value,
)
from app.sdk.services import Actor
from app.sdk.workflow import Message
from plugins.callbacks import script_text
from plugins.callbacks.models import OutcomeRule, Script
from plugins.callbacks.services import meaning_from
from plugins.callbacks.workflow import SCRIPT_VIEW

NEW_VERSION = "new_version"
_FLAGS = ("reached", "human", "do_not_call", "unworkable", "call_again", "finished",
          "delay_minutes", "most_tries")
_CONTRADICTIONS = {
    "reached": N_("Who was reached has answered: mark it as answered by a person too."),
    "call_again": N_("Say either that another contact follows, or how the callback ends."),
    "finished": N_("A callback is not finished by somebody else who answers, nor by what ends it "
                   "otherwise."),
}


class OutcomeRuleOperations(RecordOperations):
    """Operations on the rules of outcomes."""

    required = ("outcome_id",)

    def validate(
        self, session: Session, actor: Actor, record: OutcomeRule | None,
        values: Mapping[str, Any],
    ) -> dict[str, Message]:
        """Refuse flags that contradict each other, and numbers that make no sense."""
        errors = super().validate(session, actor, record, values)
        held = {name: values.get(name, held_value(record, name) if record else None)
                for name in _FLAGS}
        held = {name: _default(name) if value is None else value for name, value in held.items()}
        if held["most_tries"] < 1:
            errors["most_tries"] = Message(N_("There is one contact at least."))
        if not 1 <= held["delay_minutes"] <= _LONGEST_DELAY:
            errors["delay_minutes"] = Message(N_("Enter 1 minute to 90 days."))
        if not errors:
            meaning = meaning_from(types.SimpleNamespace(**held))
            errors |= {name: Message(_CONTRADICTIONS[name]) for name in meaning.contradictions()}
        return errors


_LONGEST_DELAY = 90 * 24 * 60


def _default(name: str) -> Any:
    return inspect(OutcomeRule).columns[name].default.arg


class ScriptOperations(WorkflowOperations):
    """Operations on scripts: only a draft is changed, later texts are a new version."""

    required = ("name", "code", "text")
    step_columns = frozenset({"approver_id", "approved_at"})
    action_icons = {"approve": "check", "send_back": "arrow-back-up", "put_in_force": "player-play",
                    "retire": "archive"}

    def prepare(
        self, session: Session, actor: Actor, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Number the version after those that there are of the same code and language."""
        given = dict(values)
        given["language"] = given.get("language") or "zh"
        given["edition"] = 1 + (session.scalar(select(func.max(Script.edition)).where(
            Script.code == given.get("code"), Script.language == given["language"])) or 0)
        return given

    def refuse_change(self, session: Session, actor: Actor, record: Script) -> Message | None:
        """What was approved says what was approved."""
        if record.state != "draft":
            return Message(N_("Only a draft is changed: make a new version."))
        return super().refuse_change(session, actor, record)

    def validate(
        self, session: Session, actor: Actor, record: Script | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse a text that is no script, or that asks for more than its limit."""
        errors = super().validate(session, actor, record, values)
        if record is not None and "edition" in values:
            errors["edition"] = Message(N_("The number of the version is given by the product."))
        told = [values.get(name, getattr(record, name, "")) or ""
                for name in ("wrong_answer", "right_answer")]
        if any(told) and not all(told):
            missing = "right_answer" if told[0] else "wrong_answer"
            errors[missing] = Message(
                N_("Write down both: what was wrong, and what is right."))
        text = values.get("text", record.text if record else "") or ""
        most = values.get("most_questions", record.most_questions if record else None) or 8
        try:
            longest = script_text.longest_way(script_text.read(text))
        except script_text.BadScript as error:
            errors["text"] = error.problems[0]
        else:
            if longest > most:
                errors["text"] = Message(
                    N_("One call may ask %(longest)s questions, the limit is %(most)s."),
                    {"longest": longest, "most": most})
        return errors

    def actions(
        self, session: Session, actor: Actor, record: Script
    ) -> Sequence[AvailableAction]:
        """Add the new version of a script that is not changed any more."""
        found = list(super().actions(session, actor, record))
        if record.state != "draft" and not record.is_away:
            found.append(AvailableAction(
                name=NEW_VERSION, label=N_("New version"), icon="copy",
                permission=("can_add", SCRIPT_VIEW),
            ))
        return found

    def carry_out(
        self, session: Session, actor: Actor, record: Script, name: str,
        values: Mapping[str, Any],
    ) -> Done:
        """Make a draft with the text of this version."""
        if name != NEW_VERSION:
            return super().carry_out(session, actor, record, name, values)
        copied = ("name", "code", "language", "purpose_id", "text", "most_minutes",
                  "most_questions")
        made = create(session, actor, Script, {one: getattr(record, one) for one in copied})
        return Done(Message(N_("%(number)s is the draft of version %(version)s."),
                            {"number": made.number, "version": made.edition}))
