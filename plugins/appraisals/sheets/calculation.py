"""The score of a sheet: computed from its answers and the version of its form, again and again."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.sdk.forms import Result, ScoredForm, published, score
from app.sdk.people import attendance
from app.sdk.services import settings_of
from plugins.appraisals.ready_made import ATTENDANCE
from plugins.appraisals.rules.attendance import attendance_level
from plugins.appraisals.rules.chain import content_hash
from plugins.appraisals.rules.grades import EXCELLENT, GRADES, QUALIFIED, Grade, grade_of
from plugins.appraisals.sheets.models import Sheet


def form_of(session: Session, sheet: Sheet) -> ScoredForm:
    """Return the version of the form that a sheet rests on."""
    return published(session, sheet.form_version_id).form


def result_of(session: Session, sheet: Sheet) -> Result:
    """Return the score of a sheet with its calculation, line by line."""
    return score(form_of(session, sheet), sheet.answers, sheet.left_out)


def grades_of(values: Mapping[str, Any]) -> tuple[Grade, ...]:
    """Return the grades by the settings of the plugin.

    Args:
        values: settings of the plugin.
    """
    bounds = {EXCELLENT: values["excellent_from"], QUALIFIED: values["qualified_from"]}
    return tuple(Grade(one.name, Decimal(str(bounds.get(one.name, one.lowest))))
                 for one in GRADES)


def figures(session: Session, sheet: Sheet) -> dict[str, Any]:
    """Return score and grade as columns of a sheet; both empty when nothing counts."""
    found = result_of(session, sheet)
    if found.score is None or found.missing:
        return {"score": None, "grade": ""}
    grades = grades_of(settings_of(session, "appraisals"))
    return {"score": found.score, "grade": grade_of(found.score, grades)}


def facts_of(session: Session, sheet: Sheet) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the facts that fill items of a sheet in by themselves, and the answers they give.

    Args:
        session: any session.
        sheet: the sheet.

    Returns:
        Facts and answers, both by name of the item.
    """
    facts: dict[str, Any] = {}
    answers: dict[str, Any] = {}
    for item in form_of(session, sheet).items:
        if item.source != ATTENDANCE or sheet.owner_id is None:
            continue
        found = attendance(session, [sheet.owner_id], sheet.starts_on, sheet.ends_on)
        held = found[sheet.owner_id]
        facts[item.name] = {
            "totals": {kind: f"{amount:f}" for kind, amount in held.totals.items()},
            "lines": [{"kind": line.kind, "day": line.day.isoformat(),
                       "amount": f"{line.amount:f}", "note": line.note} for line in held.lines]}
        answers[item.name] = attendance_level(held.totals)
    return facts, answers


def hash_of(session: Session, sheet: Sheet) -> str:
    """Return the hash of what a signature on the sheet confirms."""
    return content_hash({
        "number": sheet.number, "owner": sheet.owner_id, "form": sheet.form_version_id,
        "content": form_of(session, sheet).content_hash(),
        "from": sheet.starts_on.isoformat(), "until": sheet.ends_on.isoformat(),
        "answers": sheet.answers, "left_out": sheet.left_out, "facts": sheet.facts,
        "score": None if sheet.score is None else f"{sheet.score:.2f}", "grade": sheet.grade,
    })
