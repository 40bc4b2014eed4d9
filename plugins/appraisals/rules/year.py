"""The year's result from its months (K5), line by line. Pure."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from plugins.appraisals.rules.money import year_score

MONTHS = 12
COUNTED, ABSENT, NO_SHEET = "counted", "absent", "none"


@dataclasses.dataclass(frozen=True, slots=True)
class MonthLine:
    """What a month adds to the year's result.

    Attributes:
        month: its first day.
        state: ``counted``, ``absent`` or ``none``.
        score: final score; ``None`` where the month does not count.
    """

    month: dt.date
    state: str
    score: Decimal | None


@dataclasses.dataclass(frozen=True, slots=True)
class YearResult:
    """The result of a year with its calculation.

    Attributes:
        lines: its twelve months.
        total: sum of the scores that count.
        counted: of how many months.
        score: their mean, two places, half up; ``None`` for fewer months than the rule asks for.
    """

    lines: tuple[MonthLine, ...]
    total: Decimal
    counted: int
    score: Decimal | None


def year_result(
    year: int, scores: Mapping[dt.date, Decimal | None], least_months: int
) -> YearResult:
    """Return the result of a year: a month without a score leaves its weight to the others.

    Args:
        year: the year.
        scores: final scores by the first day of the month; ``None`` for a month of absence.
        least_months: with fewer months there is no result.
    """
    lines = tuple(_line(dt.date(year, number, 1), scores) for number in range(1, MONTHS + 1))
    counting: Sequence[Decimal] = [one.score for one in lines if one.score is not None]
    score = year_score(counting) if len(counting) >= least_months else None
    return YearResult(lines, sum(counting, Decimal(0)), len(counting), score)


def _line(month: dt.date, scores: Mapping[dt.date, Decimal | None]) -> MonthLine:
    if month not in scores:
        return MonthLine(month, NO_SHEET, None)
    score = scores[month]
    return MonthLine(month, ABSENT if score is None else COUNTED, score)
