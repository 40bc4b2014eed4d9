"""By which rules repair reports are written, and what their workflow names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.records import is_empty
from app.sdk.services import Actor, utcnow
from app.sdk.workflow import Message
from plugins.enquiries.access import REPAIR
from plugins.enquiries.choices import RESCUE
from plugins.enquiries.repairs.models import Repair
from plugins.enquiries.shared import FromCallerOperations, give, store, subject_of


class RepairOperations(FromCallerOperations):
    """Operations on repair reports and rescue calls."""

    required = ("situation",)
    owner_permission = ("can_edit", REPAIR)
    step_columns = frozenset({
        "responsible_department_id", "handler_id", "arrival", "result", "told", "done_at",
        "told_at"})
    action_icons = {"forward": "send", "accept": "hand-grab", "finish": "circle-check",
                    "tell": "phone-call", "cancel": "circle-x"}

    def prepare(
        self, session: Session, actor: Actor, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Fill in the caller, and a subject from plate, items and situation."""
        given = super().prepare(session, actor, values)
        given["subject"] = _subject(given)
        return given

    def validate(
        self, session: Session, actor: Actor, record: Repair | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Whoever is to be rescued has to be found."""
        errors = super().validate(session, actor, record, values)
        held = {name: values.get(name, getattr(record, name, "")) for name in ("kind", "place")}
        if held["kind"] == RESCUE and is_empty(held["place"]):
            errors["place"] = Message(N_("Say where help is needed."))
        return errors

    def follow(
        self, session: Session, actor: Actor, record: Repair, changes: Mapping[str, list[Any]]
    ) -> None:
        """Keep the subject with what it is made of."""
        super().follow(session, actor, record, dict(changes))
        subject = _subject({name: getattr(record, name) for name in
                            ("plate", "items", "situation")})
        if {"plate", "items", "situation"} & set(changes) and record.subject != subject:
            self.store(session, actor, record, {"subject": subject})


def _subject(values: Mapping[str, Any]) -> str:
    what = values.get("items") or values.get("situation") or ""
    return subject_of(" ".join(filter(None, (values.get("plate") or "", what))))


def note_handler(
    session: Session, actor: Actor, repair: Repair, values: Mapping[str, Any]
) -> None:
    """Whoever takes it over for the workshop works on it from then on."""
    repair.handler_id = actor.user_id


def note_done(session: Session, actor: Actor, repair: Repair, values: Mapping[str, Any]) -> None:
    """Remember when it was done."""
    repair.done_at = utcnow()


def note_told(session: Session, actor: Actor, repair: Repair, values: Mapping[str, Any]) -> None:
    """Remember when the customer was told."""
    repair.told_at = utcnow()


EFFECTS = {"give": give, "store": store, "note_handler": note_handler, "note_done": note_done,
           "note_told": note_told}
