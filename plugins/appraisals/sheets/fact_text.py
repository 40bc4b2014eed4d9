"""Figures of a sheet in the words of its page, each with the list of the records behind it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from flask_babel import format_decimal, gettext

from app.sdk import N_
from app.sdk.metrics import MINUTES, Metric, metrics_by_name, records_url
from app.sdk.people import KIND_LABELS
from app.sdk.screens import translated, write_datetime
from app.sdk.services import Actor
from plugins.appraisals.rules.figures import (
    AWAY,
    COUNT,
    EMPTY,
    MEAN,
    SHARE,
    UNKNOWN,
    UNUSED,
    is_without_data,
)
from plugins.appraisals.sheets.calculation import Difference
from plugins.appraisals.sheets.facts import period_of
from plugins.appraisals.sheets.models import Sheet

WHY_NOT = {
    UNKNOWN: N_("This figure is not there at present."),
    EMPTY: N_("There is nothing in this time of which it could be a part."),
    UNUSED: N_("Nobody has such records in this time."),
    AWAY: N_("The person was not there on any working day."),
}


@dataclasses.dataclass(frozen=True, slots=True)
class ShownFigure:
    """A figure as a page shows it.

    Attributes:
        title: what is counted.
        value: the figure with its unit; empty without data.
        sentence: numerator and denominator in words, or why there is no data.
        has_data: whether the item counts.
        at: when it was computed.
        corrected: the answer that counts instead after an objection, or an empty text.
        url: list of the records behind it; empty for whoever may not open it.
    """

    title: str
    value: str
    sentence: str
    has_data: bool
    at: str
    corrected: str
    url: str


def shown_figures(
    sheet: Sheet, facts: Mapping[str, Any], reader: Actor | None = None
) -> dict[str, ShownFigure]:
    """Return the figures among facts by name of the item; needs a request.

    Args:
        sheet: the sheet.
        facts: facts by name of the item.
        reader: who looks; ``None`` for no links, for instance on paper.
    """
    metrics = metrics_by_name(personal=True)
    return {
        name: ShownFigure(
            title=translated(metric.title) if metric else fact["metric"],
            value=value_text(fact), sentence=sentence(fact),
            has_data=not is_without_data(fact),
            at=write_datetime(dt.datetime.fromisoformat(fact["at"])),
            corrected=fact.get("corrected", ""),
            url=_url(sheet, metric, reader) if metric and reader else "")
        for name, fact in facts.items() if "metric" in fact
        for metric in (metrics.get(fact["metric"]),)
    }


def changed_figures(found: list[Difference]) -> list[tuple[str, str, str]]:
    """Return item, frozen text and present text of facts that are computed otherwise today."""
    return [(one.item, fact_text(one.frozen), fact_text(one.now)) for one in found]


def fact_text(fact: Mapping[str, Any]) -> str:
    """Return a fact in one line."""
    if "metric" not in fact:
        words = dict(KIND_LABELS)
        return ", ".join(f"{translated(words.get(kind, kind))} {amount}"
                         for kind, amount in fact["totals"].items())
    return " · ".join(filter(None, (value_text(fact), sentence(fact))))


def value_text(fact: Mapping[str, Any]) -> str:
    """Return the value of a figure with its unit; empty without data."""
    if fact["value"] is None:
        return ""
    number = format_decimal(Decimal(fact["value"]), "#,##0.##")
    if fact["kind"] == SHARE:
        return f"{number} %"
    if fact["kind"] == MEAN:
        return (gettext("%(number)s minutes", number=number) if fact["unit"] == MINUTES
                else f"{number} {translated(fact['unit'])}")
    return gettext("%(number)s each working day", number=number) if "days" in fact else number


def sentence(fact: Mapping[str, Any]) -> str:
    """Return numerator and denominator of a figure in words, or why there is no data.

    A second figure follows.
    """
    if fact["value"] is None:
        return translated(WHY_NOT[fact["why"]])
    found = _SENTENCES[fact["kind"]](fact)
    second = fact.get("second")
    if second is None:
        return found
    metric = metrics_by_name(personal=True).get(second["metric"])
    title = translated(metric.title) if metric else second["metric"]
    return f"{found} · {title}: {sentence(second) if second['value'] else 0}"


def _count(fact: Mapping[str, Any]) -> str:
    unit, number = translated(fact["unit"]), format_decimal(fact["numerator"])
    if "days" in fact:
        return gettext("%(number)s %(unit)s on %(days)s working days", unit=unit, number=number,
                       days=format_decimal(Decimal(fact["days"])))
    return f"{number} {unit}"


def _share(fact: Mapping[str, Any]) -> str:
    text = gettext("%(part)s of %(whole)s", part=format_decimal(fact["numerator"]),
                   whole=format_decimal(fact["denominator"]))
    # A rate tells what counted as a customer served.
    served = gettext(", ").join(translated(one) for one in fact.get("served", ()))
    return f"{text} ({served})" if served else text


_SENTENCES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    COUNT: _count,
    SHARE: _share,
    MEAN: lambda fact: gettext("mean of %(number)s records",
                               number=format_decimal(fact["denominator"])),
}


def _url(sheet: Sheet, metric: Metric, reader: Actor) -> str:
    if not metric.endpoint or not reader.can(metric.permission, metric.view):
        return ""
    return records_url(metric, period_of(sheet.starts_on, sheet.ends_on),
                       {"person": sheet.owner_id})
