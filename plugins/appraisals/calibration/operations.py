"""By which rules final scores are calibrated before the release (decision 040)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.errors import Invalid, NotPermitted, Rejected
from app.sdk.services import Actor, is_present, lock, notice_kinds, settings_of, utcnow, write
from app.sdk.workflow import Message
from plugins.appraisals.access import CYCLE
from plugins.appraisals.calibration.models import Calibration
from plugins.appraisals.choices import OPEN, SIGNED
from plugins.appraisals.cycles.models import Cycle
from plugins.appraisals.rules.calibration import Adjustment, final_score, read_points
from plugins.appraisals.rules.chain import SUBJECT, content_hash
from plugins.appraisals.rules.grades import grade_of
from plugins.appraisals.rules.overdue import rule_for
from plugins.appraisals.shared import tell_people
from plugins.appraisals.sheets.calculation import grades_of
from plugins.appraisals.sheets.models import Sheet
from plugins.appraisals.sheets.operations import sheet_operations

_LONGEST = 400
_CHANGED = Message(N_("The sheets have changed since the preview. Look at it again."))


@dataclasses.dataclass(frozen=True, slots=True)
class Proposed:
    """What a calibration would make of a sheet.

    Attributes:
        sheet: the sheet.
        wanted: points and reason.
        score, grade: final score and grade that it would have.
    """

    sheet: Sheet
    wanted: Adjustment
    score: Decimal
    grade: str


def sheets_to_calibrate(session: Session, cycle: Cycle) -> list[Sheet]:
    """Return the sheets of a cycle that are signed by all and not released, by number."""
    return list(session.scalars(select(Sheet).where(
        Sheet.cycle_id == cycle.id, Sheet.status == SIGNED, Sheet.score.is_not(None),
        is_present(Sheet)).order_by(Sheet.number)))


def held(sheet: Sheet) -> Adjustment:
    """Return the calibration that a sheet has."""
    return Adjustment(sheet.calibrated_points or Decimal(0), sheet.calibration_reason)


def digest(proposed: Sequence[Proposed]) -> str:
    """Return the hash of a preview: of what would be changed, and what it rests on."""
    return content_hash({one.sheet.number: [
        one.sheet.version, f"{one.wanted.points:.2f}", one.wanted.reason] for one in proposed})


def propose(
    session: Session, actor: Actor, cycle: Cycle, typed: Mapping[str, Any]
) -> list[Proposed]:
    """Return what typed points and reasons would change, and nothing where all stays.

    Args:
        session: any session.
        actor: who calibrates.
        cycle: the cycle.
        typed: ``points_<key of the sheet>`` and ``reason_<key of the sheet>``; what is not sent
            stays.

    Raises:
        NotPermitted: the actor does not release cycles.
        Rejected: the cycle is not under way.
        Invalid: points cannot be read or leave the scale, a reason is missing, or the sheet is
            the actor's own; by number of the sheet.
    """
    if not actor.can("can_manage", CYCLE):
        raise NotPermitted(Message(N_("This is not for you to do.")))
    if cycle.status != OPEN:
        raise Rejected(Message(N_("This is not possible in the present state.")))
    grades = grades_of(settings_of(session, "appraisals"))
    found, errors = [], dict[str, Message]()
    for sheet in sheets_to_calibrate(session, cycle):
        if f"points_{sheet.id}" not in typed:
            continue
        wanted = _wanted(sheet, typed)
        if isinstance(wanted, Message):
            errors[sheet.number] = wanted
        elif wanted != held(sheet):
            if actor.user_id == sheet.owner_id:
                errors[sheet.number] = Message(N_("Nobody calibrates the own sheet."))
            score = _final(sheet, wanted.points)
            found.append(Proposed(sheet, wanted, score, grade_of(score, grades)))
    if errors:
        raise Invalid(errors)
    return found


def _wanted(sheet: Sheet, typed: Mapping[str, Any]) -> Adjustment | Message:
    """Return what is typed for a sheet, or what is wrong with it."""
    points = read_points(str(typed[f"points_{sheet.id}"]))
    reason = str(typed.get(f"reason_{sheet.id}", "")).strip()[:_LONGEST]
    if points is None or sheet.score is None or final_score(sheet.score, points) is None:
        return Message(N_("The final score has to lie between 0 and 100."))
    if points and not reason:
        return Message(N_("Say why the score is adjusted."))
    return Adjustment(points, reason if points else "")


def _final(sheet: Sheet, points: Decimal) -> Decimal:
    assert sheet.score is not None
    return sheet.score + points


def calibrate(
    session: Session, actor: Actor, cycle: Cycle, typed: Mapping[str, Any], seen: str
) -> Calibration:
    """Adjust final scores of a cycle as one change set; the persons are asked to take note.

    Args:
        session: session without unsaved changes, or within a write.
        actor: who calibrates.
        cycle: the cycle.
        typed: see ``propose``.
        seen: ``digest`` of the preview that the actor has seen.

    Raises:
        NotPermitted, Invalid: see ``propose``.
        Rejected: nothing would be changed, or something else than in the preview.
    """
    with write(session):
        lock(session, cycle)
        proposed = propose(session, actor, cycle, typed)
        if not proposed:
            raise Rejected(Message(N_("No final score would change.")))
        if digest(proposed) != seen:
            raise Rejected(_CHANGED)
        now, lines = utcnow(), []
        for one in proposed:
            lines.append({"sheet": one.sheet.id, "points": f"{one.wanted.points:.2f}",
                          "reason": one.wanted.reason, "before": _stored(one.sheet)})
            _store(session, actor, one.sheet, {
                "calibrated_points": one.wanted.points if one.wanted.points else None,
                "calibration_reason": one.wanted.reason,
                "calibrated_by_id": actor.user_id if one.wanted.points else None,
                "calibrated_at": now if one.wanted.points else None,
                "calibration_noted_at": None, "final_score": one.score, "final_grade": one.grade})
        made = Calibration(cycle_id=cycle.id, lines=lines, made_by_id=actor.user_id, made_at=now)
        session.add(made)
        session.flush()
        return made


def latest(session: Session, cycle_id: int) -> Calibration | None:
    """Return the newest calibration of a cycle that is in force, or ``None``."""
    return session.scalar(select(Calibration).where(
        Calibration.cycle_id == cycle_id, Calibration.undone_at.is_(None))
        .order_by(Calibration.id.desc()).limit(1))


def undo(session: Session, actor: Actor, cycle: Cycle, calibration_id: int) -> int:
    """Take the newest calibration of a cycle back as a whole; return how many sheets it had.

    Args:
        session: session without unsaved changes, or within a write.
        actor: who calibrates.
        cycle: the cycle.
        calibration_id: the change set that the actor has seen.

    Raises:
        NotPermitted: the actor does not release cycles.
        Rejected: it is not the newest one, the cycle is released, or a sheet was replaced since.
    """
    with write(session):
        lock(session, cycle)
        found = latest(session, cycle.id)
        if not actor.can("can_manage", CYCLE):
            raise NotPermitted(Message(N_("This is not for you to do.")))
        sheets = {one.id: one for one in sheets_to_calibrate(session, cycle)}
        if (cycle.status != OPEN or found is None or found.id != calibration_id
                or any(line["sheet"] not in sheets for line in found.lines)):
            raise Rejected(Message(N_("This calibration can no longer be taken back.")))
        grades = grades_of(settings_of(session, "appraisals"))
        for line in found.lines:
            sheet, before = sheets[line["sheet"]], line["before"]
            points = Decimal(before["points"])
            score = _final(sheet, points)
            _store(session, actor, sheet, {
                "calibrated_points": points if points else None,
                "calibration_reason": before["reason"], "calibrated_by_id": before["by"],
                "calibrated_at": _moment(before["at"]),
                "calibration_noted_at": _moment(before["noted_at"]), "final_score": score,
                "final_grade": grade_of(score, grades)})
        found.undone_by_id, found.undone_at = actor.user_id, utcnow()
        session.flush()
        return len(found.lines)


def take_note(session: Session, actor: Actor, sheet: Sheet, version: int | None) -> None:
    """Take note of the calibration of one's own sheet.

    Args:
        session: session without unsaved changes, or within a write.
        actor: the person.
        sheet: the sheet.
        version: version that the person has seen.

    Raises:
        NotPermitted: it is somebody else's sheet.
        Rejected: it has no calibration, or the person has taken note.
        StaleRecord: the sheet was changed since.
    """
    operations = sheet_operations()
    with write(session):
        operations.take(session, sheet, version)
        operations.require(
            actor.user_id == sheet.owner_id,
            sheet.calibrated_points is not None and sheet.calibration_noted_at is None)
        operations.store(session, actor, sheet, {"calibration_noted_at": utcnow()})


def not_noted(session: Session, cycle_id: int) -> int:
    """Return for how many calibrated sheets the release has to wait until the person takes note.

    It waits no longer than the person's own steps may, whatever follows from that.
    """
    days = rule_for(settings_of(session, "appraisals"), SUBJECT).days
    return session.scalar(select(func.count()).select_from(Sheet).where(
        Sheet.cycle_id == cycle_id, Sheet.status == SIGNED, Sheet.calibrated_points.is_not(None),
        Sheet.calibration_noted_at.is_(None),
        Sheet.calibrated_at > utcnow() - dt.timedelta(days=days), is_present(Sheet))) or 0


def _stored(sheet: Sheet) -> dict[str, Any]:
    return {"points": f"{held(sheet).points:.2f}", "reason": sheet.calibration_reason,
            "by": sheet.calibrated_by_id, "at": _written(sheet.calibrated_at),
            "noted_at": _written(sheet.calibration_noted_at)}


def _written(moment: dt.datetime | None) -> str:
    return "" if moment is None else moment.isoformat()


def _moment(text: str) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def _store(session: Session, actor: Actor, sheet: Sheet, values: dict[str, Any]) -> None:
    sheet_operations().store(session, actor, sheet, values, reason=values["calibration_reason"])
    if values["calibrated_points"] is None:
        kind, text = notice_kinds.MOVED, N_("Your final score is the signed one again.")
    else:
        kind, text = notice_kinds.WAITING, N_(
            "The final score of your appraisal was calibrated: take note of it.")
    tell_people(session, [sheet.owner_id], kind, text, record=sheet, by=actor.user_id)
