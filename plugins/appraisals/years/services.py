"""The year's results of people, read from their released months."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk.people import local_zone
from app.sdk.services import Actor, is_present, sees, settings_at
from plugins.appraisals.access import SHEET
from plugins.appraisals.choices import ABSENT, RELEASED
from plugins.appraisals.cycles.models import Cycle
from plugins.appraisals.rules.grades import Grade, grade_of
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
        grade: its grade, by the bounds in force at the end of the year; empty without a score.
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
    rule, grades = rule_of(session, year), grades_at_end(session, year)
    least = 1 if rule is None else rule.least_months
    return [_of_person(year, key, held, least, grades) for key, held in months.items()]


def grades_at_end(session: Session, year: int) -> tuple[Grade, ...]:
    """Return the grades by the bounds that were in force when a year ended.

    Like the months, which keep the grade that was signed, a year keeps its own when the bounds
    are changed later. Of a year that has not ended, the bounds of now.
    """
    end = dt.datetime.combine(dt.date(year + 1, 1, 1), dt.time(), local_zone())
    return grades_of(settings_at(session, "appraisals", end))


def may_see(actor: Actor, person: PersonYear) -> bool:
    """Return whether somebody sees a year's result: its person, HR, or who sees all its sheets."""
    return (actor.user_id == person.user_id or actor.can("can_manage", SHEET)
            or all(sees(actor, one) for one in person.sheets.values()))


def _of_person(
    year: int, user_id: int, sheets: Mapping[dt.date, Sheet], least: int,
    grades: Sequence[Grade],
) -> PersonYear:
    scores: dict[dt.date, Decimal | None] = {
        day: one.final_score for day, one in sheets.items()}
    result = year_result(year, scores, least)
    return PersonYear(user_id, sheets, result,
                      "" if result.score is None else grade_of(result.score, grades))
