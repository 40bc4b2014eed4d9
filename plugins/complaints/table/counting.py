"""What stands in the complaint summary table, each figure with the list behind it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import format_decimal, gettext
from sqlalchemy import ColumnElement, extract, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.sdk import N_
from app.sdk.metrics import MINUTES, PERCENT, Period
from app.sdk.models import Branch, Department
from app.sdk.screens import localised_label, translated
from app.sdk.services import Actor, AnySelect, is_present, scope_filter
from plugins.complaints import metrics
from plugins.complaints.choices import SEVERITIES, label_of
from plugins.complaints.models import Category, Cause, Channel, Complaint
from plugins.complaints.periods import received_in
from plugins.complaints.summary import Cell, figure_text


@dataclasses.dataclass(frozen=True, slots=True)
class Level:
    """What the rows of the table can stand for.

    Attributes:
        title: shown name (message id).
        column: what is counted by.
        filtered: name by which the list of complaints filters.
        entries: key and SQL of the name, where the values are rows of a list.
    """

    title: str
    column: InstrumentedAttribute[Any]
    filtered: str
    entries: tuple[Any, Any] | None = None


def levels() -> Mapping[str, Level]:
    """Return what the rows can stand for, by name; made anew, for names depend on the language."""
    return {
        "category": Level(N_("Category"), Complaint.category_id, "category",
                          (Category.id, localised_label(Category))),
        "cause": Level(N_("Cause"), Complaint.cause_id, "cause",
                       (Cause.id, localised_label(Cause))),
        "product": Level(N_("Product"), Complaint.product, "product"),
        "issue": Level(N_("Issue"), Complaint.issue, "issue"),
        "severity": Level(N_("Severity"), Complaint.severity, "severity"),
        "channel": Level(N_("Channel"), Complaint.channel_id, "channel",
                         (Channel.id, localised_label(Channel))),
        "responsible": Level(N_("Responsible department"), Complaint.responsible_department_id,
                             "responsible_department", (Department.id, Department.name)),
        "branch": Level(N_("Branch"), Complaint.branch_id, "branch", (Branch.id, Branch.name)),
    }


LEVELS = ("category", "cause", "product", "issue", "severity", "channel", "responsible", "branch")
DEFAULT_LEVELS = ("category", "cause")
# What the register knows instead of them.
REGISTER_LEVELS = ("product", "issue")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a table is made of.

    Attributes:
        period: days of receipt.
        origin: register, empty for own work, ``None`` for both.
        branch_id: only complaints of this branch.
        department_id: only complaints of this department and those below it.
        team_id: only complaints of this team.
        rows: what the rows stand for, among ``LEVELS``.
        within: what they are divided by; empty for nothing.
    """

    period: Period
    origin: str | None = None
    branch_id: int | None = None
    department_id: int | None = None
    team_id: int | None = None
    rows: str = DEFAULT_LEVELS[0]
    within: str = DEFAULT_LEVELS[1]


class Counted(NamedTuple):
    """Numbers of some complaints."""

    received: int = 0
    resolved: int = 0
    minutes: int = 0
    rated: int = 0
    satisfied: int = 0

    def plus(self, other: Counted) -> Counted:
        """Return the numbers of both together."""
        return Counted(*(one + two for one, two in zip(self, other, strict=True)))


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """A row of the table.

    Attributes:
        name: what it stands for, in the language of the page.
        is_part: whether it divides the row above.
        cells: in the order of ``header``.
    """

    name: str
    is_part: bool
    cells: Sequence[Cell]


@dataclasses.dataclass(frozen=True, slots=True)
class Table:
    """The table; see ``table_of``.

    Attributes:
        header: texts of the columns, in the language of the page.
        rows: the most complaints first, each followed by its parts.
        total: all of them.
    """

    header: Sequence[str]
    rows: Sequence[Row]
    total: Row


_Key = tuple[Any, Any]


