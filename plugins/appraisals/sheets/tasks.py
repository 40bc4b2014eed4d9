"""What a person takes note of, and the tasks of a period (K8), of which all versions stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.errors import Invalid
from app.sdk.services import Actor, notice_kinds, record_act, utcnow, write
from app.sdk.workflow import Message
from plugins.appraisals.choices import AGREED, ANNOUNCED, DECLARED, FILLING, RETURNED
from plugins.appraisals.rules.tasks import read_tasks
from plugins.appraisals.shared import tell_people
from plugins.appraisals.sheets.models import Sheet, TaskVersion
from plugins.appraisals.sheets.operations import SheetOperations

_LONGEST = 400


def versions_of(session: Session, sheet_id: int) -> list[TaskVersion]:
    """Return all versions of the tasks of a sheet, the newest first."""
    return list(session.scalars(select(TaskVersion).where(TaskVersion.sheet_id == sheet_id)
                                .order_by(TaskVersion.number.desc())))


def agreed(versions: Sequence[TaskVersion]) -> TaskVersion | None:
    """Return the version that counts: the newest one that is announced or agreed.

    Args:
        versions: versions of a sheet, the newest first.
    """
    return next((one for one in versions if one.state in (ANNOUNCED, AGREED)), None)


def announce(session: Session, actor: Actor, sheet: Sheet, tasks: list[dict[str, str]]) -> None:
    """Begin the tasks of a sheet with those that the period announces for everybody.

    Args:
        session: session with a running write.
        actor: who opens the cycle.
        sheet: a new sheet.
        tasks: tasks of the period.
    """
    session.add(TaskVersion(
        sheet_id=sheet.id, number=1, tasks=tasks, state=ANNOUNCED,
        declared_by_id=actor.user_id, declared_at=utcnow()))


def acknowledge(
    session: Session, operations: SheetOperations, actor: Actor, sheet: Sheet,
    version: int | None,
) -> None:
    """Take note of the weights and tasks of the period, as the person.

    Args:
        session: session without unsaved changes, or within a write.
        operations: the operations on sheets.
        actor: the person.
        sheet: the sheet.
        version: version that the person has seen.

    Raises:
        NotPermitted: it is somebody else's sheet.
        Rejected: the person has done so already, or the sheet has been handed in.
        StaleRecord: the sheet was changed since.
    """
    with write(session):
        operations.take(session, sheet, version)
        operations.require(actor.user_id == sheet.owner_id,
                           sheet.status == FILLING and sheet.acknowledged_at is None)
        operations.store(session, actor, sheet, {"acknowledged_at": utcnow()})
        _note(session, actor, sheet, "acknowledge", "")


def declare(
    session: Session, operations: SheetOperations, actor: Actor, sheet: Sheet, text: str,
    reason: str, version: int | None,
) -> TaskVersion:
    """Declare the tasks of the period, or adjust them: a new version, which is to be agreed.

    Args:
        session: session without unsaved changes, or within a write.
        operations: the operations on sheets.
        actor: the person.
        sheet: the sheet.
        text: one task on each line, see ``read_tasks``.
        reason: why they are adjusted; may be empty for the first version.
        version: version of the sheet that the person has seen.

    Raises:
        NotPermitted: it is somebody else's sheet.
        Rejected: the sheet has been handed in.
        Invalid: there is no task, nothing is different, or the reason of a change is missing.
        StaleRecord: the sheet was changed since.
    """
    with write(session):
        operations.take(session, sheet, version)
        operations.require(actor.user_id == sheet.owner_id, sheet.status == FILLING)
        tasks, wrong = read_tasks(text)
        if wrong is not None:
            raise Invalid({"tasks": wrong})
        before = versions_of(session, sheet.id)
        if before and before[0].tasks == tasks:
            raise Invalid({"tasks": Message(N_("These are the tasks of the last version."))})
        if before and not reason.strip():
            raise Invalid({"reason": Message(N_("Say why the tasks are adjusted."))})
        made = TaskVersion(
            sheet_id=sheet.id, tasks=tasks, reason=reason.strip()[:_LONGEST], state=DECLARED,
            number=1 + (session.scalar(select(func.max(TaskVersion.number)).where(
                TaskVersion.sheet_id == sheet.id)) or 0),
            declared_by_id=actor.user_id, declared_at=utcnow())
        session.add(made)
        session.flush()
        _note(session, actor, sheet, "declare_tasks", made.reason)
        tell_people(session, [sheet.appraiser_id], notice_kinds.WAITING,
                    N_("Declared tasks wait for your agreement."), record=sheet, by=actor.user_id)
        return made


def decide(
    session: Session, operations: SheetOperations, actor: Actor, sheet: Sheet,
    answer: Mapping[str, Any], version: int | None,
) -> None:
    """Agree to the newest version of the tasks, or have it revised.

    Args:
        session: session without unsaved changes, or within a write.
        operations: the operations on sheets.
        actor: the appraiser.
        sheet: the sheet.
        answer: ``agrees`` (whether), ``number`` of the version seen, and ``text``, which is needed
            where the tasks are to be revised.
        version: version of the sheet that the appraiser has seen.

    Raises:
        NotPermitted: somebody else appraises.
        Rejected: the version is not the newest one, or is decided already.
        Invalid: what is to be revised is not said.
        StaleRecord: the sheet was changed since.
    """
    with write(session):
        operations.take(session, sheet, version)
        newest = next(iter(versions_of(session, sheet.id)), None)
        operations.require(
            actor.user_id == sheet.appraiser_id,
            newest is not None and newest.state == DECLARED and newest.number == answer["number"])
        assert newest is not None
        text = str(answer["text"]).strip()[:_LONGEST]
        if not answer["agrees"] and not text:
            raise Invalid({"text": Message(N_("Say what is to be revised."))})
        newest.state = AGREED if answer["agrees"] else RETURNED
        newest.decided_by_id, newest.decided_at, newest.answer = actor.user_id, utcnow(), text
        session.flush()
        _note(session, actor, sheet, f"tasks_{newest.state}", text)
        tell_people(session, [sheet.owner_id], notice_kinds.MOVED,
                    N_("Your tasks are agreed.") if answer["agrees"]
                    else N_("Your tasks are to be revised."), record=sheet, by=actor.user_id)


def _note(session: Session, actor: Actor, sheet: Sheet, action: str, reason: str) -> None:
    record_act(session, actor, action, record_type=sheet.__record_type__, record_id=sheet.id,
               number=sheet.number, reason=reason)
