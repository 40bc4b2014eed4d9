"""The figures of a week, read from the metrics of all plugins by name.

A figure is kept as plain values: ``metric`` (its name), ``numerator`` and ``denominator``
(``None`` for a count). Words come from the metric when it is shown, so that both languages do.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask_babel import format_decimal, gettext
from sqlalchemy.orm import Session

from app.sdk.metrics import (
    MINUTES,
    PERCENT,
    Figure,
    Metric,
    Period,
    figures,
    metrics_by_name,
    records_url,
)
from app.sdk.screens import translated
from app.sdk.services import SYSTEM, Actor
from plugins.work.reports.weeks import DAYS

_LAST = dt.timedelta(days=DAYS - 1)


@dataclasses.dataclass(frozen=True, slots=True)
class Shown:
    """A figure in the words of a page.

    Attributes:
        title: what is counted.
        value: the figure with its unit; empty where there is nothing of which it is a part.
        sentence: part and whole; empty for a count.
        url: list of the records behind it; empty for whoever may not open it.
    """

    title: str
    value: str
    sentence: str
    url: str


def week_of(monday: dt.date) -> Period:
    """Return the days of a week as figures have them."""
    return Period(first=monday, last=monday + _LAST)


def chosen(names: Iterable[str]) -> list[Metric]:
    """Return the metrics of several names that are there and count for a person and a period."""
    return list(metrics_by_name(names, personal=True).values())


def figures_of(
    session: Session, user_id: int, monday: dt.date, names: Iterable[str]
) -> list[dict[str, Any]]:
    """Return the figures of one person in a week.

    They are facts about the person, so they are read whole, whoever looks at the report.

    Args:
        session: any session.
        user_id: the person.
        monday: first day of the week.
        names: names of metrics; those that are not there are left out.
    """
    metrics = chosen(names)
    if not metrics:
        return []
    found = figures(session, SYSTEM, metrics, week_of(monday), person=user_id)
    return [_plain(one, found[one.name]) for one in metrics]


def _plain(metric: Metric, figure: Figure) -> dict[str, Any]:
    return {"metric": metric.name, "numerator": figure.numerator,
            "denominator": (figure.denominator or 0) if metric.is_share else None}


def shown(
    held: Iterable[dict[str, Any]], user_id: int | None, monday: dt.date, reader: Actor
) -> list[Shown]:
    """Return figures in the words of a page; needs a request.

    Args:
        held: figures as they are kept.
        user_id: whose they are.
        monday: first day of the week.
        reader: who looks.
    """
    metrics = metrics_by_name(personal=True)
    return [_shown(one, metrics.get(one["metric"]), user_id, monday, reader) for one in held]


def _shown(
    held: dict[str, Any], metric: Metric | None, user_id: int | None, monday: dt.date,
    reader: Actor,
) -> Shown:
    number, whole = held["numerator"], held["denominator"]
    if metric is None:
        # Its plugin is not there any more: the name has to do.
        return Shown(held["metric"], str(number), "" if whole is None else f"/ {whole}", "")
    url = ""
    if metric.endpoint and reader.can(metric.permission, metric.view):
        url = records_url(metric, week_of(monday), {"person": user_id})
    return Shown(translated(metric.title), _value(metric, number, whole),
                 "" if not whole else _sentence(metric, number, whole), url)


def _value(metric: Metric, number: int, whole: int | None) -> str:
    if whole is None:
        return f"{format_decimal(number)} {translated(metric.unit)}".strip()
    if whole == 0:
        return ""
    value = Decimal(number) / whole * (Decimal(1) / metric.parts if metric.is_mean else 100)
    text = format_decimal(value, "#,##0.#")
    if metric.unit == PERCENT:
        return f"{text} %"
    return (gettext("%(number)s minutes", number=text) if metric.unit == MINUTES
            else f"{text} {translated(metric.unit)}")


def _sentence(metric: Metric, number: int, whole: int) -> str:
    if metric.is_mean:
        return gettext("mean of %(number)s records", number=format_decimal(whole))
    return gettext("%(part)s of %(whole)s", part=format_decimal(number),
                   whole=format_decimal(whole))
