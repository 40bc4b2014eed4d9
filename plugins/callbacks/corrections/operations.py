"""By which rules wrong answers are entered and corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.errors import Rejected
from app.sdk.events import emit
from app.sdk.records import AvailableAction, Done, RecordOperations, operations_of
from app.sdk.services import (
    Actor,
    is_present,
    notice_kinds,
    scope_filter,
    tell,
    utcnow,
    who_lead,
    write,
)
from app.sdk.workflow import Choice, Field, Form, Kind, Message, Section
from plugins.callbacks.corrections.calls import is_named, make_calls, to_call
from plugins.callbacks.corrections.choices import (
    CORRECTION_VIEW,
    FINDERS,
    MAY_CALL,
    WRONG_ANSWER,
)
from plugins.callbacks.models import Correction, Task
from plugins.callbacks.settings import setting

CALL_AGAIN, CORRECT = "call_again", "correct"
CORRECT_FORM = Form(CORRECT, N_("A wrong answer was given"), (Section("main", "", (
    Field("wrong_answer", Kind.LONG_TEXT, N_("Wrong answer"), True, length=2000),
    Field("right_answer", Kind.LONG_TEXT, N_("Right answer"), True, length=2000),
    Field("found_by", Kind.CHOICE, N_("Found by"), True, default="agent",
          choices=tuple(Choice(value, label) for value, label in FINDERS)),
)),))
_WHO = ("customer_id", "callback_number", "script_id", "purpose_id", "agent_id", "first_day",
        "last_day")


class CorrectionOperations(RecordOperations):
    """Operations on corrections."""

    required = ("subject", "wrong_answer", "right_answer")
    step_columns = frozenset({"called_at", "calls"})

    def create(
        self, session: Session, actor: Actor, values: Mapping[str, Any], *, reason: str = ""
    ) -> Any:
        """Enter a wrong answer; everybody who got it is called, or who leads is asked to decide.

        Where the product enters it, it names the receivers afterwards and begins the calls then.
        """
        with write(session):
            record = super().create(session, actor, values, reason=reason)
            if not actor.is_system:
                begin_by_itself(session, actor, record)
            giver = record.agent_id or session.scalar(select(Task.owner_id).where(
                Task.number == record.callback_number))
            if giver is not None and not actor.is_system:
                emit(session, WRONG_ANSWER, record,
                     {"user_id": giver, "found_by": record.found_by}, by=actor)
        return record

    def prepare(
        self, session: Session, actor: Actor, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Fill in a subject from the right answer."""
        given = dict(super().prepare(session, actor, values))
        if not given.get("subject"):
            given["subject"] = (given.get("right_answer") or "").strip()[:60]
        return given

    def validate(
        self, session: Session, actor: Actor, record: Correction | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Ask what was wrong and who got it; refuse callbacks that the actor does not see."""
        errors = super().validate(session, actor, record, values)
        held = {name: values.get(name, getattr(record, name, None)) for name in (
            *_WHO, "wrong_answer", "right_answer", "found_by")}
        for name, text in (("wrong_answer", N_("Write down what was said.")),
                           ("right_answer", N_("Write down what is right."))):
            if not held[name]:
                errors[name] = Message(text)
        if held["found_by"] not in (None, *dict(FINDERS)):
            errors["found_by"] = Message(N_("Choose one of the values offered."))
        # The product names the receivers one by one, see ``corrections.articles``.
        is_entered_by_product = actor.is_system or (
            record is not None and is_named(session, record))
        if not is_entered_by_product and not any(held[name] for name in _WHO):
            errors["callback_number"] = Message(
                N_("Say who got the answer: a customer, a callback, or what the callbacks share."))
        if held["first_day"] and held["last_day"] and held["first_day"] > held["last_day"]:
            errors["last_day"] = Message(N_("The end lies before the beginning."))
        if values.get("callback_number") and not session.scalar(select(Task.id).where(
                Task.number == values["callback_number"], is_present(Task),
                scope_filter(actor, Task, indexed=False))):
            errors["callback_number"] = Message(N_("There is no callback with this number."))
        return errors

    def actions(
        self, session: Session, actor: Actor, record: Correction
    ) -> Sequence[AvailableAction]:
        """Return the making of the calls; done again, it calls those who have been found since."""
        if record.is_away:
            return ()
        return [AvailableAction(
            name=CALL_AGAIN, label=N_("Make the correction calls"), icon="phone-outgoing",
            confirm=N_("Make a callback for each customer who got the wrong answer?"),
            permission=MAY_CALL, primary=record.called_at is None)]

    def carry_out(
        self, session: Session, actor: Actor, record: Correction, name: str,
        values: Mapping[str, Any],
    ) -> Done:
        """Make the calls."""
        made = self.call(session, actor, record)
        if not made:
            raise Rejected(Message(N_("There is nobody left to be called.")))
        return Done(Message(N_("%(number)s correction calls were made."), {"number": made}))

    def call(self, session: Session, actor: Actor, record: Correction) -> int:
        """Make the calls that are not made yet, and note it; return how many were made."""
        made = make_calls(session, actor, record)
        if made:
            self.store(
                session, actor, record, {"called_at": utcnow(), "calls": record.calls + made})
        return made


def begin_by_itself(session: Session, actor: Actor, correction: Correction) -> int:
    """Make the correction calls at once where they are few enough, else ask who leads to decide.

    Args:
        session: session with a running write.
        actor: who has found the wrong answer; may be anybody, for that it was found decides (B7).
        correction: what was wrong; its receivers are known.

    Returns:
        How many calls were made.
    """
    waiting = len(to_call(session, correction))
    if 0 < waiting <= setting(session, "correction_calls"):
        operations = operations_of(Correction)
        assert isinstance(operations, CorrectionOperations)
        return operations.call(session, actor, correction)
    tell(session, who_lead(session, correction.department_id), notice_kinds.WAITING,
         N_("A wrong answer was given: %(subject)s. Decide on the correction calls."),
         values={"subject": correction.subject}, record=correction, by=actor.user_id,
         by_name=actor.name)
    return 0


# --- on the page of a callback ------------------------------------------------------------------
def correction_of(record: Task) -> AvailableAction:
    """Return the entry of a wrong answer that was given in a callback."""
    return AvailableAction(
        name=CORRECT, label=N_("Correct a wrong answer"), icon="message-2-exclamation",
        form=CORRECT_FORM, permission=("can_add", CORRECTION_VIEW))


def enter_correction(
    session: Session, actor: Actor, record: Task, values: Mapping[str, Any]
) -> Done:
    """Enter a wrong answer given in a callback; its call is made at once, or when it is decided.

    Args:
        session: session with a running write.
        actor: who has found it.
        record: the callback.
        values: of ``CORRECT_FORM``.
    """
    operations = operations_of(Correction)
    correction = operations.create(session, actor, {
        "callback_number": record.number,
        **{name: values[name] for name in ("wrong_answer", "right_answer", "found_by")}})
    if actor.can(*MAY_CALL) and to_call(session, correction):
        return Done(operations.act(session, actor, correction, CALL_AGAIN).message, correction)
    if correction.calls:
        return Done(Message(N_("%(number)s correction calls were made."),
                            {"number": correction.calls}), correction)
    return Done(Message(N_("The wrong answer is entered.")), correction)
