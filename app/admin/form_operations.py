"""Operations on forms with points: a draft is changed and published, a version never changes."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import record_act
from app.database import write
from app.errors import Invalid, Rejected
from app.forms.faults import problems
from app.forms.models import FormDraft, FormVersion
from app.forms.scored import ScoredForm
from app.forms.store import add_version, latest, newer_shipped
from app.i18n import N_, Message
from app.records.operations import Operations

_LONGEST_TITLE = 200


class FormOperations(Operations):
    """Operations on forms."""

    audit_type = "forms.form"

    def validate(
        self, session: Session, actor: Actor, record: Any | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Refuse titles that are too long for the list of forms."""
        return {
            name: Message(N_("Enter at most %(most)s characters."), {"most": _LONGEST_TITLE})
            for name in ("title", "title_zh") if len(values.get(name) or "") > _LONGEST_TITLE
        }

    def refuse_delete(self, session: Session, actor: Actor, record: Any) -> Message | None:
        """A form with versions is retired, not deleted: sheets rest on it."""
        if latest(session, record.id) is None:
            return None
        return Message(N_("A published form is retired, not deleted."))

    def new(self, session: Session, actor: Actor, form: ScoredForm) -> FormDraft:
        """Create a form with a draft.

        Args:
            session: session without unsaved changes, or within a write.
            actor: who acts.
            form: the first draft; it may have faults.

        Raises:
            Invalid: a title is too long.
        """
        return self.create(session, actor, {
            "code": f"own.{secrets.token_hex(6)}", **_columns(form)})

    def save_draft(
        self, session: Session, actor: Actor, record: FormDraft, form: ScoredForm, version: int
    ) -> bool:
        """Replace the draft of a form; what is published stays as it is.

        Args:
            session: session without unsaved changes, or within a write.
            actor: who acts.
            record: the form.
            form: the new draft; it may have faults.
            version: number of the draft that the person has seen.

        Returns:
            Whether anything has changed.

        Raises:
            StaleRecord: somebody else has changed the draft since.
            Invalid: a title is too long.
        """
        with write(session):
            self._lock(session, record, version, {})
            columns = _columns(form)
            if not self.changing(record, columns):
                return False
            self.change(session, actor, record, {**columns, "version": record.version + 1})
            return True

    def answer_shipped(
        self, session: Session, actor: Actor, record: FormDraft, version: int, *,
        takes_over: bool,
    ) -> None:
        """Make the definition that ships now the draft, or keep the form as it is.

        What is published stays either way, and the definition is not offered again.

        Args:
            session: session without unsaved changes, or within a write.
            actor: who acts.
            record: the form.
            version: number of the draft that the person has seen.
            takes_over: whether it becomes the draft.

        Raises:
            StaleRecord: somebody else has changed the draft since.
            Rejected: no other definition ships.
        """
        with write(session):
            shipped = self._offered(session, record)
            if takes_over:
                self.save_draft(session, actor, record, shipped, version)
            self.change(session, actor, record, {"shipped_answered": shipped.content_hash()})

    def _offered(self, session: Session, record: FormDraft) -> ScoredForm:
        self._lock(session, record, None, {})
        found = newer_shipped(session, [record]).get(record.id)
        if found is None:
            raise Rejected(Message(N_("No newer form ships with the product.")))
        return found

    def publish(self, session: Session, actor: Actor, record: FormDraft) -> FormVersion:
        """Publish the draft as the next version.

        Args:
            session: session without unsaved changes, or within a write.
            actor: who acts.
            record: the form.

        Raises:
            Invalid: the draft has faults.
            Rejected: the draft is the version in force already.
        """
        with write(session):
            self._lock(session, record, None, {})
            form = ScoredForm.from_dict(record.content)
            faults = problems(form)
            if faults:
                raise Invalid({str(place): fault for place, fault in enumerate(faults)})
            newest = latest(session, record.id)
            if newest is not None and newest.form == form:
                raise Rejected(Message(N_("Nothing has changed since the last version.")))
            made = add_version(session, record, actor.user_id)
            record_act(
                session, actor, "publish", record_type=self.kind, record_id=record.id,
                number=str(record)[:40],
                changes={"number": [made.number - 1 or None, made.number],
                         "content_hash": made.content_hash})
            return made


class FormVersionOperations(Operations):
    """Operations on published versions: none changes them."""

    audit_type = "forms.version"
    _STAYS = Message(N_("A published version of a form never changes."))

    def validate(
        self, session: Session, actor: Actor, record: Any | None, values: Mapping[str, Any]
    ) -> dict[str, Message]:
        """Versions are made by publishing a form, and by nothing else."""
        return {"": self._STAYS}

    def refuse_change(self, session: Session, actor: Actor, record: Any) -> Message | None:
        """Return that it stays as it is."""
        return self._STAYS

    def refuse_delete(self, session: Session, actor: Actor, record: Any) -> Message | None:
        """Return that it stays."""
        return self._STAYS


def _columns(form: ScoredForm) -> dict[str, Any]:
    return {"title": form.title, "title_zh": form.title_zh, "content": form.to_dict()}


BY_MODEL = {FormDraft: FormOperations, FormVersion: FormVersionOperations}
