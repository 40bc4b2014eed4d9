"""What HR does with sheets beside the steps, and how a step is taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.errors import NotPermitted, Rejected
from app.sdk.records import AvailableAction, Done
from app.sdk.services import Actor, notice_kinds, utcnow
from app.sdk.workflow import Field, Form, Kind, Message
from plugins.appraisals.access import SHEET
from plugins.appraisals.choices import (
    ABSENT,
    FILLING,
    RATING,
    RELEASED,
    SIGNED,
    SUPERSEDED,
)
from plugins.appraisals.shared import WrittenBySteps, tell_people
from plugins.appraisals.sheets.calculation import NO_SCORE, computed, form_of
from plugins.appraisals.sheets.models import Sheet

MARK_ABSENT, SUPERSEDE, PASS_ON = "mark_absent", "supersede", "pass_on"
ALLOW_AGAIN = "allow_again"
NOT_NOW = Message(N_("This is not possible in the present state."))
NOT_YOURS = Message(N_("This is not for you to do."))
_REASON = Field("reason", Kind.LONG_TEXT, N_("Reason"), True, length=400)
_TOO_LATE = Message(N_("The time for this step is over. HR can allow it again."))


def at_step(status: str = "") -> dict[str, Any]:
    """Return the columns of a sheet whose next step begins now.

    Args:
        status: the state that it comes into; empty where it stays in its own.
    """
    return {"waits_since": utcnow(), "closed_at": None, "asked_on": None,
            **({"status": status} if status else {})}


class ManagedSheets(WrittenBySteps):
    """Operations of HR on sheets, and what every step has in common."""

    def actions(
        self, session: Session, actor: Actor, record: Sheet
    ) -> Sequence[AvailableAction]:
        """Return what HR may do beside the steps, and how the appraiser goes on alone."""
        found = []
        if record.is_away:
            return found
        if record.status == FILLING and actor.user_id == record.appraiser_id:
            found.append(AvailableAction(
                name=PASS_ON, label=N_("Rate without the person's words"),
                icon="player-skip-forward",
                form=Form.of(PASS_ON, _REASON, title=N_("Rate without the person's words"))))
        if record.closed_at is not None:
            found.append(AvailableAction(
                name=ALLOW_AGAIN, label=N_("Allow the step again"), icon="lock-open",
                permission=("can_manage", SHEET), primary=True,
                form=Form.of(ALLOW_AGAIN, _REASON, title=N_("Allow the step again"))))
        if record.status in (FILLING, RATING):
            found.append(AvailableAction(
                name=MARK_ABSENT, label=N_("Mark as absent"), icon="user-off",
                permission=("can_manage", SHEET),
                form=Form.of(MARK_ABSENT, _REASON, title=N_("Mark as absent"))))
        if record.status in (SIGNED, RELEASED):
            found.append(AvailableAction(
                name=SUPERSEDE, label=N_("Replace by a new sheet"), icon="replace",
                permission=("can_manage", SHEET),
                form=Form.of(SUPERSEDE, _REASON, title=N_("Replace by a new sheet"))))
        return found

    def carry_out(
        self, session: Session, actor: Actor, record: Sheet, name: str,
        values: Mapping[str, Any],
    ) -> Done:
        """Pass a sheet on, allow a step again, mark the sheet as absent, or replace it."""
        reason = values["reason"]
        if name == PASS_ON:
            pass_on(self, session, actor, record, reason)
            return Done(Message(N_("The sheet can be rated now.")))
        if name == ALLOW_AGAIN:
            self.store(session, actor, record, at_step(), reason=reason)
            return Done(Message(N_("The step can be taken again.")))
        if name == MARK_ABSENT:
            self.store(session, actor, record, {"status": ABSENT, **NO_SCORE},
                       reason=reason)
            return Done(Message(N_("The sheet counts as absent.")))
        made = self._insert(session, actor, {
            column: getattr(record, column) for column in (
                "cycle_id", "starts_on", "ends_on", "owner_id", "appraiser_id", "quota", "post_id",
                "form_version_id", "department_id", "team_id", "self_answers", "answers", "facts",
                "left_out", "left_out_reason", "weights", "acknowledged_at")
        } | {"status": RATING, "replaces_id": record.id}, reason)
        self.store(session, actor, record, {"status": SUPERSEDED}, reason=reason)
        tell_appraiser(session, actor, made)
        return Done(Message(N_("%(number)s takes the place of this sheet."),
                            {"number": made.number}))

    def take(
        self, session: Session, sheet: Sheet, version: int | None,
        typed: Mapping[str, Any] | None = None,
    ) -> None:
        """Read a sheet anew for writing, as it was when the person saw it.

        Raises:
            StaleRecord: it was changed since.
            Rejected: its step was not taken in time.
        """
        self._lock(session, sheet, version, typed or {})
        if sheet.closed_at is not None:
            raise Rejected(_TOO_LATE)

    @staticmethod
    def require(is_theirs: bool, is_time: bool) -> None:
        """Go on only if a step is the actor's, and it is time for it.

        Args:
            is_theirs: whether the step is the actor's.
            is_time: whether the sheet stands where the step begins.

        Raises:
            NotPermitted: it is somebody else's.
            Rejected: it is not time for it.
        """
        if not is_theirs:
            raise NotPermitted(NOT_YOURS)
        if not is_time:
            raise Rejected(NOT_NOW)


def pass_on(
    operations: ManagedSheets, session: Session, actor: Actor, sheet: Sheet, reason: str = "", *,
    is_by_rule: bool = False,
) -> None:
    """Let a sheet be rated without the person's words.

    Args:
        operations: the operations on sheets.
        session: session with a running write.
        actor: the appraiser, or the system.
        sheet: a sheet that is being filled in.
        reason: why, where somebody decides it.
        is_by_rule: whether the words were not there in time.
    """
    held = computed(session, form_of(session, sheet), sheet)
    passed = {"words_passed_at": utcnow()} if is_by_rule else {}
    operations.store(session, actor, sheet, {
        "answers": held.answers, "facts": held.facts, **passed, **at_step(RATING)},
        reason=reason)
    if is_by_rule:
        tell_appraiser(session, actor, sheet)


def tell_appraiser(session: Session, actor: Actor, sheet: Sheet) -> None:
    """Tell the appraiser that it is their turn."""
    tell_people(session, [sheet.appraiser_id], notice_kinds.WAITING,
                N_("An appraisal waits for your rating."), record=sheet, by=actor.user_id)
