"""By which rules ratings are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plugins.ratings.models import Rating
from plugins.ratings.questions import form_in_force
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.forms import Signer, dialog, read_dialog, score
from app.sdk.records import AvailableAction, Done, RecordOperations
from app.sdk.screens import page_language
from app.sdk.services import Actor, attachments, confirm_signatures, utcnow
from app.sdk.workflow import Message

VIEW, ANSWER = "ratings.Rating", "answer"


class RatingOperations(RecordOperations):
    """Operations on ratings: answered once, by the form that is in force."""

    required = ("subject", "kind")
    step_columns = frozenset({"version_id", "answers", "points", "answered_at"})

    def refuse_change(self, session: Session, actor: Actor, record: Rating) -> Message | None:
        """What was answered stays."""
        if record.answered_at is not None:
            return Message(N_("This has been answered."))
        return super().refuse_change(session, actor, record)

    def actions(
        self, session: Session, actor: Actor, record: Rating
    ) -> Sequence[AvailableAction]:
        """Return the questions, until they are answered."""
        found = form_in_force(session, record.kind)
        if record.is_away or record.answered_at is not None or found is None:
            return ()
        return [AvailableAction(
            name=ANSWER, label=N_("Answer"), icon="list-check", primary=True,
            permission=("can_show", VIEW),
            form=dialog(found.form.items, page_language(), ANSWER, N_("Answer")))]

    def act(
        self, session: Session, actor: Actor, record: Rating, name: str,
        values: Mapping[str, Any] | None = None, version: int | None = None,
    ) -> Done:
        """Check the passwords of signatures, which go no further; see ``Operations.act``."""
        checked = confirm_signatures(session, actor, values or {})
        return super().act(session, actor, record, name, checked, version)

    def carry_out(
        self, session: Session, actor: Actor, record: Rating, name: str, values: Mapping[str, Any]
    ) -> Done:
        """Keep the answers, with the version of the form and what they are worth."""
        found = form_in_force(session, record.kind)
        if name != ANSWER or found is None:
            return super().carry_out(session, actor, record, name, values)
        answers = read_dialog(
            found.form, found.form.items, {}, values, Signer(actor.user_id, actor.name, utcnow()),
            attachments(session, record))
        points = score(found.form, answers).score
        self.store(session, actor, record, {
            "version_id": found.version_id, "answers": answers, "answered_at": utcnow(),
            "points": None if points is None else float(points)})
        return Done(Message(N_("The answers have been stored.")))
