"""Facts that fill items of sheets in: attendance, and figures that plugins declare."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from app.sdk.forms import Item, ScoredForm, answer_of_figure
from app.sdk.metrics import (
    Figure,
    Metric,
    Period,
    count,
    figures,
    figures_by,
    metrics_by_name,
)
from app.sdk.people import ATTENDANCE, Attendance, attendance, local_today, working_days
from app.sdk.services import SYSTEM, utcnow
from plugins.appraisals.rules.attendance import attendance_level
from plugins.appraisals.rules.figures import (
    COUNT,
    MEAN,
    SHARE,
    UNKNOWN,
    UNUSED,
    answered_by,
    is_same,
    value_of,
    without_data,
)
from plugins.appraisals.sheets.models import Sheet

_DAY = dt.timedelta(days=1)
_NOTHING = Figure(0, 0, None)


def period_of(starts_on: dt.date, ends_on: dt.date) -> Period:
    """Return the days of a sheet as figures have them.

    Args:
        starts_on: first day.
        ends_on: day after the last one.
    """
    return Period(first=starts_on, last=ends_on - _DAY)


class PeriodFacts:
    """Facts of people in one period, each figure read once for all of them.

    They are facts about a person, so they are read whole, whoever looks at the sheet.

    Args:
        session: any session.
        starts_on: first day.
        ends_on: day after the last one.
        user_ids: keys of the people.
    """

    def __init__(
        self, session: Session, starts_on: dt.date, ends_on: dt.date, user_ids: Sequence[int]
    ) -> None:
        self._session, self._people = session, list(dict.fromkeys(user_ids))
        self._begin, self._end = starts_on, ends_on
        self._metrics = metrics_by_name(personal=True)
        self._read: dict[str, Mapping[Any, Figure]] = {}
        self._used: dict[str, bool] = {}
        self.at = utcnow()

    @cached_property
    def _attendance(self) -> dict[int, Attendance]:
        return attendance(self._session, self._people, self._begin, self._end)

    @cached_property
    def _days(self) -> dict[int, Decimal]:
        # Of a period that has not ended, the days up to today.
        end = max(self._begin, min(self._end, local_today() + _DAY))
        held = self._attendance if end == self._end else attendance(
            self._session, self._people, self._begin, end)
        return working_days(self._session, held, self._begin, end)

    def of(self, form: ScoredForm, user_id: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return facts and the answers that they give, both by name of the item.

        Args:
            form: form of the person's sheet.
            user_id: one of the people.
        """
        facts: dict[str, Any] = {}
        answers: dict[str, Any] = {}
        for item in form.items:
            if item.source == ATTENDANCE:
                held = self._attendance[user_id]
                facts[item.name] = _attendance_fact(held)
                answers[item.name] = attendance_level(held.totals)
            elif item.source:
                facts[item.name] = found = self._fact_of_item(item, user_id)
                second = found.get("second", {}).get("value")
                answers[answered_by(item.name, found)] = answer_of_figure(
                    item, None if found["value"] is None else Decimal(found["value"]),
                    Decimal(second or 0))
        return facts, answers

    def _fact_of_item(self, item: Item, user_id: int) -> dict[str, Any]:
        fact = self._fact(item.source, user_id, per_day=item.per_day)
        if item.fills_units:
            return {**fact, "adds": True}
        if not item.second_source:
            return fact
        second = self._fact(item.second_source, user_id)
        del second["at"]
        if second["why"] == UNKNOWN:
            # Nobody can say which level was reached.
            fact |= without_data(UNKNOWN)
        return {**fact, "second": second}

    def _fact(self, source: str, user_id: int, *, per_day: bool = False) -> dict[str, Any]:
        fact: dict[str, Any] = {"metric": source, "at": self.at.isoformat()}
        metric = self._metrics.get(source)
        if metric is None:
            return {**fact, **without_data(UNKNOWN)}
        figure = self._figures(metric).get(user_id, _NOTHING)
        kind = COUNT if not metric.is_share else MEAN if metric.is_mean else SHARE
        # Customers served that are not known are as good as none.
        denominator = None if kind == COUNT else figure.denominator or 0
        days = self._days[user_id] if per_day and kind == COUNT else None
        fact |= {"kind": kind, "unit": metric.unit, "numerator": figure.numerator,
                 "denominator": denominator}
        if figure.served:
            # What counted as a customer served is part of what is signed.
            fact["served"] = list(figure.served)
        if days is not None:
            fact["days"] = f"{days.normalize():f}"
        # A count of 0 says nothing about a person where the system holds no such records at all,
        # for instance of the time before the plugin was there.
        found = (without_data(UNUSED) if kind == COUNT and not self._is_used(metric)
                 else value_of(kind, figure.numerator, denominator, days, metric.parts))
        return {**fact, **found}

    def _figures(self, metric: Metric) -> Mapping[Any, Figure]:
        if metric.name not in self._read:
            self._read[metric.name] = self._ask(metric)
        return self._read[metric.name]

    def _ask(self, metric: Metric) -> Mapping[Any, Figure]:
        period = period_of(self._begin, self._end)
        if len(self._people) == 1:
            [person] = self._people
            return {person: figures(
                self._session, SYSTEM, [metric], period, person=person)[metric.name]}
        found = figures_by(
            self._session, SYSTEM, [metric], "person", period, wanted=self._people)
        return {key: one[metric.name] for key, one in found.items()}

    def _is_used(self, metric: Metric) -> bool:
        if metric.name not in self._used:
            self._used[metric.name] = any(
                one.numerator for one in self._figures(metric).values()) or bool(count(
                    self._session, SYSTEM, metric.numerator, period_of(self._begin, self._end)))
        return self._used[metric.name]


def _attendance_fact(held: Attendance) -> dict[str, Any]:
    return {
        "totals": {kind: f"{amount:f}" for kind, amount in held.totals.items()},
        "lines": [{"kind": line.kind, "day": line.day.isoformat(), "amount": f"{line.amount:f}",
                   "note": line.note} for line in held.lines]}


def facts_of_sheet(session: Session, sheet: Sheet) -> PeriodFacts:
    """Return the facts of the period of one sheet."""
    people = [] if sheet.owner_id is None else [sheet.owner_id]
    return PeriodFacts(session, sheet.starts_on, sheet.ends_on, people)


def merged(
    held: Mapping[str, Any], facts: Mapping[str, Any], answers: Mapping[str, Any],
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return facts and answers as a sheet stores them.

    What an objection has corrected stays corrected, and a figure that is the same as before keeps
    the moment of the earlier computation: computing again changes nothing.

    Args:
        held: facts that the sheet holds.
        facts: facts that were computed now.
        answers: the answers that they give.
    """
    found, given = {}, dict(answers)
    for name, fact in facts.items():
        before = held.get(name, {})
        found[name] = before if before and is_same(before, fact) else fact
        if before.get("corrected"):
            found[name] = {**found[name], "corrected": before["corrected"]}
            given[answered_by(name, fact)] = before["corrected"]
    return found, given
