"""By which rules callbacks, scripts and rules of outcomes are written, on every way in."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.errors import Invalid, Rejected
from app.sdk.models import Customer, Vehicle
from app.sdk.records import (
    AvailableAction,
    Done,
    RecordOperations,
    WorkflowOperations,
    create,
    held_value,
)
from app.sdk.services import SYSTEM, Actor, lock, utcnow, write
from app.sdk.workflow import Choice, Field, Form, Kind, Message, Section
from plugins.callbacks import script_text
from plugins.callbacks.choices import SATISFACTIONS
from plugins.callbacks.models import OutcomeRule, Purpose, Rule, Script, Task
from plugins.callbacks.rules import Meaning, Next, after_contact
from plugins.callbacks.services import meaning_from, meaning_of, script_for
from plugins.callbacks.workflow import SCRIPT_VIEW, VIEW

CONTACT = "record_contact"
NEW_VERSION = "new_version"
CONTACT_FORM = Form("record_contact", N_("Record the contact"), (Section("main", "", (
    Field("outcome_id", Kind.RECORD, N_("Outcome"), True, target="callbacks.outcome"),
    Field("identity_checked", Kind.BOOLEAN, N_("Identity checked")),
    Field("satisfaction", Kind.CHOICE, N_("Satisfaction"),
          choices=tuple(Choice(value, label) for value, label in SATISFACTIONS)),
    Field("summary", Kind.LONG_TEXT, N_("What was said (who, what, when, where, why, how)"),
          length=5000),
    Field("suggestion", Kind.LONG_TEXT, N_("Suggestion of the customer"), length=5000),
    Field("minutes", Kind.INTEGER, N_("Length in minutes"), minimum=0, maximum=600),
    Field("next_contact_at", Kind.DATETIME, N_("Next contact agreed for"),
          help=N_("Left empty, the rule of the outcome says when.")),
)),))
_FLAGS = ("reached", "human", "do_not_call", "unworkable", "call_again", "finished",
          "delay_minutes", "most_tries")
_CONTRADICTIONS = {
    "reached": N_("Who was reached has answered: mark it as answered by a person too."),
    "call_again": N_("Say either that another contact follows, or how the callback ends."),
    "finished": N_("A callback is finished only with a customer who was reached, and by nothing "
                   "else."),
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


class TaskOperations(WorkflowOperations):
    """Operations on callbacks."""

    required = ("customer_id", "subject", "contact")
    reassign_permission = ("can_reassign", VIEW)
    step_columns = frozenset({
        "answers", "tries", "last_tried_at", "next_contact_at", "outcome_id", "identity_checked",
        "minutes", "satisfaction", "suggestion", "summary", "closed_at",
    })
    action_icons = {"start": "player-play", "put_back": "arrow-back-up", "cancel": "circle-x",
                    "reopen": "rotate"}

    def refuse_owner(self, session: Session, record: Task, owner: Actor) -> Message | None:
        """Only who may work on callbacks owns one."""
        if not owner.can("can_edit", VIEW):
            return Message(N_("This person may not work on callbacks."))
        return None

    def prepare(
        self, session: Session, actor: Actor, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Fill in name and number of the customer, and a subject from the purpose."""
        given = {name: value for name, value in values.items() if value not in (None, "")}
        customer = session.get(Customer, given["customer_id"]) if "customer_id" in given else None
        if customer is not None:
            given.setdefault("customer_name", customer.name)
            given.setdefault("contact", customer.phone)
        purpose = session.get(Purpose, given["purpose_id"]) if "purpose_id" in given else None
        if purpose is not None:
            given.setdefault("subject", purpose.titled("zh"))
        given.setdefault("subject", given.get("customer_name", ""))
        return given

    def validate(
        self, session: Session, actor: Actor, record: Task | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Ask for a customer, and refuse a vehicle of somebody else and a window without time."""
        errors = super().validate(session, actor, record, values)
        held = {name: values.get(name, getattr(record, name, None)) for name in
                ("customer_id", "vehicle_id", "due_from", "due_until", "script_id")}
        if held["customer_id"] is None:
            errors["customer_id"] = Message(N_("Choose the customer."))
        vehicle = session.get(Vehicle, held["vehicle_id"]) if held["vehicle_id"] else None
        if vehicle is not None and vehicle.customer_id != held["customer_id"]:
            errors["vehicle_id"] = Message(N_("This vehicle belongs to another customer."))
        if held["due_from"] and held["due_until"] and held["due_from"] > held["due_until"]:
            errors["due_until"] = Message(N_("The end lies before the beginning."))
        if values.get("script_id"):
            script = session.get(Script, values["script_id"])
            if script is None or script.state != "in_force":
                errors["script_id"] = Message(N_("Choose a script that is in force."))
        return errors

    # --- the contacts --------------------------------------------------------------------------
    def actions(self, session: Session, actor: Actor, record: Task) -> Sequence[AvailableAction]:
        """Add the record of a contact to what the one who works on it can do."""
        found = list(super().actions(session, actor, record))
        if record.state == "working" and record.owner_id == actor.user_id and not record.is_away:
            found.insert(0, AvailableAction(
                name=CONTACT, label=N_("Record the contact"), icon="phone-check",
                form=CONTACT_FORM, permission=("can_edit", VIEW), primary=True,
            ))
        return found

    def carry_out(
        self, session: Session, actor: Actor, record: Task, name: str, values: Mapping[str, Any]
    ) -> Done:
        """Record a contact; the rule of its outcome decides what follows."""
        if name != CONTACT:
            return super().carry_out(session, actor, record, name, values)
        meaning = meaning_of(session, values["outcome_id"])
        if meaning is None:
            raise Invalid({"outcome_id": Message(
                N_("Nobody has said what this outcome means: it needs a rule."))})
        now, agreed = utcnow(), values.get("next_contact_at")
        errors = _missing_of_contact(record, meaning, values)
        if agreed is not None and agreed <= now:
            errors["next_contact_at"] = Message(N_("Choose a time to come."))
        if errors:
            raise Invalid(errors)
        decision = after_contact(meaning, record.tries + 1, now, agreed)
        stored = {
            name: values[name] for name in
            ("satisfaction", "summary", "suggestion", "minutes", "identity_checked")
            if values.get(name) not in (None, "", False)
        }
        self.store(session, actor, record, {
            **stored, "outcome_id": values["outcome_id"], "tries": record.tries + 1,
            "last_tried_at": now, "next_contact_at": decision.at,
        })
        super().act(session, SYSTEM, record, decision.next.value)
        return Done(_SENTENCES[decision.next])


    def answer(
        self, session: Session, actor: Actor, record: Task, name: str, answer: str
    ) -> None:
        """Store the answer to a question of the script; answers off the way are dropped.

        Args:
            session: session without unsaved changes, or within a write.
            actor: who makes the callback.
            record: the callback.
            name: name of the question; it is on the way that the answers so far take.
            answer: what was answered; empty for a sentence that was said.

        Raises:
            Rejected: somebody else makes the callback, or the question is not asked now.
            Invalid: it is no answer to the question.
        """
        with write(session):
            lock(session, record)
            if record.is_away or record.state != "working" or record.owner_id != actor.user_id:
                raise Rejected(Message(N_(
                    "Only the one who makes the callback fills in answers.")))
            script = script_text.read(record.script.text) if record.script else None
            asked = {one.name: one for one, _ in script_text.walk(script, record.answers)} \
                if script else {}
            question = asked.get(name)
            if script is None or question is None:
                raise Rejected(Message(N_("This question is not asked now.")))
            given = answer.strip()
            if not question.accepts(given):
                raise Invalid({"answer": Message(N_("This is no answer to the question."))})
            self.store(session, actor, record, {
                "answers": script_text.on_the_way(script, {**record.answers, name: given})})


_SENTENCES = {
    Next.WAIT: Message(N_("The contact is recorded; the callback waits for the next one.")),
    Next.GIVE_UP: Message(N_("The contact is recorded; the customer counts as unreachable.")),
    Next.CLOSE: Message(N_("The contact is recorded and the callback closed.")),
}


def _missing_of_contact(
    record: Task, meaning: Meaning, values: Mapping[str, Any]
) -> dict[str, Message]:
    """Return what a finished callback still lacks: the record is complete before it closes."""
    if not meaning.finished:
        return {}
    given = {name: values.get(name) or getattr(record, name)
             for name in ("identity_checked", "satisfaction", "summary")}
    errors = {}
    if not given["identity_checked"]:
        errors["identity_checked"] = Message(N_("Check first whom you speak to."))
    if not given["satisfaction"]:
        errors["satisfaction"] = Message(N_("Ask how satisfied the customer is."))
    if not given["summary"]:
        errors["summary"] = Message(N_("Write down what was said."))
    if values.get("minutes") is None and record.minutes is None:
        errors["minutes"] = Message(N_("Enter how long it took."))
    return errors
