"""By which rules the rules that make callbacks are written, switched on and switched off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.errors import Invalid
from app.sdk.people import members
from app.sdk.records import AvailableAction, Changes, Done, RecordOperations, act, update
from app.sdk.services import SYSTEM, Actor, is_present, utcnow
from app.sdk.workflow import Choice, Field, Form, Kind, Message, Section
from plugins.callbacks.choices import CHANNELS, CONTACT_PURPOSES, LANGUAGES
from plugins.callbacks.generation import rehearse
from plugins.callbacks.models import Rule, Task
from plugins.callbacks.services import script_for
from plugins.callbacks.triggers import triggers
from plugins.callbacks.workflow import TRIGGER_VIEW

LEAVE, ADAPT, CANCEL = "leave", "adapt", "cancel"
REHEARSE, SWITCH_ON, SWITCH_OFF = "rehearse", "switch_on", "switch_off"
_LEAVE = Choice(LEAVE, N_("Leave them as they are"))
_ON_FORM = Form(SWITCH_ON, N_("Switch on"), (Section("main", "", (
    Field("open_tasks", Kind.CHOICE, N_("Callbacks of this rule that are not begun"), True,
          choices=(_LEAVE, Choice(ADAPT, N_("Give them the script, channel and priority of now"))),
          default=LEAVE),
)),))
_OFF_FORM = Form(SWITCH_OFF, N_("Switch off"), (Section("main", "", (
    Field("open_tasks", Kind.CHOICE, N_("Callbacks of this rule that are not begun"), True,
          choices=(_LEAVE, Choice(CANCEL, N_("Cancel them"))), default=LEAVE),
)),))
_KNOWN = {"channel": CHANNELS, "language": LANGUAGES, "contact_purpose": CONTACT_PURPOSES}
_OWN = frozenset({"active", "rehearsed_at", "rehearsal"})


class RuleOperations(RecordOperations):
    """Operations on the rules that make callbacks.

    A rule is rehearsed before it is switched on, and switched off before it is changed; both say
    what happens to the callbacks that it has made and nobody has begun.
    """

    required = ("name", "trigger")
    step_columns = _OWN

    def refuse_change(self, session: Session, actor: Actor, record: Rule) -> Message | None:
        """What makes callbacks now is not changed in passing."""
        if record.active:
            return Message(N_("Switch the rule off before you change it."))
        return super().refuse_change(session, actor, record)

    def refuse_delete(self, session: Session, actor: Actor, record: Rule) -> Message | None:
        """Nor is it deleted."""
        if record.active:
            return Message(N_("Switch the rule off before you delete it."))
        return super().refuse_delete(session, actor, record)

    def validate(
        self, session: Session, actor: Actor, record: Rule | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse days out of range, unknown values, scripts and skills."""
        errors = super().validate(session, actor, record, values)
        if "trigger" in values and values["trigger"] not in dict(triggers()):
            errors["trigger"] = Message(N_("Choose one of the values offered."))
        for name, known in _KNOWN.items():
            if values.get(name, known[0][0]) not in dict(known):
                errors[name] = Message(N_("Choose one of the values offered."))
        if not 0 <= (values.get("days") or 0) <= 365:
            errors["days"] = Message(N_("Enter 0 to 365 days."))
        if values.get("window_days") is not None and not 1 <= values["window_days"] <= 90:
            errors["window_days"] = Message(N_("Enter 1 to 90 days."))
        code, language = (values.get(name) or getattr(record, name, "") for name in (
            "script_code", "language"))
        named = {"script_code", "language"}.intersection(values)
        if named and code and script_for(session, code, language or "zh") is None:
            errors["script_code"] = Message(N_("There is no script in force with this code."))
        if values.get("skill") and not members(session, skill=values["skill"], present=False):
            errors["skill"] = Message(N_("Nobody has a skill with this code."))
        return errors

    def store(
        self, session: Session, actor: Actor, record: Rule, values: Mapping[str, Any],
        *, reason: str = "",
    ) -> Changes:
        """Write columns; a changed rule has to be rehearsed anew."""
        if not _OWN.issuperset(values):
            values = {**values, "rehearsed_at": None, "rehearsal": {}}
        return super().store(session, actor, record, values, reason=reason)

    # --- actions -------------------------------------------------------------------------------
    def actions(self, session: Session, actor: Actor, record: Rule) -> Sequence[AvailableAction]:
        """Return the rehearsal, and whether the rule can be switched on or off."""
        if record.is_away:
            return ()
        right = ("can_edit", TRIGGER_VIEW)
        if record.active:
            return [AvailableAction(
                name=SWITCH_OFF, label=N_("Switch off"), icon="player-pause", form=_OFF_FORM,
                permission=right)]
        rehearsed = record.rehearsed_at is not None
        return [
            AvailableAction(name=REHEARSE, label=N_("Rehearse on the last 30 days"), icon="history",
                            permission=right, primary=not rehearsed),
            AvailableAction(name=SWITCH_ON, label=N_("Switch on"), icon="player-play",
                            form=_ON_FORM, permission=right, primary=rehearsed,
                            blocked=None if rehearsed else Message(N_("Rehearse the rule first."))),
        ]

    def carry_out(
        self, session: Session, actor: Actor, record: Rule, name: str, values: Mapping[str, Any]
    ) -> Done:
        """Rehearse the rule, or switch it on or off."""
        if name == REHEARSE:
            result = rehearse(session, record, utcnow())
            self.store(session, actor, record, {"rehearsed_at": utcnow(), "rehearsal": result})
            return Done(Message(N_("It would have made %(made)s callbacks in 30 days."),
                                {"made": result["made"]}))
        if name == SWITCH_ON:
            return self._switch_on(session, actor, record, values["open_tasks"])
        if name == SWITCH_OFF:
            self.store(session, actor, record, {"active": False})
            number = self._cancel(session, record) if values["open_tasks"] == CANCEL else 0
            return Done(Message(N_("The rule is off; %(number)s callbacks were cancelled."),
                                {"number": number}))
        return super().carry_out(session, actor, record, name, values)

    def _switch_on(
        self, session: Session, actor: Actor, record: Rule, open_tasks: str
    ) -> Done:
        if not record.team_id and not record.department_id:
            raise Invalid({"": Message(
                N_("Name the department or team that makes the callbacks."))})
        self.store(session, actor, record, {"active": True})
        number = self._adapt(session, record) if open_tasks == ADAPT else 0
        return Done(Message(N_("The rule is on; %(number)s callbacks were adapted."),
                            {"number": number}))

    @staticmethod
    def _not_begun(session: Session, rule: Rule) -> Sequence[Task]:
        return session.scalars(select(Task).where(
            Task.rule_id == rule.id, Task.state == "open", is_present(Task))).all()

    def _cancel(self, session: Session, rule: Rule) -> int:
        found = self._not_begun(session, rule)
        for task in found:
            act(session, SYSTEM, task, "cancel", {"cancel_reason": str(rule)})
        return len(found)

    def _adapt(self, session: Session, rule: Rule) -> int:
        script = script_for(session, rule.script_code, rule.language) if rule.script_code else None
        found = self._not_begun(session, rule)
        for task in found:
            update(session, SYSTEM, task, {
                "script_id": script.id if script else None, "channel": rule.channel,
                "priority": rule.priority, "contact_purpose": rule.contact_purpose,
                "skill": rule.skill, "purpose_id": rule.purpose_id})
        return len(found)
