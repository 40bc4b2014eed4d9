"""Grades of scores, streaks of grades, and what follows from them. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from decimal import Decimal

EXCELLENT, QUALIFIED, ENCOURAGED = "excellent", "qualified", "encouraged"
ELIGIBLE, CRITICISM, HELD_BACK = "eligible", "criticism", "held_back"

Month = str | None
"""The grade of a month; ``None`` for a month without a score."""


@dataclasses.dataclass(frozen=True, slots=True)
class Grade:
    """A grade and the lowest score that earns it.

    Attributes:
        name: ``excellent``, ``qualified`` or ``encouraged``.
        lowest: score that it begins with.
    """

    name: str
    lowest: Decimal


@dataclasses.dataclass(frozen=True, slots=True)
class StreakRule:
    """What follows when a grade was earned in several months in a row.

    Attributes:
        name: ``eligible``, ``criticism``, ``held_back``, or a name of one's own.
        grade: the grade.
        months: how many months in a row.
        repeats: whether it follows again after so many more months.
        is_reward: whether it is held back for whom a penalty bars.
        bars_months: for how many months after it no reward follows.
        bonus_cut: percent that the year-end bonus loses.
    """

    name: str
    grade: str
    months: int
    repeats: bool = False
    is_reward: bool = False
    bars_months: int = 0
    bonus_cut: Decimal = Decimal(0)


@dataclasses.dataclass(frozen=True, slots=True)
class Fired:
    """A rule that was met in a month.

    Attributes:
        place: index of the month.
        rule: the rule.
    """

    place: int
    rule: StreakRule


GRADES = (Grade(EXCELLENT, Decimal(80)), Grade(QUALIFIED, Decimal(60)),
          Grade(ENCOURAGED, Decimal(0)))
RULES = (
    StreakRule(ELIGIBLE, EXCELLENT, 3, repeats=True, is_reward=True),
    StreakRule(CRITICISM, ENCOURAGED, 3),
    StreakRule(HELD_BACK, ENCOURAGED, 6, repeats=True, bars_months=4, bonus_cut=Decimal(30)),
)
"""The rules of the documents; the installation's own are in its database."""


def grade_of(score: Decimal, grades: Iterable[Grade] = GRADES) -> str:
    """Return the grade of a score.

    Args:
        score: 0 or more.
        grades: in any order; one must begin with 0.

    Raises:
        ValueError: the score is below all grades.
    """
    fitting = [one for one in grades if score >= one.lowest]
    if not fitting:
        raise ValueError(f"no grade for {score}")
    return max(fitting, key=lambda one: one.lowest).name


def run_lengths(months: Sequence[Month], grade: str, *, absence_breaks: bool) -> list[int]:
    """Return for each month how many in a row, up to it, have a grade.

    Args:
        months: grades by month, without gaps.
        grade: the grade.
        absence_breaks: whether a month without a score ends the row; otherwise it is passed over,
            and neither lengthens the row nor ends it.
    """
    found, run = [], 0
    for month in months:
        if month == grade:
            run += 1
        elif month is not None or absence_breaks:
            run = 0
        found.append(run)
    return found


def _meets(rule: StreakRule, run: int) -> bool:
    if run == rule.months:
        return True
    return rule.repeats and run > 0 and run % rule.months == 0


def fired(
    months: Sequence[Month], rules: Iterable[StreakRule] = RULES, *, absence_breaks: bool = False
) -> list[Fired]:
    """Return which rules were met in which months, in the order of time.

    A reward that falls into the months barred by a penalty does not follow, neither then nor later;
    the row goes on.

    Args:
        months: grades by month, without gaps.
        rules: the rules in force.
        absence_breaks: see ``run_lengths``.
    """
    several = list(rules)
    runs = {rule: run_lengths(months, rule.grade, absence_breaks=absence_breaks)
            for rule in several}
    found: list[Fired] = []
    barred_until = -1
    for place, month in enumerate(months):
        met = [rule for rule in several if month == rule.grade and _meets(rule, runs[rule][place])]
        for rule in met:
            if rule.is_reward and place <= barred_until:
                continue
            found.append(Fired(place, rule))
            if rule.bars_months:
                barred_until = max(barred_until, place + rule.bars_months)
    return found