def table_of(session: Session, actor: Actor, asked: Asked) -> Table:
    """Return the table of the complaints that an actor may see.

    What was resolved and what customers said is told of the complaints received in the period,
    whenever it happened (SPEC P7). A period that is open on a side has none before it.

    Args:
        session: any session.
        actor: who looks.
        asked: what the table is made of.
    """
    known = levels()
    chosen = [known[name] for name in (asked.rows, asked.within) if name]
    earlier = asked.period.before()
    departments = _departments(session, asked.department_id)
    now = _count(session, actor, asked, asked.period, chosen, departments)
    before = {} if earlier is None else _count(session, actor, asked, earlier, chosen, departments)
    maker = _Maker(asked, earlier, departments, chosen, [_names(session, one) for one in chosen],
                   _sum(now.values()))
    rows = []
    for first in _ordered({one for one, _ in (*now, *before)}, now, before, maker):
        mine, then = ({key: found for key, found in each.items() if key[0] == first}
                      for each in (now, before))
        rows.append(maker.row([first], _sum(mine.values()), _sum(then.values())))
        if len(chosen) > 1:
            parts = _ordered({one for _, one in (*mine, *then)},
                             {(key[1], None): found for key, found in mine.items()},
                             {(key[1], None): found for key, found in then.items()}, maker, 1)
            rows += [maker.row([first, part], mine.get((first, part), Counted()),
                               then.get((first, part), Counted())) for part in parts]
    return Table(header(earlier is not None), rows,
                 maker.row([], maker.whole, _sum(before.values())))


def header(with_before: bool) -> list[str]:
    """Return the texts of the columns beside the first one.

    Args:
        with_before: whether there is a period before.
    """
    before = [gettext("Period before"), gettext("Against the period before")] if with_before else []
    return [gettext("Number of complaints"), gettext("Share"), *before, gettext("Resolved"),
            gettext("Resolution rate"), gettext("Mean handling time"),
            gettext("Satisfied of those asked")]


def _departments(session: Session, key: int | None) -> list[int]:
    """Return a department and those below it."""
    if key is None:
        return []
    path = session.scalar(select(Department.path).where(Department.id == key))
    # What is no department has no complaints.
    return [key] if path is None else list(session.scalars(
        select(Department.id).where(Department.path.startswith(path)).order_by(Department.id)))


def _count(
    session: Session, actor: Actor, asked: Asked, period: Period, chosen: Sequence[Level],
    departments: Sequence[int],
) -> dict[_Key, Counted]:
    keys: list[Any] = [one.column for one in chosen] + [literal("")] * (2 - len(chosen))
    first, second = (key.label(f"level_{place}") for place, key in enumerate(keys))
    minutes = (extract("epoch", Complaint.resolved_at)
               - extract("epoch", Complaint.received_at)) / 60
    resolved = Complaint.resolved_at.is_not(None)
    statement: AnySelect = select(
        first, second, func.count(), func.count().filter(resolved),
        func.coalesce(func.sum(minutes).filter(resolved), 0),
        func.count().filter(Complaint.satisfaction != ""),
        func.count().filter(Complaint.satisfaction == "satisfied"),
    ).where(is_present(Complaint), scope_filter(actor, Complaint, indexed=False),
            *received_in(period), *_of(asked, departments)).group_by(first, second)
    found: dict[_Key, Counted] = {}
    for one, two, *numbers in session.execute(statement):
        # Texts are empty where entries of lists are missing.
        key = (one or None, two or None)
        found[key] = found.get(key, Counted()).plus(Counted(*map(int, numbers)))
    return found


