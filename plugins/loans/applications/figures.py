"""Figures of a period: decisions, time in each state, reasons of refusal, by product."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from flask_babel import format_decimal, gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk.metrics import (
    MINUTES,
    PERCENT,
    Figure,
    Metric,
    Period,
    count_by,
    figures,
    figures_by,
    records_url,
)
from app.sdk.services import Actor
from plugins.loans import metrics
from plugins.loans.applications.models import RefusalReason
from plugins.loans.products.models import LoanProduct

_HOUR = 60


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A figure as it is read.

    Attributes:
        label: what it says: a message id for a metric, a name for a row of a dimension.
        text: the figure in words of the page's language; a dash for a share of nothing.
        of: numerator and denominator, or of how many; empty for a plain count.
        url: list of the records behind it.
    """

    label: str
    text: str
    of: str
    url: str


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """A product with its figures, in the order of ``metrics.COUNTS``."""

    name: str
    lines: Sequence[Line]


def lines(
    session: Session, actor: Actor, shown: Sequence[Metric], period: Period
) -> list[Line]:
    """Return the figures of several metrics that an actor may see.

    Args:
        session: any session.
        actor: who looks.
        shown: the metrics, in order.
        period: days that count.
    """
    found = figures(session, actor, shown, period)
    return [_line(one, found[one.name], records_url(one, period)) for one in shown]


def reasons(session: Session, actor: Actor, period: Period, language: str) -> list[Line]:
    """Return how many were refused for which reason, the most frequent first."""
    found = count_by(session, actor, metrics.DENIED, "reason", period)
    names = _names(session, RefusalReason, language)
    most = sorted(found.items(), key=lambda pair: (-pair[1], names.get(str(pair[0]), "")))
    return [Line(names.get(str(key)) or gettext("(none)"), format_decimal(number), "",
                 records_url(metrics.REASONS, period, {"reason": key}))
            for key, number in most if number]


def by_product(session: Session, actor: Actor, period: Period, language: str) -> list[Row]:
    """Return the figures of each product, the most applications first."""
    found = figures_by(session, actor, list(metrics.COUNTS), "product", period)
    names = _names(session, LoanProduct, language)
    most = sorted(found, key=lambda key: (
        -found[key][metrics.RECEIVED.name].numerator, names.get(str(key), "")))
    return [Row(names.get(str(key)) or gettext("(none)"), [
        _line(one, found[key][one.name], records_url(one, period, {"product": key}))
        for one in metrics.COUNTS]) for key in most]


def _names(session: Session, model: Any, language: str) -> dict[str, str]:
    """Return what the rows of a short list are called, by key as figures hold it."""
    return {str(one.id): one.titled(language) for one in session.scalars(select(model))}


def _line(metric: Metric, figure: Figure, url: str) -> Line:
    if figure.value is None:
        return Line(metric.title, "–", "", "")
    of = ""
    if figure.denominator is not None:
        of = (gettext("of %(number)s", number=figure.denominator) if metric.is_mean
              else gettext("%(part)s of %(whole)s", part=figure.numerator,
                           whole=figure.denominator))
    return Line(metric.title, _text(metric.unit, figure.value), of, url)


def _text(unit: str, number: float) -> str:
    if unit == PERCENT:
        return f"{format_decimal(number, '#,##0.0')} %"
    if unit == MINUTES:
        return gettext("%(number)s h", number=format_decimal(number / _HOUR, "#,##0.0"))
    return format_decimal(number, "#,##0")
