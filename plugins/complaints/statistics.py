"""Counts of complaints by any axis, for charts, tables, downloads and the API (requirement P7)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, extract, func, select
from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.metrics import count_by
from app.sdk.models import Branch, Department, Staff, Team
from app.sdk.screens import whole_number
from app.sdk.services import Actor, AnySelect, scope_filter
from plugins.complaints import metrics
from plugins.complaints.models import Category, Cause, Channel, Complaint, RegulatorReport
from plugins.complaints.periods import chosen_period, received_in


@dataclasses.dataclass(frozen=True, slots=True)
class Axis:
    """One way to count.

    Attributes:
        name: identifier in addresses.
        title: shown name (message id).
        key: ``(session) -> expression`` whose values are counted.
        join: adds what the expression needs.
        by_time: whether the values are points in time, in order rather than by count.
    """

    name: str
    title: str
    key: Callable[[Session], ColumnElement[Any]]
    join: Callable[[AnySelect], AnySelect] = lambda statement: statement
    by_time: bool = False


def _local(session: Session) -> ColumnElement[Any]:
    """Return the day of receipt as the department counts it (UTC+8 has no summer time)."""
    if session.get_bind().dialect.name == "postgresql":
        return Complaint.received_at + func.make_interval(0, 0, 0, 0, 8)
    return func.datetime(Complaint.received_at, "+8 hours")


def _period(pattern_sqlite: str, pattern_postgresql: str) -> Callable[[Session], Any]:
    def expression(session: Session) -> ColumnElement[Any]:
        if session.get_bind().dialect.name == "postgresql":
            return func.to_char(_local(session), pattern_postgresql)
        return func.strftime(pattern_sqlite, _local(session))

    return expression


def _text(column: Any) -> Callable[[Session], ColumnElement[Any]]:
    return lambda _session: func.coalesce(column, "")


def _outer(target: Any, condition: Any) -> Callable[[AnySelect], AnySelect]:
    return lambda statement: statement.outerjoin(target, condition)


_REPORT = _outer(RegulatorReport, RegulatorReport.complaint_id == Complaint.id)

AXES = {
    axis.name: axis
    for axis in (
        Axis("product", N_("Product"), _text(Complaint.product)),
        Axis("sub_product", N_("Sub-product"), _text(Complaint.sub_product)),
        Axis("issue", N_("Issue"), _text(Complaint.issue)),
        Axis("sub_issue", N_("Sub-issue"), _text(Complaint.sub_issue)),
        Axis("region", N_("Region"), _text(Complaint.region)),
        Axis("month", N_("Month of receipt"), _period("%Y-%m", "YYYY-MM"), by_time=True),
        Axis("year", N_("Year"), _period("%Y", "YYYY"), by_time=True),
        Axis("channel", N_("Channel"), _text(Channel.name),
             _outer(Channel, Channel.id == Complaint.channel_id)),
        Axis("category", N_("Category"), _text(Category.name),
             _outer(Category, Category.id == Complaint.category_id)),
        Axis("cause", N_("Cause"), _text(Cause.name),
             _outer(Cause, Cause.id == Complaint.cause_id)),
        Axis("state", N_("State"), _text(Complaint.state)),
        Axis("severity", N_("Severity"), _text(Complaint.severity)),
        Axis("satisfaction", N_("Satisfaction"), _text(Complaint.satisfaction)),
        Axis("department", N_("Responsible department"), _text(Department.name),
             _outer(Department, Department.id == Complaint.responsible_department_id)),
        Axis("team", N_("Team"), _text(Team.name),
             _outer(Team, Team.id == Complaint.team_id)),
        Axis("branch", N_("Branch"), _text(Branch.name),
             _outer(Branch, Branch.id == Complaint.branch_id)),
        Axis("agent", N_("Agent"), _text(Staff.name),
             _outer(Staff, Staff.user_id == Complaint.owner_id)),
        Axis("timely", N_("Timely response"), _text(RegulatorReport.timely), _REPORT),
        Axis("response", N_("Company response"), _text(RegulatorReport.response), _REPORT),
        Axis("company", N_("Company"), _text(RegulatorReport.company), _REPORT),
        Axis("origin", N_("Origin"), _text(RegulatorReport.origin), _REPORT),
    )
}

OWN = "own"
# What the page chooses beside the values of axes.
CHOSEN = ("source", "period", "from", "to", "branch_id")
# Axes whose figures are held, with the dimension and what its keys are called.
KEPT: dict[str, tuple[str, tuple[Any, Any] | None]] = {
    **{name: (name, None) for name in
       ("product", "issue", "region", "state", "severity", "satisfaction")},
    "month": ("month", None), "year": ("month", None),
    "channel": ("channel", (Channel.id, Channel.name)),
    "category": ("category", (Category.id, Category.name)),
    "cause": ("cause", (Cause.id, Cause.name)),
    "department": ("responsible", (Department.id, Department.name)),
    "team": ("team", (Team.id, Team.name)), "branch": ("branch", (Branch.id, Branch.name)),
    "agent": ("person", (Staff.user_id, Staff.name)),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """How many complaints have one value of an axis.

    Attributes:
        key: the value as its dimension has it; ``None`` for nobody.
        text: its stable name, empty for none.
        number: of complaints, above 0.
    """

    key: Any
    text: str
    number: int


def is_kept(axis: str, filters: Mapping[str, str]) -> bool:
    """Return whether the counts along an axis come from the kept figures.

    Args:
        axis: name of an axis.
        filters: as for ``counts``.
    """
    return axis in KEPT and filters.keys() <= set(CHOSEN) and filters.get(
        "source", OWN) in (OWN, metrics.REGISTER)


def origin_of(filters: Mapping[str, str]) -> str | None:
    """Return the register that was chosen, empty for own work; ``None`` for both."""
    source = filters.get("source")
    return "" if source == OWN else source or None


def branch_of(filters: Mapping[str, str]) -> int | None:
    """Return the key of the branch that was chosen; ``None`` for all, and for what is no key."""
    return whole_number(filters.get("branch_id", ""))


def parts(
    session: Session, actor: Actor, axis: str, filters: Mapping[str, str]
) -> list[Part]:
    """Return the kept figures along an axis, by time or the most frequent first.

    Args:
        session: any session.
        actor: who looks.
        axis: name of an axis for which ``is_kept``, other than ``year``.
        filters: as for ``counts``.
    """
    dimension, names = KEPT[axis]
    found = count_by(session, actor, metrics.RECEIVED, dimension, chosen_period(filters),
                     origin=origin_of(filters), branch=branch_of(filters))
    words = {} if names is None else {
        str(key): name for key, name in session.execute(select(*names))}
    made = [Part(key, _text_of(key, axis) if names is None else words.get(str(key), ""), number)
            for key, number in found.items()]
    if AXES[axis].by_time:
        return sorted(made, key=lambda one: one.key)
    return sorted(made, key=lambda one: (-one.number, one.text))


def counts(
    session: Session, actor: Actor, axis: str, filters: Mapping[str, str] | None = None,
    limit: int = 500,
) -> list[tuple[str, int]]:
    """Count the complaints that an actor may see along an axis.

    Args:
        session: any session.
        actor: who looks.
        axis: name of an axis.
        filters: values of other axes that must hold, and any of ``CHOSEN``.
        limit: most values returned.

    Returns:
        Pairs of value and count: by time for periods, else the most frequent first.

    Raises:
        KeyError: there is no such axis, also among the filters.
    """
    chosen, filters = AXES[axis], filters or {}
    if is_kept(axis, filters):
        return _ordered(_kept(session, actor, axis, filters), chosen.by_time)[:limit]
    key = chosen.key(session).label("key")
    count = func.count().label("count")
    statement = _visible(session, actor, select(key, count), [axis, *filters])
    statement = _filtered(session, statement, filters)
    order = (key.asc(),) if chosen.by_time else (count.desc(), key.asc())
    rows = session.execute(statement.group_by(key).order_by(*order).limit(limit))
    return [(str(value), number) for value, number in rows]


def _kept(
    session: Session, actor: Actor, axis: str, filters: Mapping[str, str]
) -> dict[str, int]:
    """Return the figures of an axis by text, as they are held."""
    shown: Counter[str] = Counter()
    for one in parts(session, actor, axis, filters):
        shown[one.text] += one.number
    return dict(shown)


def _text_of(key: Any, axis: str) -> str:
    if isinstance(key, dt.date):
        return key.strftime("%Y-%m") if axis == "month" else f"{key.year:04}"
    return str(key or "")


def _ordered(found: Mapping[str, int], by_time: bool) -> list[tuple[str, int]]:
    if by_time:
        return sorted(found.items())
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))


def _filtered(
    session: Session, statement: AnySelect, filters: Mapping[str, str]
) -> AnySelect:
    for name, value in filters.items():
        if name == "period":
            statement = statement.where(*received_in(chosen_period(filters)))
        elif name in ("from", "to"):
            continue
        elif name == "branch_id":
            statement = statement.where(Complaint.branch_id == branch_of(filters))
        elif name == "source" and value == OWN:
            statement = statement.where(
                func.coalesce(Complaint.source, "") != metrics.REGISTER)
        else:
            wanted = Complaint.source if name == "source" else AXES[name].key(session)
            statement = statement.where(wanted == value)
    return statement


def crosstab(
    session: Session, actor: Actor, rows: str, columns: str,
    filters: Mapping[str, str] | None = None,
) -> dict[str, dict[str, int]]:
    """Count along two axes: ``{row: {column: count}}``; arguments as for ``counts``."""
    first = AXES[rows].key(session).label("row")
    second = AXES[columns].key(session).label("column")
    statement = _visible(
        session, actor, select(first, second, func.count().label("count")),
        [rows, columns, *(filters or {})],
    )
    statement = _filtered(session, statement, filters or {})
    table: dict[str, dict[str, int]] = {}
    for row, column, number in session.execute(statement.group_by(first, second)):
        table.setdefault(str(row), {})[str(column)] = number
    return table


def _visible(
    session: Session, actor: Actor, statement: AnySelect, axes: list[str]
) -> AnySelect:
    statement = statement.select_from(Complaint)
    joins = {AXES[name].join for name in axes if name in AXES}
    for join in joins:
        statement = join(statement)
    # All of a department are counted: found one by one by an index they take twice the time.
    return statement.where(
        Complaint.deleted_at.is_(None), scope_filter(actor, Complaint, indexed=False))


def handling_hours(session: Session, actor: Actor) -> float | None:
    """Return the mean time from receipt to resolution in hours, or ``None`` without any."""
    seconds = extract("epoch", Complaint.resolved_at) - extract("epoch", Complaint.received_at)
    mean = session.scalar(
        _visible(session, actor, select(func.avg(seconds)), []).where(
            Complaint.resolved_at.is_not(None)
        )
    )
    return None if mean is None else float(mean) / 3600
