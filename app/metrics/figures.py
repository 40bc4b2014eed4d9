"""Metrics read with the rights of whoever asks: counts, shares of counts, means, rates."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.host.measures import Metric
from app.metrics.periods import ALWAYS, Period
from app.metrics.reading import counts, counts_by
from app.metrics.served import served, served_by


@dataclasses.dataclass(frozen=True, slots=True)
class Figure:
    """A metric of a period, and of a person where one was asked for.

    Attributes:
        numerator: what was counted or added up, in parts of the metric's unit (``Metric.parts``).
        denominator: what it is a share of, or the number of records that were added up; ``None``
            for a plain count, and for a rate whose customers served are not known.
        value: the count, the share in percent, or the mean; ``None`` of nothing.
        served: of a rate, what counts as a customer served (message ids).
    """

    numerator: int
    denominator: int | None
    value: float | None
    served: tuple[str, ...] = ()


def value(
    session: Session, actor: Actor, metric: Metric, period: Period = ALWAYS, *,
    origin: str | None = None, person: int | None = None, branch: int | None = None,
) -> float | None:
    """Return a metric: a count, a share of 100, a rate or a mean.

    Args:
        session: any session.
        actor: who asks; their rights and scope hold.
        metric: what is wanted.
        period: from when to when.
        origin: own work, imported, or both.
        person: primary key of a user whose work alone counts.
        branch: only records of this branch; ``None`` for all.

    Returns:
        ``None`` for a share or a mean of nothing.
    """
    return figures(session, actor, [metric], period, origin=origin, person=person, branch=branch)[
        metric.name].value


def figures(
    session: Session, actor: Actor, metrics: Sequence[Metric], period: Period = ALWAYS, *,
    origin: str | None = None, person: int | None = None, branch: int | None = None,
    served_age: dt.timedelta = dt.timedelta(0),
) -> dict[str, Figure]:
    """Return several metrics by name.

    A rate of customers served counts own work alone, also where both are asked for.

    Args:
        session: any session.
        actor: who asks; their rights and scope hold.
        metrics: what is wanted.
        period: from when to when.
        origin: own work, imported, or both.
        person: primary key of a user whose work alone counts.
        branch: only records of this branch; ``None`` for all.
        served_age: how old the number of customers served may be. Different customers are counted
            over all their records, so a page that is opened again and again lets it stand a while.
    """
    plain, rates = _parted(metrics)
    found = counts(session, actor, _measures(plain), period, origin=origin, person=person,
                   branch=branch)
    made = {metric.name: figure_of(metric, found) for metric in plain}
    if rates:
        of_rates = counts(session, actor, _measures(rates), period, origin=origin or "",
                          person=person, branch=branch)
        whole = served(session, actor, period, origin=origin, person=person, branch=branch,
                       age=served_age)
        made |= {one.name: rate_of(of_rates[one.numerator.name], whole.number, whole.titles)
                 for one in rates}
    return {metric.name: made[metric.name] for metric in metrics}


def figures_by(
    session: Session, actor: Actor, metrics: Sequence[Metric], dimension: str,
    period: Period = ALWAYS, *, origin: str | None = None, branch: int | None = None,
    wanted: Iterable[Any] = (),
) -> dict[Any, dict[str, Figure]]:
    """Return several metrics by key of a dimension and name.

    Args:
        session: any session.
        actor: who asks; their rights and scope hold.
        metrics: what is wanted.
        dimension: see ``count_by``.
        period: from when to when.
        origin: own work, imported, or both.
        branch: only records of this branch; ``None`` for all.
        wanted: keys that are returned also where nothing was counted.
    """
    plain, rates = _parted(metrics)
    found = counts_by(session, actor, _measures(plain), dimension, period, origin=origin,
                      branch=branch)
    of_rates = counts_by(session, actor, _measures(rates), dimension, period, origin=origin or "",
                         branch=branch) if rates else {}
    whole = served_by(session, actor, dimension, period, origin=origin,
                      branch=branch) if rates else None
    keys = {key for numbers in (*found.values(), *of_rates.values()) for key in numbers}
    # Who served customers and had no complaint has a rate: none of so many.
    keys |= {*wanted, *((whole.numbers or ()) if whole is not None else ())}
    made: dict[Any, dict[str, Figure]] = {}
    for key in keys:
        mine = {name: numbers.get(key, 0) for name, numbers in found.items()}
        made[key] = {metric.name: figure_of(metric, mine) for metric in plain}
        if whole is not None:
            number = None if whole.numbers is None else whole.numbers.get(key, 0)
            made[key] |= {one.name: rate_of(of_rates[one.numerator.name].get(key, 0), number,
                                            whole.titles) for one in rates}
    return made


def _parted(metrics: Sequence[Metric]) -> tuple[list[Metric], list[Metric]]:
    return ([one for one in metrics if not one.per_served],
            [one for one in metrics if one.per_served])


def _measures(metrics: Sequence[Metric]) -> list[Any]:
    return list({one.name: one for metric in metrics for one in metric.measures}.values())


def figure_of(metric: Metric, found: Mapping[str, int]) -> Figure:
    """Return a metric from counts of its measures.

    Args:
        metric: the metric, no rate of customers served.
        found: counts by name of the measure; those that are missing are 0.
    """
    number = found.get(metric.numerator.name, 0)
    if metric.denominator is None:
        return Figure(number, None, number)
    whole = found.get(metric.denominator.name, 0)
    if not whole:
        return Figure(number, whole, None)
    if metric.is_mean:
        return Figure(number, whole, number / (whole * metric.parts))
    return Figure(number, whole, 100 * number / whole)


def rate_of(number: int, whole: int | None, titles: tuple[str, ...] = ()) -> Figure:
    """Return a rate of customers served.

    Args:
        number: what is counted.
        whole: customers served; ``None`` where they are not known.
        titles: what counts as a customer served (message ids).
    """
    return Figure(number, whole, 100 * number / whole if whole else None, titles)
