"""What the charts of complaints are drawn from: values along an axis, each with its records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.metrics import ALWAYS, Period, count_by, records_url
from app.sdk.people import local_today
from app.sdk.screens import Chart, Series, localised_label, translated
from app.sdk.services import Actor
from plugins.complaints.choices import SATISFACTIONS, SEVERITIES, label_of
from plugins.complaints.metrics import BY_NAME, RECEIVED
from plugins.complaints.models import Category, Cause, Channel
from plugins.complaints.periods import chosen_period
from plugins.complaints.statistics import (
    AXES,
    KEPT,
    branch_of,
    counts,
    is_kept,
    origin_of,
    parts,
)
from plugins.complaints.workflow import STATES

SHOWN_ROWS = 15
MOST_DAYS = 92
_DAY = dt.timedelta(days=1)
_COMPLAINTS = N_("Complaints")
# Axes whose values are entries of a dictionary.
_LISTS = {"channel": Channel, "category": Category, "cause": Cause}


def chart_of(
    session: Session, actor: Actor, axis: str, kind: str, filters: Mapping[str, str]
) -> Chart:
    """Return the complaints along an axis, each value with the address of its records.

    Args:
        session: any session.
        actor: who looks.
        axis: name of an axis; ``month`` is drawn over time, by days where the period is short.
        kind: of the chart, see ``Chart``.
        filters: as for ``counts`` of the statistics.
    """
    if axis == "month" and is_kept(axis, filters):
        return _over_time(session, actor, filters)
    if is_kept(axis, filters):
        dimension = KEPT[axis][0]
        found = [(one.text, one.number, _address(filters, {dimension: one.key}))
                 for one in parts(session, actor, axis, filters)]
    else:
        found = [(text, number, _address_of_text(axis, text, filters))
                 for text, number in counts(session, actor, axis, filters, limit=5000)]
    words = _words_of_list(session, axis)
    rows = [(shown(axis, words.get(text, text)), number, url) for text, number, url in found]
    if kind in ("bars", "pie"):
        rows = _most_frequent(rows)
    return Chart(
        label=AXES[axis].title, labels=[label for label, _, _ in rows], kind=kind,
        series=[Series(name=_COMPLAINTS, values=[number for _, number, _ in rows])],
        urls=[url for _, _, url in rows], name=f"complaints-{axis}")


def _most_frequent(rows: list[tuple[str, int, str]]) -> list[tuple[str, int, str]]:
    """Return the most frequent values and, as one, all others."""
    if len(rows) <= SHOWN_ROWS:
        return rows
    rest = sum(number for _, number, _ in rows[SHOWN_ROWS - 1:])
    return [*rows[: SHOWN_ROWS - 1], (gettext("All others"), rest, "")]


def _address(
    filters: Mapping[str, str], by: Mapping[str, Any], period: Period | None = None
) -> str:
    branch = branch_of(filters)
    if branch is not None:
        by = {"branch": branch, **by}
    return records_url(BY_NAME[RECEIVED.name], chosen_period(filters) if period is None else period,
                       by, origin=origin_of(filters))


def _address_of_text(axis: str, text: str, filters: Mapping[str, str]) -> str:
    """Return the list behind a value of the regulator's report; lists know the verdict alone."""
    if axis != "timely":
        return ""
    address = _address(filters, {})
    return f"{address}&regulator_timely__{'is=' + text if text else 'empty=1'}"


def _over_time(session: Session, actor: Actor, filters: Mapping[str, str]) -> Chart:
    """Return the complaints by day or month, beside those of the period before."""
    period = chosen_period(filters)
    by_day = period != ALWAYS and len(days_of(period)) <= MOST_DAYS
    dimension = "day" if by_day else "month"
    now = _counted(session, actor, filters, dimension, period)
    spans = days_of(period) if by_day else months_of(period, now)
    series = [Series(name=_COMPLAINTS, values=[now.get(one.first, 0) for one in spans])]
    earlier = period.before()
    if earlier is not None:
        then = _counted(session, actor, filters, dimension, earlier)
        before = days_of(earlier) if by_day else months_of(earlier, then)
        values = [then.get(one.first, 0) for one in before]
        # A month is compared day by day, and may be longer than the one before.
        values += [None] * (len(spans) - len(values))
        series.append(Series(name=N_("Period before"), values=values[:len(spans)]))
    times = [one.first for one in spans if one.first is not None]
    return Chart(
        label=N_("Day") if by_day else AXES["month"].title, times=times, series=series,
        labels=[one.isoformat() if by_day else f"{one:%Y-%m}" for one in times],
        # A line needs two points.
        kind="line" if len(times) > 1 else "columns",
        urls=[_address(filters, {}, one) for one in spans], name="complaints-month")


def _counted(
    session: Session, actor: Actor, filters: Mapping[str, str], dimension: str, period: Period
) -> Mapping[Any, int]:
    return count_by(session, actor, RECEIVED, dimension, period, origin=origin_of(filters),
                    branch=branch_of(filters))


def days_of(period: Period) -> list[Period]:
    """Return each day of a period of which both ends are known; days to come are left out."""
    assert period.first is not None and period.last is not None, "see by_day"
    last = min(period.last, max(local_today(), period.first))
    return [Period(first=day, last=day) for day in (
        period.first + _DAY * number for number in range((last - period.first).days + 1))]


def months_of(period: Period, found: Mapping[dt.date, int]) -> list[Period]:
    """Return each month of a period, those without complaints as well; none that is to come.

    The first and the last one end where the period does.

    Args:
        period: any period.
        found: complaints by the first day of a month; of an open period, they say where it ends.
    """
    days = sorted(found)
    first = period.first or (days[0] if days else None)
    last = period.last or (days[-1] if days else None)
    if first is None or last is None:
        return []
    if period.last is not None:
        last = min(last, max(local_today(), first))
    spans = []
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        begin = dt.date(number // 12, number % 12 + 1, 1)
        end = dt.date((number + 1) // 12, (number + 1) % 12 + 1, 1) - _DAY
        spans.append(Period(first=max(begin, period.first or begin),
                            last=min(end, period.last or end)))
    return spans


def shown(axis: str, value: str) -> str:
    """Return a value of an axis as people read it."""
    if value == "":
        return gettext("(none)")
    if axis == "state":
        return translated(next((s.label for s in STATES if s.name == value), value))
    if axis in ("severity", "satisfaction"):
        pairs = SEVERITIES if axis == "severity" else SATISFACTIONS
        return translated(label_of(pairs, value))
    return value


def _words_of_list(session: Session, axis: str) -> dict[str, str]:
    """Return what the entries of a dictionary are called on the page, by their stable name."""
    model = _LISTS.get(axis)
    if model is None:
        return {}
    named = session.execute(select(model.name, localised_label(model).label("shown")))
    return {row.name: row.shown for row in named}
