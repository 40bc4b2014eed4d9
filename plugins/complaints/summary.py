"""The figures of a period beside those of the period before, each with the records behind it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from app.sdk.metrics import ALWAYS, Metric, Period, value
from app.sdk.services import Actor
from plugins.complaints import metrics
from plugins.complaints.periods import period_of
from plugins.complaints.statistics import OWN


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One figure of the page.

    Attributes:
        title: message id.
        unit: ``%`` of a share, empty of a count.
        now: the figure; ``None`` for a share of nothing.
        before: that of the period before; ``None`` also where there is no period.
        tone: ``good`` or ``bad`` for the change, empty where it is neither.
        url: list of the records behind it; empty where a register was chosen, by which lists do
            not filter.
    """

    title: str
    unit: str
    now: float | None
    before: float | None
    tone: str
    url: str


def summary(session: Session, actor: Actor, filters: Mapping[str, str]) -> list[Line]:
    """Return the figures over days of receipt that an actor may see.

    Args:
        session: any session.
        actor: who looks.
        filters: ``period`` and ``source`` of the page; other filters do not count here.
    """
    period, source = period_of(filters.get("period", "")), filters.get("source", "")
    origin = {"": None, OWN: ""}.get(source, source)
    if origin not in (None, "", metrics.REGISTER):
        return []
    return [_line(session, actor, one, period, origin)
            for one in metrics.METRICS if one.numerator.day]


def _line(
    session: Session, actor: Actor, metric: Metric, period: Period, origin: str | None
) -> Line:
    earlier = period.before()
    now = value(session, actor, metric, period, origin=origin)
    before = None if earlier is None else value(session, actor, metric, earlier, origin=origin)
    return Line(
        metric.title, "%" if metric.unit == "%" else "", now, before,
        _tone(metric.better, now, before),
        _address(metric, period) if origin is None else "",
    )


def _tone(better: str, now: float | None, before: float | None) -> str:
    if not better or now is None or before is None or now == before:
        return ""
    return "good" if (now > before) == (better == "higher") else "bad"


def _address(metric: Metric, period: Period) -> str:
    days: dict[str, Any] = {}
    if period != ALWAYS and period.first and period.last:
        days["received_at__between"] = [period.first.isoformat(), period.last.isoformat()]
    return url_for(metric.endpoint, **days, **metric.numerator.where)
