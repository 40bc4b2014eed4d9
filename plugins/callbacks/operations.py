"""By which rules callbacks are written, on every way in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.abilities import call
from app.sdk.errors import CarelineError, Invalid, Rejected
from app.sdk.events import emit
from app.sdk.models import Customer, Vehicle
from app.sdk.records import (
    AvailableAction,
    Done,
    WorkflowOperations,
    changed_together,
    operations_of,
)
from app.sdk.services import SYSTEM, Actor, lock, lock_many, utcnow, write
from app.sdk.workflow import Choice, Field, Form, Kind, Message, Section
from plugins.callbacks import script_text
from plugins.callbacks.choices import (
    CHANNELS,
    CONTACT_PURPOSES,
    PHONE,
    PURPOSE_OF_CODE,
    RATED_PURPOSES,
    SATISFACTIONS,
)
from plugins.callbacks.contact_rules import note_try, verdict_of
from plugins.callbacks.corrections.operations import CORRECT, correction_of, enter_correction
from plugins.callbacks.models import CallbackPurpose, Script, Task
from plugins.callbacks.rules import Meaning, Next, after_contact
from plugins.callbacks.services import meaning_of
from plugins.callbacks.workflow import VIEW

ANSWERED = "callbacks.answered"
CONTACT = "record_contact"
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
@changed_together
class TaskOperations(WorkflowOperations):
    """Operations on callbacks."""

    required = ("customer_id", "subject", "contact")
    reassign_permission = ("can_reassign", VIEW)
    owner_permission = ("can_edit", VIEW)
    step_columns = frozenset({
        "answers", "tries", "last_tried_at", "days_to_first", "was_reached", "next_contact_at",
        "outcome_id", "identity_checked", "minutes", "satisfaction", "suggestion", "summary",
        "closed_at", "started_at", "inbound", "assigned_because",
    })
    action_icons = {"start": "player-play", "ring_back": "phone-incoming",
                    "put_back": "arrow-back-up", "cancel": "circle-x", "reopen": "rotate"}

    def assign_many(
        self, session: Session, actor: Actor, chosen: Sequence[tuple[Task, int, Message]]
    ) -> list[bool]:
        """Give callbacks that belong to nobody to people; return which of them were given.

        Those that somebody has taken or closed meanwhile, and those that a plugin refuses, are left
        as they are.

        Args:
            session: session with a running write.
            actor: who shares out.
            chosen: some hundreds of callbacks, each with the person and with the reason that is
                shown on it.
        """
        lock_many(session, Task, [record for record, _, _ in chosen])
        free = {
            place: (record, {"owner_id": owner_id, "assigned_because": {
                **because(owner_id, why), "shared_out": True}})
            for place, (record, owner_id, why) in enumerate(chosen)
            if record.owner_id is None and record.is_open and not record.is_away}
        stored = dict(zip(free, self._store_many(session, actor, list(free.values())), strict=True))
        return [place in stored and not isinstance(stored[place], CarelineError)
                for place in range(len(chosen))]

    def prepare(
        self, session: Session, actor: Actor, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Fill in name and number of the customer, and a subject from the purpose."""
        given = {name: value for name, value in values.items() if value not in (None, "")}
        customer = session.get(Customer, given["customer_id"]) if "customer_id" in given else None
        if customer is not None:
            given.setdefault("customer_name", customer.name)
            given.setdefault("contact", customer.phone)
        purpose = session.get(CallbackPurpose, given.get("purpose_id") or 0)
        if purpose is not None:
            given.setdefault("subject", purpose.titled("zh"))
            given.setdefault("contact_purpose", PURPOSE_OF_CODE.get(purpose.code, "service"))
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
        if values.get("channel", PHONE) not in dict(CHANNELS):
            errors["channel"] = Message(N_("Choose one of the values offered."))
        if values.get("contact_purpose", "service") not in dict(CONTACT_PURPOSES):
            errors["contact_purpose"] = Message(N_("Choose one of the values offered."))
        if values.get("script_id"):
            script = session.get(Script, values["script_id"])
            if script is None or script.state != "in_force":
                errors["script_id"] = Message(N_("Choose a script that is in force."))
        return errors

    def _implied(
        self, session: Session, actor: Actor, record: Task, values: Mapping[str, Any], reason: str
    ) -> Mapping[str, Any]:
        """Let whoever gets the callback by hand see by whom and why."""
        if values.get("owner_id") is None or "assigned_because" in values:
            return values
        return {**values, "assigned_because": because(values["owner_id"], Message(
            N_("Given by %(name)s. %(reason)s"), {"name": actor.name, "reason": reason}))}

    # --- the contacts --------------------------------------------------------------------------
    def actions(self, session: Session, actor: Actor, record: Task) -> Sequence[AvailableAction]:
        """Add the record of a contact to what the one who works on it can do."""
        found = list(super().actions(session, actor, record))
        if record.state == "working" and record.owner_id == actor.user_id and not record.is_away:
            found.insert(0, AvailableAction(
                name=CONTACT, label=N_("Record the contact"), icon="phone-check",
                form=CONTACT_FORM, permission=("can_edit", VIEW), primary=True,
            ))
        if record.state == "closed" and not record.is_away:
            found.append(correction_of(record))
        return found

    def carry_out(
        self, session: Session, actor: Actor, record: Task, name: str, values: Mapping[str, Any]
    ) -> Done:
        """Record a contact; the rule of its outcome decides what follows."""
        if name == CORRECT:
            return enter_correction(session, actor, record, values)
        if name != CONTACT:
            return super().carry_out(session, actor, record, name, values)
        meaning = meaning_of(session, values["outcome_id"])
        if meaning is None:
            raise Invalid({"outcome_id": Message(
                N_("Nobody has said what this outcome means: it needs a rule."))})
        now, agreed = utcnow(), values.get("next_contact_at")
        errors = missing_of_contact(record, meaning, values)
        if agreed is not None and agreed <= now:
            errors["next_contact_at"] = Message(N_("Choose a time to come."))
        if errors:
            raise Invalid(errors)
        decision = after_contact(meaning, record.tries + 1, now, agreed)
        note_try(session, actor, record, meaning.reached)
        if meaning.do_not_call:
            _stop_contact(session, record)
        stored = {
            name: values[name] for name in
            ("satisfaction", "summary", "suggestion", "minutes", "identity_checked")
            if values.get(name) not in (None, "", False)
        }
        self.store(session, actor, record, {
            **stored, "outcome_id": values["outcome_id"], "tries": record.tries + 1,
            "last_tried_at": now, "days_to_first": days_to_first(record, now),
            "was_reached": meaning.reached,
            "next_contact_at": _opening(session, record, decision.at, agreed is not None),
        })
        super().act(session, SYSTEM, record, decision.next.value)
        if meaning.finished and meaning.reached:
            emit(session, ANSWERED, record, {
                "satisfaction": record.satisfaction, "source_type": record.source_type,
                "source_id": record.source_id or 0}, by=actor)
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


