"""Filters of a list: operators by kind of column, read from the address, turned into SQL.

An address holds ``column__operator=value``; a value may be repeated (any of them). Different
conditions all have to hold. Nothing here is kept between requests.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import decimal
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_

from app.access.actor import Actor
from app.access.unindexed import Unindexed
from app.errors import Rejected
from app.i18n import N_, Message
from app.metrics.periods import day_bounds
from app.screens.columns.columns import Column
from app.screens.query.multi_value_filters import rows_clause, texts_clause
from app.screens.query.periods import PERIODS, period_bounds, read_moment
from app.web.input_limits import LARGEST_KEY

SEPARATOR = "__"
_MOST_VALUES = 100
# How much of what somebody sent is shown back.
_SHOWN = 40
_LONGEST_VALUE = 200
_LARGEST_NUMBER = 2**63 - 1
# Beyond them a time zone may lead out of what a date can hold.
_FIRST_YEAR, _LAST_YEAR = 1800, 9000

# Operators by kind: name, message id, number of values (0, 1, 2, or -1 for any number).
_EMPTY = (("empty", N_("is empty"), 0), ("filled", N_("is not empty"), 0))
_NUMBER = (
    ("is", N_("is"), 1), ("not", N_("is not"), 1), ("at_least", N_("is at least"), 1),
    ("at_most", N_("is at most"), 1), ("between", N_("is between"), 2), *_EMPTY,
)
_DAY = (
    ("period", N_("is"), 1), ("on", N_("is on"), 1), ("before", N_("is before"), 1),
    ("after", N_("is after"), 1), ("between", N_("is between"), 2), *_EMPTY,
)
_TEXT = (
    ("contains", N_("contains"), 1), ("starts", N_("begins with"), 1), ("is", N_("is"), -1),
    ("not", N_("is not"), -1), *_EMPTY,
)
_SET = (("in", N_("is any of"), -1), ("not_in", N_("is none of"), -1), *_EMPTY)
OPERATORS: dict[str, tuple[tuple[str, str, int], ...]] = {
    "text": _TEXT,
    "long_text": (_TEXT[0], *_EMPTY),
    # The blind index knows whole values only.
    "sensitive": (_TEXT[2], _TEXT[3], *_EMPTY),
    "integer": _NUMBER,
    "decimal": _NUMBER,
    "boolean": (("is", N_("is"), 1), *_EMPTY),
    "date": _DAY,
    "datetime": _DAY,
    "choice": _SET,
    "relation": _SET,
}
# Whoever tried amounts or choices would learn the one that a mask hides.
_HIDDEN = _EMPTY
_SETS = ("choice", "relation")
_TEXTS = ("text", "long_text", "sensitive")
TRUE, FALSE = frozenset({"true", "1"}), frozenset({"false", "0"})
NO_FILTER = N_("There is no filter by %(name)s.")
NO_OPERATOR = N_("%(name)s cannot be filtered with %(operator)s.")
ME = "me"
MY_TEAM = "my_team"
MY_DEPARTMENT = "my_department"
LED_BY_ME = "led_by_me"
# What may stand for the rows of whoever asks, by the table that holds such rows.
OF_THE_ACTOR = {
    "ab_user": (ME,), "people_team": (MY_TEAM,), "people_department": (MY_DEPARTMENT, LED_BY_ME),
}
_ASIDE = frozenset({"before", "after"})
_BY_THE_MINUTE = frozenset({"overdue", "past", "future"})


def operators_of(column: Column) -> tuple[tuple[str, str, int], ...]:
    """Return the operators that a column can be filtered with: name, label, number of values."""
    if column.kind == "sensitive" and not column.sensitive.rules.is_found:
        return _HIDDEN
    return OPERATORS.get(column.kind, ())


class BadFilter(Rejected):
    """The address holds something that cannot be.

    Args:
        msgid: one sentence, a message id.
        values: what stands in its placeholders.
    """

    def __init__(self, msgid: str, **values: object) -> None:
        super().__init__(
            Message(msgid, {name: str(value)[:_SHOWN] for name, value in values.items()}))


@dataclasses.dataclass(frozen=True, slots=True)
class FilterCondition:
    """One filter as the user set it.

    Attributes:
        column: what is looked at.
        operator: name of the operator.
        values: as they stand in the address.
    """

    column: Column
    operator: str
    values: tuple[str, ...]

    @property
    def key(self) -> str:
        """Name of the argument in the address."""
        return f"{self.column.name}{SEPARATOR}{self.operator}"

    @property
    def operator_label(self) -> str:
        """Message id of the operator."""
        return next(o[1] for o in OPERATORS[self.column.kind] if o[0] == self.operator)


def read_conditions(
    arguments: Mapping[str, Iterable[str]], columns: Mapping[str, Column]
) -> list[FilterCondition]:
    """Return the conditions that an address holds.

    Args:
        arguments: lists of values by argument; those without the separator are passed over.
        columns: what may be filtered by, by name.

    Raises:
        BadFilter: an unknown column or operator, or values that do not fit.
    """
    found: list[FilterCondition] = []
    for key, given in arguments.items():
        if SEPARATOR not in key:
            continue
        name, _, operator = key.rpartition(SEPARATOR)
        column = columns.get(name)
        if column is None:
            raise BadFilter(NO_FILTER, name=name)
        if operator == "is" and column.kind in _SETS:
            # Who makes an address need not know whether a column has a list of choices.
            operator = "in"
        wanted = next((o for o in operators_of(column) if o[0] == operator), None)
        if wanted is None:
            raise BadFilter(NO_OPERATOR, name=name, operator=operator)
        values = tuple(value.strip() for value in given if value.strip())
        number = wanted[2]
        if number == 0:
            values = ()
        elif not values:
            # A field of the filter form that was left open.
            continue
        if len(values) > _MOST_VALUES or any(len(value) > _LONGEST_VALUE for value in values):
            raise BadFilter(N_("There are too many values for %(name)s."), name=name)
        if number > 0 and len(values) != number:
            raise BadFilter(N_("%(name)s needs another number of values."), name=name)
        found.append(FilterCondition(column, operator, values))
    return found


def clause(condition: FilterCondition, actor: Actor, zone: dt.tzinfo) -> ColumnElement[bool]:
    """Return the SQL of a condition.

    Args:
        condition: the filter.
        actor: who asks, for "me" and "my team".
        zone: time zone in which days begin and end.

    Raises:
        BadFilter: a value does not fit the column.
    """
    if condition.column.made_for is not None:
        condition = dataclasses.replace(condition, column=condition.column.seen_by(actor))
    attribute = condition.column.attribute
    if condition.column.has_several:
        keys = [key for one in condition.values for key in members(one, condition.column, actor)]
        return rows_clause(condition.column, condition.operator, keys, actor)
    if condition.operator == "empty":
        return attribute.is_(None) | _is_blank(condition.column)
    if condition.operator == "filled":
        return attribute.is_not(None) & ~_is_blank(condition.column)
    kind = condition.column.kind
    if kind in _TEXTS:
        return _text_clause(condition)
    if kind in ("date", "datetime"):
        return _day_clause(condition, zone)
    if kind == "boolean":
        return attribute.is_(_boolean(condition.values[0]))
    if kind in _SETS:
        return _set_clause(condition, actor)
    return _number_clause(condition)


def clauses(
    conditions: Iterable[FilterCondition], actor: Actor, zone: dt.tzinfo
) -> list[ColumnElement[bool]]:
    """Return the SQL of conditions that all have to hold.

    "Mine and open" is found by the indexes of the columns with people, each of which knows what
    is open. SQLite would rather take one index of everything that is open, and read it all for
    somebody who has nothing: so yes-or-no conditions are repeated beside each of those columns,
    and taken out of its sight where they stand alone.

    Args:
        conditions: the filters.
        actor: who asks, for "me" and "my team".
        zone: time zone in which days begin and end.

    Raises:
        BadFilter: a value does not fit its column.
    """
    given = list(conditions)
    if not any(one.column.has_several and one.operator == "in" for one in given):
        return [clause(one, actor, zone) for one in given]
    found: list[ColumnElement[bool]] = []
    flags = [one for one in given if one.column.kind == "boolean" and one.operator == "is"
             and one.column.made_for is None]
    beside = [clause(one, actor, zone) for one in flags]
    for one in given:
        if one in flags:
            found.append(Unindexed(one.column.attribute.expression).is_(_boolean(one.values[0])))
        elif one.column.has_several and one.operator == "in":
            keys = [key for value in one.values for key in members(value, one.column, actor)]
            found.append(rows_clause(one.column, one.operator, keys, actor, beside))
        else:
            found.append(clause(one, actor, zone))
    return found


def _is_blank(column: Column) -> ColumnElement[bool]:
    is_text = column.kind in (*_TEXTS, "choice") and not column.is_many
    return column.attribute == "" if is_text else false()


def _text_clause(condition: FilterCondition) -> ColumnElement[bool]:
    attribute, values = condition.column.attribute, condition.values
    if any("\x00" in value for value in values):
        raise BadFilter(N_("A value holds a character that no text can hold."))
    if condition.operator == "contains":
        return attribute.icontains(values[0], autoescape=True)
    if condition.operator == "starts":
        return attribute.istartswith(values[0], autoescape=True)
    if condition.operator == "not":
        return or_(attribute.not_in(values), attribute.is_(None))
    return attribute.in_(values)


def _number(value: str, kind: str) -> Any:
    try:
        number = int(value) if kind == "integer" else decimal.Decimal(value)
    except (ValueError, decimal.InvalidOperation):
        raise BadFilter(N_("%(value)s is not a number."), value=value) from None
    most = LARGEST_KEY if kind == "integer" else _LARGEST_NUMBER
    if not (decimal.Decimal(number).is_finite() and abs(number) <= most):
        raise BadFilter(N_("%(value)s is too large."), value=value)
    return number


def _number_clause(condition: FilterCondition) -> ColumnElement[bool]:
    attribute = condition.column.attribute
    values = [_number(value, condition.column.kind) for value in condition.values]
    return {
        "is": lambda: attribute == values[0],
        "not": lambda: or_(attribute != values[0], attribute.is_(None)),
        "at_least": lambda: attribute >= values[0],
        "at_most": lambda: attribute <= values[0],
        "between": lambda: attribute.between(min(values), max(values)),
    }[condition.operator]()


def _boolean(value: str) -> bool:
    if value not in TRUE and value not in FALSE:
        raise BadFilter(N_("%(value)s is neither true nor false."), value=value)
    return value in TRUE


def _date(value: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(value)
    except ValueError:
        raise BadFilter(
            N_("%(value)s is not a date such as 2026-11-22."), value=value
        ) from None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise BadFilter(N_("%(value)s lies too far away."), value=value)
    return day


def asked_days(
    condition: FilterCondition, zone: dt.tzinfo
) -> tuple[dt.date | None, dt.date | None] | None:
    """Return the first and the last day that a filter of a date asks for.

    Args:
        condition: ``period``, ``on`` or ``between``.
        zone: zone in which it is today.

    Returns:
        ``None`` in place of an open side; ``None`` for the whole where a moment decides.

    Raises:
        BadFilter: there is no such period or day.
    """
    column, values = condition.column, condition.values
    if condition.operator != "period":
        days = sorted(_date(value) for value in values)
        return days[0], days[-1]
    if values[0] not in PERIODS:
        raise BadFilter(N_("There is no period %(value)s."), value=values[0])
    if column.kind == "datetime" and values[0] in _BY_THE_MINUTE:
        return None
    return period_bounds(values[0], dt.datetime.now(zone).date())


def _day_clause(condition: FilterCondition, zone: dt.tzinfo) -> ColumnElement[bool]:
    column, operator, values = condition.column, condition.operator, condition.values
    exact = column.kind == "datetime"
    if operator in _ASIDE:
        if exact and (moment := read_moment(values[0])):
            return column.attribute < moment if operator == "before" else column.attribute > moment
        # "Before the 3rd" leaves the 3rd out, "after the 3rd" as well.
        day = _date(values[0])
        low, high = day_bounds(day, day, zone, exact=exact)
        return column.attribute < low if operator == "before" else column.attribute >= high
    days = asked_days(condition, zone)
    if days is None:
        # A time has passed by the minute, not when its day is over.
        now = dt.datetime.now(zone)
        return column.attribute >= now if values[0] == "future" else column.attribute < now
    low, high = day_bounds(*days, zone, exact=exact)
    parts = []
    if low is not None:
        parts.append(column.attribute >= low)
    if high is not None:
        parts.append(column.attribute < high)
    return and_(*parts)


def _set_clause(condition: FilterCondition, actor: Actor) -> ColumnElement[bool]:
    attribute, column = condition.column.attribute, condition.column
    if column.is_many:
        return texts_clause(attribute, condition.operator, condition.values)
    values: list[Any] = []
    for value in condition.values:
        values.extend(members(value, column, actor))
    if condition.operator == "not_in":
        return or_(attribute.not_in(values), attribute.is_(None))
    return attribute.in_(values)


def members(value: str, column: Column, actor: Actor) -> list[Any]:
    """Return what a value of a filter by a choice or a relation stands for.

    Args:
        value: as it stands in the address, e.g. ``me``.
        column: the column.
        actor: who asks.

    Raises:
        BadFilter: it is no key.
    """
    if column.kind == "choice":
        return [value]
    if value not in OF_THE_ACTOR.get(column.related.__tablename__, ()):
        return [_number(value, "integer")]
    if value == ME:
        return [actor.user_id] if actor.user_id is not None else []
    if value == MY_TEAM:
        return sorted(actor.team_ids)
    if value == MY_DEPARTMENT:
        return sorted(actor.department_ids)
    return sorted(actor.led_department_ids)
