"""A sheet on paper: the data of the document, in the language of whoever prints it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session

from app.sdk.forms import UNITS, Item, ItemKind, Line, rounded
from app.sdk.screens import (
    page_language,
    print_context,
    translated,
    write_date,
    write_datetime,
    written_answer,
)
from app.sdk.services import name_of
from plugins.appraisals.choices import GRADE_WORDS, PARTS
from plugins.appraisals.rules.weights import in_force
from plugins.appraisals.sheets.calculation import current, form_of
from plugins.appraisals.sheets.fact_text import fact_text
from plugins.appraisals.sheets.models import Sheet, Signature
from plugins.appraisals.sheets.signing import signatures_of


def paper(session: Session, sheet: Sheet) -> dict[str, Any]:
    """Return the data of a sheet's document.

    Args:
        session: any session.
        sheet: the sheet.
    """
    language, form = page_language(), form_of(session, sheet)
    held = current(session, sheet, form)
    lines = {line.item: line for line in held.result.lines}
    weights = in_force(form, sheet.weights)
    figures = {name: fact_text(fact) for name, fact in held.facts.items() if "metric" in fact}
    head = [
        (gettext("Person"), name_of(session, sheet.owner_id)),
        (gettext("Appraiser"), name_of(session, sheet.appraiser_id)),
        (gettext("Period"), f"{write_date(sheet.starts_on)} – {write_date(sheet.ends_on)}"),
        (gettext("Signed score") if sheet.calibrated_points is not None else gettext("Score"),
         "" if sheet.score is None else f"{sheet.score:.2f}"),
        *_calibration(session, sheet),
        (gettext("Grade of the appraisal"),
         translated(dict(GRADE_WORDS)[sheet.final_grade]) if sheet.final_grade else ""),
        (gettext("Hash of the figures"), sheet.frozen_hash[:16]),
        *([(gettext("The person's words"), gettext(
            "not given in time, passed by rule at %(time)s",
            time=write_datetime(sheet.words_passed_at)))] if sheet.words_passed_at else []),
    ]
    return {
        **print_context(form.text(language), sheet.number),
        "head": [{"label": label, "value": value} for label, value in head],
        "header": [gettext("Item"), gettext("Weight"), gettext("Rating"), gettext("Points"),
                   gettext("Counted")],
        "sections": [
            {"title": part.text(language),
             "rows": [_row(item, held.answers, lines.get(item.name), language,
                           (weights[item.name], figures.get(item.name, "")))
                      for item in part.items if item.is_scored],
             "texts": [{"label": item.text(language), "wide": True, "tall": 14,
                        "value": _text(item, held.answers, language)}
                       for item in part.items if not item.is_scored]}
            for part in form.parts],
        "left_out": {"label": gettext("Why items do not count"), "value": sheet.left_out_reason,
                     "wide": True},
        "signatures": [_signature(session, one) for one in signatures_of(session, sheet.id)],
        "signature_title": gettext("Signatures"),
    }


def _text(item: Item, answers: Mapping[str, Any], language: str) -> str:
    """Return what stands in a box: of a signature the statement, and below it who has signed."""
    written = written_answer(item, answers, language)
    if item.kind is not ItemKind.SIGNATURE:
        return written
    return f"{item.text(language, 'help')}\n{written}"


def _calibration(session: Session, sheet: Sheet) -> list[tuple[str, str]]:
    """Return points, reason and final score of a sheet that was calibrated, as lines."""
    if sheet.calibrated_points is None:
        return []
    return [
        (gettext("Calibration"), f"{sheet.calibrated_points:+.2f} "
         f"({name_of(session, sheet.calibrated_by_id)}: {sheet.calibration_reason})"),
        (gettext("Final score"), f"{sheet.final_score:.2f}"),
    ]


def _row(
    item: Item, answers: Mapping[str, Any], line: Line | None, language: str,
    shown: tuple[Decimal, str],
) -> list[str]:
    weight, figure = shown
    held = answers.get(item.name, "")
    level = item.level(str(held))
    text = f"{held} {level.text_zh if language == 'zh' else level.text}" if level else str(held)
    if figure:
        text = f"{text} ({figure})".strip() if level else figure
    units = answers.get(item.name + UNITS, "")
    if units:
        text += f" + {units} {item.text(language, 'unit')}"
    if line is None or line.points is None:
        return [item.text(language), f"{weight:f}", text, "–", gettext("does not count")]
    return [item.text(language), f"{weight:f}", text.strip(), f"{rounded(line.points)}",
            f"{rounded(line.counted)}"]


def _signature(session: Session, row: Signature) -> dict[str, str]:
    name = name_of(session, row.signed_by_id)
    if row.in_place_of_id is not None:
        name = gettext("%(name)s for %(other)s", name=name,
                       other=name_of(session, row.in_place_of_id))
    text = row.statement if row.passed_at is None else gettext(
        "not signed in time, passed by rule at %(time)s", time=write_datetime(row.passed_at))
    return {"label": translated(PARTS.get(row.part, row.part)), "name": name,
            "at": write_datetime(row.signed_at) if row.signed_at else "", "text": text}
