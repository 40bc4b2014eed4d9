"""The figures of a period beside those of the period before, and by team, department or person."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import format_decimal, gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.metrics import (
    MINUTES,
    PERCENT,
    Figure,
    Metric,
    Period,
    figures,
    figures_by,
    records_url,
)
from app.sdk.models import Branch, Department, Staff, Team
from app.sdk.screens import translated
from app.sdk.services import Actor
from plugins.complaints import metrics
from plugins.complaints.periods import chosen_period
from plugins.complaints.statistics import branch_of, origin_of

GROUPS = ((("received_at",), N_("Of complaints received in this time")),
          (("first_response_at", "resolved_at", "closed_at"), N_("Work done in this time")),
          (("due_at",), N_("Due in this time")))
"""Columns of the days by which figures count, with what the page calls them."""
DIMENSIONS: dict[str, tuple[str, Any, Any]] = {
    "team": (N_("Team"), Team.id, Team.name),
    "department": (N_("Department"), Department.id, Department.name),
    "branch": (N_("Branch"), Branch.id, Branch.name),
    "person": (N_("Owner"), Staff.user_id, Staff.name),
}
BESIDE = ("complaints.received", "complaints.resolution_rate", "complaints.answered_in_time_rate",
          "complaints.resolved", "complaints.handling_time", "complaints.deadline_kept_rate",
          "complaints.satisfied_rate")
SHOWN_ROWS = 50
_HOUR = 60


@dataclasses.dataclass(frozen=True, slots=True)
class Cell:
    """A figure as it is read.

    Attributes:
        text: the figure in words of the page's language; a dash for a share of nothing.
        of: of how many, e.g. "12 of 15"; empty for a plain count.
        url: list of the records behind it; empty for a share of nothing.
        number: the figure; ``None`` for a share of nothing.
    """

    text: str
    of: str
    url: str
    number: float | None


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One figure of the page.

    Attributes:
        metric: the metric.
        now: the figure.
        before: that of the period before; ``None`` where there is no period.
        tone: ``good`` or ``bad`` for the change, empty where it is neither.
    """

    metric: Metric
    now: Cell
    before: Cell | None
    tone: str


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """A team, department or person with its figures, in the order of ``BESIDE``."""

    name: str
    cells: Sequence[Cell]


def summary(
    session: Session, actor: Actor, filters: Mapping[str, str]
) -> list[tuple[str, list[Line]]]:
    """Return the figures that an actor may see, in groups with their titles (message ids).

    Args:
        session: any session.
        actor: who looks.
        filters: what the page has chosen, see ``CHOSEN`` of the statistics; others do not count.
    """
    asked = _asked(filters)
    if not _is_known(asked.origin):
        return []
    shown = [one for one in metrics.METRICS if one.numerator.day]
    earlier = asked.period.before()
    before = None if earlier is None else dataclasses.replace(asked, period=earlier)
    now, then = _figures(session, actor, shown, asked), None
    if before is not None:
        then = _figures(session, actor, shown, before)
    lines = [_line(one, (asked, now), None if before is None or then is None else (before, then))
             for one in shown]
    return [(title, [one for one in lines if one.metric.numerator.day in days])
            for days, title in GROUPS]


def rows_by(
    session: Session, actor: Actor, dimension: str, filters: Mapping[str, str]
) -> list[Row]:
    """Return the figures of each team, department or person, the most complaints first.

    Args:
        session: any session.
        actor: who looks.
        dimension: key of ``DIMENSIONS``.
        filters: as for ``summary``.
    """
    asked = _asked(filters)
    if not _is_known(asked.origin):
        return []
    shown = [metrics.BY_NAME[name] for name in BESIDE]
    found = figures_by(session, actor, shown, dimension, asked.period, origin=asked.origin,
                       branch=asked.branch)
    _, key, name = DIMENSIONS[dimension]
    names = dict(session.execute(
        select(key, name).where(key.in_([one for one in found if one is not None]))).all())
    most = sorted(found, key=lambda one: (
        -max(figure.numerator for figure in found[one].values()), names.get(one, "")))
    return [
        Row(names.get(one) or gettext("(none)"), [
            _cell(metric, found[one][metric.name], _address(metric, asked, {dimension: one}))
            for metric in shown])
        for one in most[:SHOWN_ROWS]
    ]


@dataclasses.dataclass(frozen=True, slots=True)
class _Asked:
    """What the page has chosen, as figures are asked for."""

    period: Period
    origin: str | None
    branch: int | None


def _asked(filters: Mapping[str, str]) -> _Asked:
    return _Asked(chosen_period(filters), origin_of(filters), branch_of(filters))


def _is_known(origin: str | None) -> bool:
    return origin in (None, "", metrics.REGISTER)


def _figures(
    session: Session, actor: Actor, shown: Sequence[Metric], asked: _Asked
) -> Mapping[str, Figure]:
    return figures(session, actor, shown, asked.period, origin=asked.origin, branch=asked.branch)


def _address(metric: Metric, asked: _Asked, by: Mapping[str, Any]) -> str:
    if asked.branch is not None:
        by = {"branch": asked.branch, **by}
    return records_url(metric, asked.period, by, origin=asked.origin)


def _line(
    metric: Metric, now: tuple[_Asked, Mapping[str, Figure]],
    before: tuple[_Asked, Mapping[str, Figure]] | None,
) -> Line:
    here, there = (
        None if one is None else _cell(metric, one[1][metric.name], _address(metric, one[0], {}))
        for one in (now, before))
    assert here is not None, "there is always a present period"
    return Line(metric, here, there,
                _tone(metric.better, here.number, there.number if there else None))


def rate_of_text(figure: Figure) -> str:
    """Return of what a rate of customers served is a part, e.g. "12 of 340 (callbacks made)"."""
    titles = gettext(", ").join(translated(one) for one in figure.served)
    if figure.denominator is None:
        return titles
    part = gettext("%(part)s of %(whole)s", part=figure.numerator, whole=figure.denominator)
    return f"{part} ({titles})" if titles else part


def _cell(metric: Metric, figure: Figure, url: str) -> Cell:
    if figure.value is None and metric.per_served:
        return Cell(gettext("not available"), rate_of_text(figure), "", None)
    if figure.value is None:
        return Cell("–", "", "", None)
    of = ""
    if metric.per_served:
        of = rate_of_text(figure)
    elif figure.denominator is not None:
        of = (gettext("of %(number)s", number=figure.denominator) if metric.is_mean
              else gettext("%(part)s of %(whole)s", part=figure.numerator,
                           whole=figure.denominator))
    return Cell(figure_text(metric.unit, figure.value), of, url, figure.value)


def figure_text(unit: str, number: float, signed: bool = False) -> str:
    """Return a figure in words of the page's language.

    Args:
        unit: ``PERCENT``, ``MINUTES`` (shown in hours), or what a plain count counts.
        number: the figure.
        signed: whether a percentage above 0 has its sign.
    """
    if unit == PERCENT:
        return f"{format_decimal(number, '+#,##0.0;-#,##0.0' if signed else '#,##0.0')} %"
    if unit == MINUTES:
        return gettext("%(number)s h", number=format_decimal(number / _HOUR, "#,##0.0"))
    return format_decimal(number, "#,##0")


def _tone(better: str, now: float | None, before: float | None) -> str:
    if not better or now is None or before is None or now == before:
        return ""
    return "good" if (now > before) == (better == "higher") else "bad"
