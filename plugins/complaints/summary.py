"""The figures of a period beside those of the period before, each with the records behind it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.sdk.metrics import Figure, Metric, Period, figures, records_url
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
    shown = [one for one in metrics.METRICS if one.numerator.day]
    earlier = period.before()
    now = figures(session, actor, shown, period, origin=origin)
    before = {} if earlier is None else figures(session, actor, shown, earlier, origin=origin)
    return [_line(one, period, origin, now[one.name], before.get(one.name)) for one in shown]


def _line(
    metric: Metric, period: Period, origin: str | None, now: Figure, before: Figure | None
) -> Line:
    earlier = None if before is None else before.value
    return Line(
        metric.title, "%" if metric.unit == "%" else "", now.value, earlier,
        _tone(metric.better, now.value, earlier),
        records_url(metric, period) if origin is None else "",
    )


def _tone(better: str, now: float | None, before: float | None) -> str:
    if not better or now is None or before is None or now == before:
        return ""
    return "good" if (now > before) == (better == "higher") else "bad"