def because(owner_id: int, message: Message) -> dict[str, Any]:
    """Return why somebody owns a callback, as ``assigned_because`` holds it.

    Args:
        owner_id: the person; when another one owns it, the reason does not count any more.
        message: the reason.
    """
    return {"owner": owner_id, "text": message.msgid, "values": dict(message.params)}


def days_to_first(record: Task, now: dt.datetime) -> int:
    """Return the whole days from when a callback was due to its first contact.

    What was counted at the first contact holds for the later ones, also after a reopening.

    Args:
        record: the callback, before the contact is counted.
        now: when the contact was made, aware.
    """
    if record.days_to_first is not None:
        return record.days_to_first
    due = record.due_from or record.created_at
    return max((now - due) // dt.timedelta(days=1), 0)


def missing_of_contact(
    record: Task, meaning: Meaning, values: Mapping[str, Any]
) -> dict[str, Message]:
    """Return what a finished callback still lacks, by column.

    The record of a conversation is complete before it closes; a message that was sent has none.

    Args:
        record: the callback.
        meaning: of the outcome.
        values: of the form of a contact.
    """
    if not meaning.finished or not meaning.human:
        return {}
    asked = {
        "identity_checked": N_("Check first whom you speak to."),
        "summary": N_("Write down what was said."),
        "minutes": N_("Enter how long it took."),
    }
    if record.contact_purpose in RATED_PURPOSES:
        asked["satisfaction"] = N_("Ask how satisfied the customer is.")
    return {name: Message(text) for name, text in asked.items()
            if _is_missing(values.get(name)) and _is_missing(getattr(record, name))}


def _is_missing(value: Any) -> bool:
    return value in (None, "") or value is False


def _opening(
    session: Session, record: Task, at: dt.datetime | None, agreed: bool
) -> dt.datetime | None:
    """Return when the next contact is due: not before the rules of contact allow it.

    Raises:
        Invalid: a time was agreed at which the customer is not contacted.
    """
    if at is None:
        return None
    verdict = verdict_of(session, record, at)
    if verdict.allowed:
        return at
    if agreed and verdict.reason is not None:
        raise Invalid({"next_contact_at": verdict.reason})
    return verdict.opens_at or at


def _stop_contact(session: Session, record: Task) -> None:
    """Let nobody contact the customer for this purpose any more."""
    call(session, SYSTEM, "customers.do_not_contact", {
        "customer_id": record.customer_id, "purpose": record.contact_purpose,
        "reason": f"{record.number}: {record.subject}"[:200]}, origin=record)


def task_operations() -> TaskOperations:
    """Return the operations on callbacks."""
    found = operations_of(Task)
    assert isinstance(found, TaskOperations)
    return found
