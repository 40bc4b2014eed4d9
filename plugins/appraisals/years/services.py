"""The year's results of people, read from their released months."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk.services import Actor, is_present, sees, settings_of
from plugins.appraisals.access import SHEET
from plugins.appraisals.choices import ABSENT, RELEASED
from plugins.appraisals.cycles.models import Cycle
from plugins.appraisals.rules.grades import grade_of
from plugins.appraisals.rules.periods import MONTH
from plugins.appraisals.rules.year import YearResult, year_result
from plugins.appraisals.sheets.calculation import grades_of
from plugins.appraisals.sheets.models import Sheet
from plugins.appraisals.years.models import YearRule


@dataclasses.dataclass(frozen=True, slots=True)
class PersonYear:
    """The year of a person.

    Attributes:
        user_id: the person.
        sheets: sheets by the first day of the month.
        result: the result with its calculation.
        grade: its grade; empty without a score.
    """

    user_id: int
    sheets: Mapping[dt.date, Sheet]
    result: YearResult
    grade: str


def rule_of(session: Session, year: int) -> YearRule | None:
    """Return the rule that is in force for a year: the newest one from that year or before."""
    return session.scalar(select(YearRule).where(
        YearRule.from_year <= year, is_present(YearRule))
        .order_by(YearRule.from_year.desc()).limit(1))


def years_of(
    session: Session, year: int, user_ids: Collection[int] | None = None
) -> list[PersonYear]:
    """Return the year's results of people who have a released or absent month in it.

    Args:
        session: any session.
        year: the year.
        user_ids: only of these people; ``None`` for everybody.
    """
    query = select(Sheet).join(Cycle, Cycle.id == Sheet.cycle_id).where(
        Cycle.kind == MONTH, Cycle.status == RELEASED, Sheet.status.in_((RELEASED, ABSENT)),
        Sheet.starts_on >= dt.date(year, 1, 1), Sheet.starts_on < dt.date(year + 1, 1, 1),
        Sheet.owner_id.is_not(None), is_present(Sheet))
    if user_ids is not None:
        query = query.where(Sheet.owner_id.in_(user_ids))
    months: dict[int, dict[dt.date, Sheet]] = {}
    for sheet in session.scalars(query.order_by(Sheet.owner_id, Sheet.starts_on)):
        months.setdefault(sheet.owner_id or 0, {})[sheet.starts_on] = sheet
    rule = rule_of(session, year)
    least = 1 if rule is None else rule.least_months
    return [_of_person(session, year, key, held, least) for key, held in months.items()]


def may_see(actor: Actor, person: PersonYear) -> bool:
    """Return whether somebody sees a year's result: its person, HR, or who sees all its sheets."""
    return (actor.user_id == person.user_id or actor.can("can_manage", SHEET)
            or all(sees(actor, one) for one in person.sheets.values()))


def _of_person(
    session: Session, year: int, user_id: int, sheets: Mapping[dt.date, Sheet], least: int
) -> PersonYear:
    scores: dict[dt.date, Decimal | None] = {
        day: one.final_score for day, one in sheets.items()}
    result = year_result(year, scores, least)
    grades = grades_of(settings_of(session, "appraisals"))
    return PersonYear(user_id, sheets, result,
                      "" if result.score is None else grade_of(result.score, grades))
