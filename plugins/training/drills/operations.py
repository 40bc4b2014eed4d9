"""By which rules drills are written, on every way in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.forms import (
    Item,
    Signer,
    dialog,
    published,
    read_dialog,
    score,
)
from app.sdk.people import local_today
from app.sdk.records import AvailableAction, Done
from app.sdk.screens import page_language
from app.sdk.services import Actor, attachments, confirm_signatures, utcnow
from app.sdk.workflow import Form, Message
from plugins.training.access import DRILL
from plugins.training.choices import DRILL_METHODS
from plugins.training.drills.checklist import (
    checklist,
    learners_signatures,
    observed_items,
)
from plugins.training.drills.models import Drill
from plugins.training.history.operations import OfLearner

OBSERVE, SIGN = "observe", "sign"


class DrillOperations(OfLearner):
    """Operations on drills."""

    required = ("owner_id", "subject", "held_on")
    step_columns = frozenset({"checklist_id", "answers", "points", "observed_at"})

    def prepare(
        self, session: Session, actor: Actor, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Whoever arranges a drill observes it, where nobody else is named."""
        given = super().prepare(session, actor, values)
        if given.get("observer_id") is None and actor.user_id != given.get("owner_id"):
            given["observer_id"] = actor.user_id
        return given

    def validate(
        self, session: Session, actor: Actor, record: Drill | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse an observer who is the learner, and what is no drill."""
        errors = super().validate(session, actor, record, values)
        held = {name: values.get(name, getattr(record, name, None))
                for name in ("owner_id", "observer_id")}
        if held["observer_id"] is not None and held["observer_id"] == held["owner_id"]:
            errors["observer_id"] = Message(N_("Nobody observes themselves."))
        if values.get("method") and values["method"] not in dict(DRILL_METHODS):
            errors["method"] = Message(N_("Choose a simulated drill or a script drill."))
        return errors

    def refuse_change(self, session: Session, actor: Actor, record: Drill) -> Message | None:
        """What was observed stays as it was seen."""
        if record.observed_at is not None:
            return Message(N_("The drill has been observed."))
        return super().refuse_change(session, actor, record)

    def actions(
        self, session: Session, actor: Actor, record: Drill
    ) -> Sequence[AvailableAction]:
        """Return that the observer goes through the checklist, and that the learner signs it."""
        if record.is_away:
            return ()
        if record.observed_at is not None:
            return self._signing(session, actor, record)
        if record.observer_id != actor.user_id and not actor.can("can_edit", DRILL):
            return ()
        found = checklist(session)
        if found is None:
            blocked, form = Message(N_("No checklist for drills is published.")), None
        else:
            blocked = self._blocked(actor, record)
            form = _asked(observed_items(found.form))
        return [AvailableAction(
            name=OBSERVE, label=N_("Go through the checklist"), icon="list-check", form=form,
            permission=("can_show", DRILL), primary=True, blocked=blocked)]

    @staticmethod
    def _signing(
        session: Session, actor: Actor, record: Drill
    ) -> Sequence[AvailableAction]:
        """Return that the learner signs what was observed, where the checklist asks for it."""
        if record.owner_id != actor.user_id or record.checklist_id is None:
            return ()
        form = published(session, record.checklist_id).form
        left = [item for item in learners_signatures(form) if not record.answers.get(item.name)]
        if not left:
            return ()
        return [AvailableAction(
            name=SIGN, label=N_("Sign the checklist"), icon="signature", primary=True,
            form=_asked(left), permission=("can_show", DRILL))]

    @staticmethod
    def _blocked(actor: Actor, record: Drill) -> Message | None:
        if record.owner_id == actor.user_id:
            return Message(N_("Nobody observes themselves."))
        if record.held_on > local_today():
            return Message(N_("The drill has not been held yet."))
        return None

    def act(
        self, session: Session, actor: Actor, record: Drill, name: str,
        values: Mapping[str, Any] | None = None, version: int | None = None,
    ) -> Done:
        """Check the passwords of signatures, which go no further; see ``Operations.act``."""
        checked = confirm_signatures(session, actor, values or {})
        return super().act(session, actor, record, name, checked, version)

    def carry_out(
        self, session: Session, actor: Actor, record: Drill, name: str, values: Mapping[str, Any]
    ) -> Done:
        """Keep what was seen, with the version of the checklist and what it is worth."""
        signer, files = Signer(actor.user_id, actor.name, utcnow()), attachments(session, record)
        if name == SIGN and record.checklist_id is not None:
            form = published(session, record.checklist_id).form
            self.store(session, actor, record, {"answers": read_dialog(
                form, learners_signatures(form), record.answers, values, signer, files)})
            return Done(Message(N_("Your signature has been stored.")))
        found = checklist(session)
        if name != OBSERVE or found is None:
            return super().carry_out(session, actor, record, name, values)
        answers = read_dialog(
            found.form, observed_items(found.form), {}, values, signer, files)
        points = score(found.form, answers).score
        self.store(session, actor, record, {
            "checklist_id": found.version_id, "answers": answers, "observed_at": utcnow(),
            "observer_id": actor.user_id,
            "points": None if points is None else float(points)})
        return Done(Message(N_("The drill has been observed.")))


def _asked(items: Iterable[Item]) -> Form:
    return dialog(items, page_language(), "observe", N_("Go through the checklist"))