def _of(asked: Asked, departments: Sequence[int]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.origin is not None:
        source = func.coalesce(Complaint.source, "")
        found.append(source == asked.origin if asked.origin else source != metrics.REGISTER)
    if asked.branch_id is not None:
        found.append(Complaint.branch_id == asked.branch_id)
    if departments:
        found.append(Complaint.department_id.in_(departments))
    if asked.team_id is not None:
        found.append(Complaint.team_id == asked.team_id)
    return found


def _sum(found: Any) -> Counted:
    total = Counted()
    for one in found:
        total = total.plus(one)
    return total


def _names(session: Session, level: Level) -> Mapping[Any, str]:
    """Return what the values of a level are called, by key."""
    if level.entries is not None:
        return dict(session.execute(select(*level.entries)).all())
    if level.filtered == "severity":
        return {value: translated(label_of(SEVERITIES, value)) for value, _ in SEVERITIES}
    return {}


def _ordered(
    keys: set[Any], now: Mapping[_Key, Counted], before: Mapping[_Key, Counted], maker: _Maker,
    depth: int = 0,
) -> list[Any]:
    """Return values by number of complaints now, then before, then by name."""
    def numbers(found: Mapping[_Key, Counted], key: Any) -> int:
        return sum(one.received for (first, _), one in found.items() if first == key)

    return sorted(keys, key=lambda key: (
        -numbers(now, key), -numbers(before, key), maker.name(depth, key)))


@dataclasses.dataclass(frozen=True, slots=True)
class _Maker:
    """Makes rows of numbers."""

    asked: Asked
    earlier: Period | None
    departments: Sequence[int]
    levels: Sequence[Level]
    names: Sequence[Mapping[Any, str]]
    whole: Counted

    def name(self, depth: int, key: Any) -> str:
        """Return what a value is called."""
        if key is None:
            return gettext("(none)")
        return self.names[depth].get(key, str(key))

    def row(self, keys: Sequence[Any], now: Counted, before: Counted) -> Row:
        """Return the row of a value, of a value within another, or of all."""
        name = self.name(len(keys) - 1, keys[-1]) if keys else gettext("Total")
        here = self._filters(keys, self.asked.period)
        resolved = {**here, "resolved_at__filled": "1"}
        cells = [_number(now.received, here),
                 _share(now.received, self.whole.received, here)]
        if self.earlier is not None:
            cells += [_number(before.received, self._filters(keys, self.earlier)),
                      _change(now.received, before.received)]
        cells += [
            _number(now.resolved, resolved), _share(now.resolved, now.received, resolved),
            _mean(now.minutes, now.resolved, resolved),
            _share(now.satisfied, now.rated, {**here, "satisfaction__in": "satisfied"}),
        ]
        return Row(name, len(keys) > 1, cells)

    def _filters(self, keys: Sequence[Any], period: Period) -> dict[str, Any]:
        """Return the arguments of the list that holds the complaints of a row."""
        asked = self.asked
        found: dict[str, Any] = {"received_at__filled": "1"}
        if period.first is not None and period.last is not None:
            found = {"received_at__between": [_text(period.first), _text(period.last)]}
        if asked.origin is not None:
            found |= ({"source__in": asked.origin} if asked.origin
                      else {"source__not_in": metrics.REGISTER})
        places = {"branch__in": asked.branch_id, "team__in": asked.team_id,
                  "department__in": list(self.departments)}
        found |= {name: value for name, value in places.items() if value not in (None, [])}
        for level, key in zip(self.levels, keys, strict=False):
            found |= ({f"{level.filtered}__empty": "1"} if key is None
                      else {f"{level.filtered}__is": key})
        return found


def _text(day: dt.date) -> str:
    return day.isoformat()


def _address(filters: Mapping[str, Any]) -> str:
    return url_for(metrics.ENDPOINT, **filters)


def _number(number: int, filters: Mapping[str, Any]) -> Cell:
    return Cell(format_decimal(number), "", _address(filters), number)


def _share(part: int, whole: int, filters: Mapping[str, Any]) -> Cell:
    if not whole:
        return Cell("–", "", "", None)
    of = gettext("%(part)s of %(whole)s", part=part, whole=whole)
    return Cell(figure_text(PERCENT, 100 * part / whole), of, _address(filters),
                100 * part / whole)


def _mean(minutes: int, number: int, filters: Mapping[str, Any]) -> Cell:
    if not number:
        return Cell("–", "", "", None)
    return Cell(figure_text(MINUTES, minutes / number), gettext("of %(number)s", number=number),
                _address(filters), minutes / number)


def _change(now: int, before: int) -> Cell:
    """Return how the number has changed; in percent too, where there was something before."""
    by = now - before
    percent = figure_text(PERCENT, 100 * by / before, signed=True) if before else ""
    return Cell(f"{by:+d}" if by else "0", percent if by else "", "", by)
