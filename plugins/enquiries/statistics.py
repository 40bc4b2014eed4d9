"""The statistics of enquiries: figures beside the period before, counts along an axis."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import format_decimal, gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.metrics import PERCENT, Figure, Metric, Period, count_by, figures, records_url
from app.sdk.models import Staff
from app.sdk.screens import localised_label, translated
from app.sdk.services import Actor
from plugins.enquiries import metrics
from plugins.enquiries.choices import KINDS, label_of
from plugins.enquiries.models import EnquiryCategory, EnquiryChannel

PERIODS = ("today", "this_week", "last_week", "this_month", "last_month", "this_year")
AXES: Mapping[str, str] = {
    "kind": N_("By kind"), "category": N_("By category"), "channel": N_("By channel"),
    "person": N_("By who follows"), "month": N_("By month"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Cell:
    """A figure as it is read.

    Attributes:
        text: the figure in words of the page's language; a dash for a share of nothing.
        of: of how many, e.g. "12 of 15"; empty for a plain count.
        url: list of the records behind it.
    """

    text: str
    of: str
    url: str


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One figure of the page: now, and in the period before."""

    metric: Metric
    now: Cell
    before: Cell | None


def lines(session: Session, actor: Actor, period: Period) -> list[Line]:
    """Return the figures of a period that an actor may see.

    Args:
        session: any session.
        actor: who looks.
        period: days that count.
    """
    earlier = period.before()
    shown = [one for one in metrics.SHOWN if actor.can(one.permission, one.view)]
    now = figures(session, actor, shown, period)
    before = None if earlier is None else figures(session, actor, shown, earlier)
    return [Line(one, _cell(one, now[one.name], period),
                 None if before is None or earlier is None
                 else _cell(one, before[one.name], earlier)) for one in shown]


def _cell(metric: Metric, figure: Figure, period: Period) -> Cell:
    if figure.value is None:
        return Cell("–", "", "")
    url = records_url(metric, period)
    if metric.unit != PERCENT:
        return Cell(format_decimal(figure.value, "#,##0"), "", url)
    return Cell(f"{format_decimal(figure.value, '#,##0.0')} %",
                gettext("%(part)s of %(whole)s", part=figure.numerator,
                        whole=figure.denominator), url)


def counts(
    session: Session, actor: Actor, axis: str, period: Period
) -> Sequence[tuple[str, int]]:
    """Return how many enquiries of a period there are along an axis, in words of the page.

    Args:
        session: any session.
        actor: who looks.
        axis: key of ``AXES``.
        period: days that count.

    Returns:
        Pairs by time for months, else the most frequent first.
    """
    found = count_by(session, actor, metrics.RECEIVED, axis, period)
    if axis == "month":
        return [(key.strftime("%Y-%m"), number) for key, number in sorted(found.items())]
    words = _words(session, axis, found)
    pairs = [(words.get(str(key)) or gettext("(none)"), number) for key, number in found.items()]
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


def _words(session: Session, axis: str, found: Mapping[Any, int]) -> dict[str, str]:
    if axis == "kind":
        return {key: translated(label_of(KINDS, key)) for key in found}
    if axis == "person":
        statement = select(Staff.user_id, Staff.name).where(
            Staff.user_id.in_([key for key in found if key is not None]))
    else:
        model = {"category": EnquiryCategory, "channel": EnquiryChannel}[axis]
        statement = select(model.id, localised_label(model))
    return {str(key): name for key, name in session.execute(statement)}
