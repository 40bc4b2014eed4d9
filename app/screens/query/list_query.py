"""What a list page asks for, read from the address; and what it gets."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from app.access.actor import Actor
from app.access.sensitive.kinds import mask_numbers, numbers_in
from app.i18n import N_
from app.screens.columns.columns import Column
from app.screens.query.filters import SEPARATOR, BadFilter, FilterCondition, read_conditions
from app.screens.query.keyset import Order, Position, decode, encode
from app.web.input_limits import whole_number

# Arguments of a list's address beside its filters.
RESERVED = frozenset(
    {"q", "sort", "after", "before", "end", "size", "all", "exact", "view", "mode", "open", "day",
     "span"}
)
_LONGEST_SEARCH = 100
_LONGEST_NAME = 40
# How the records of a list may be shown; the first one is the table.
TABLE, BOARD, CALENDAR = "", "board", "calendar"
DEFAULT_SIZE = 50
# A list of at most so many rows is sorted in no time, however they are found.
_FEW = 1000


@dataclasses.dataclass(frozen=True, slots=True)
class ListQuery:
    """One request for a page of rows; belongs to one HTTP request and to nobody else.

    Attributes:
        conditions: filters, all of which hold.
        search: text of the search box.
        order: how rows are sorted.
        position: row after (or before) which the page begins.
        backward: whether the page lies before ``position``; without one, the last page.
        size: most rows on the page.
        is_default: whether the filters are the view's own and not the user's.
        mode: how the records are shown: a table (empty), ``board`` or ``calendar``.
        view: key of the saved view that the list began with, or empty.
        excluded: conditions that do not all hold; no address holds them.
    """

    conditions: tuple[FilterCondition, ...]
    search: str
    order: Order
    position: Position | None
    backward: bool
    size: int
    is_default: bool = False
    mode: str = TABLE
    view: str = ""
    excluded: tuple[FilterCondition, ...] = ()

    def sorted_for(self, person: Actor) -> ListQuery:
        """Return the query with the SQL to sort by that a person is given.

        A query of a saved view serves everybody: what is made for one person must not stay in it.

        Args:
            person: who asks.
        """
        return dataclasses.replace(self, order=self.order.seen_by(person))

    def arguments(self, **changes: Any) -> list[tuple[str, str]]:
        """Return the arguments that lead to this list again, without its position.

        Args:
            changes: arguments to put in (or, with ``None``, to leave out).
        """
        pairs: list[tuple[str, str]] = []
        if self.search:
            pairs.append(("q", self.search))
        for condition in self.conditions:
            values = condition.values or ("1",)
            pairs.extend((condition.key, value) for value in values)
        pairs.append(("sort", ("-" if self.order.descending else "") + self.order.column.name))
        if self.size != DEFAULT_SIZE:
            pairs.append(("size", str(self.size)))
        pairs += [(name, value) for name, value in (("mode", self.mode), ("view", self.view))
                  if value]
        pairs = [pair for pair in pairs if pair[0] not in changes]
        pairs.extend((name, str(value)) for name, value in changes.items() if value is not None)
        if "all" not in changes and not any(SEPARATOR in name for name, _ in pairs):
            # Without this a view's default filters would come back.
            pairs.append(("all", "1"))
        return list(dict.fromkeys(pairs))

    def address(self, **changes: Any) -> str:
        """Return ``arguments`` as the query part of an address."""
        return "?" + urlencode(self.arguments(**changes))

    def content(self) -> list[tuple[str, str]]:
        """Return the arguments that say what is listed and how: what a saved view keeps."""
        return sorted(pair for pair in self.arguments() if pair[0] not in ("view", "size"))

    def noted_address(self) -> str:
        """Return the address as the audit trail keeps it: sensitive values and numbers masked."""
        hidden = {c.key: c.column for c in self.conditions if c.column.kind == "sensitive"}
        pairs = [
            (name, hidden[name].sensitive.mask(value) if name in hidden
             and self._has_values(name) else mask_numbers(value))
            for name, value in self.arguments()
        ]
        return "?" + urlencode(pairs)

    def names_numbers(self) -> bool:
        """Return whether it looks for sensitive values, or for a number as people have one."""
        return bool(numbers_in(self.search)) or any(
            condition.values and condition.column.kind == "sensitive"
            for condition in self.conditions
        )

    def _has_values(self, key: str) -> bool:
        return any(c.values for c in self.conditions if c.key == key)

    def without(self, condition: FilterCondition) -> str:
        """Return the address of this list without one of its conditions."""
        rest = tuple(c for c in self.conditions if c is not condition)
        return dataclasses.replace(self, conditions=rest).address()

    def replacing(self, condition: FilterCondition | None, key: str, value: str) -> str:
        """Return the address of this list with a filter more, or in the place of another.

        Args:
            condition: the filter whose place it takes; ``None`` for one more.
            key: argument of the new filter.
            value: its value.
        """
        rest = tuple(c for c in self.conditions if c is not condition and c.key != key)
        pairs = dataclasses.replace(self, conditions=rest).arguments(all=None)
        return "?" + urlencode([*pairs, (key, value)])

    def without_rows_of(self, conditions: tuple[FilterCondition, ...]) -> ListQuery:
        """Return this list less the rows for which all of some conditions hold."""
        return dataclasses.replace(self, excluded=conditions)


@dataclasses.dataclass(frozen=True, slots=True)
class Count:
    """How many rows there are, up to a cap."""

    value: int
    capped: bool

    @property
    def is_large(self) -> bool:
        """Whether there are so many that they are read in order and not sorted."""
        return self.capped or self.value > _FEW

    @property
    def text(self) -> str:
        """The number as text: ``1,000+`` when there are more."""
        number = f"{self.value:,}"
        return f"{number}+" if self.capped else number


@dataclasses.dataclass(frozen=True, slots=True)
class RowsPage:
    """Rows of a list with the ways onward.

    Attributes:
        rows: tuples: primary key, sort value, then the asked columns.
        before: cursor of the page before, or empty.
        after: cursor of the page after, or empty.
    """

    rows: list[Any]
    before: str
    after: str


def page_of(query: ListQuery, rows: list[Any]) -> RowsPage:
    """Return a page with the ways onward.

    Args:
        query: what was asked for.
        rows: its rows as they were read, backward the last one first; one more than the page has
            shows that there are further ones.
    """
    more = len(rows) > query.size
    rows = rows[: query.size]
    if query.backward:
        rows.reverse()
    before = after = ""
    if rows:
        first, last = (encode(query.order, Position(row[1], row[0])) for row in (rows[0], rows[-1]))
        # Coming from a position there is always something on the side one came from.
        if more if query.backward else query.position is not None:
            before = first
        if (query.position is not None) if query.backward else more:
            after = last
    return RowsPage(rows, before, after)


def read_query(
    arguments: Mapping[str, Iterable[str]],
    columns: Mapping[str, Column],
    sortable: Iterable[str],
    default_sort: str,
    key: Any,
    most: int,
    defaults: Mapping[str, Iterable[str]] | None = None,
    modes: Iterable[str] = (),
) -> ListQuery:
    """Return what an address asks for.

    Args:
        arguments: lists of values by argument.
        columns: every column that may be filtered or sorted by, by name.
        sortable: names of columns that the list may be sorted by.
        default_sort: column name, with ``-`` in front for large values first.
        key: attribute of the primary key.
        most: most rows that a page may hold.
        defaults: filters in force when the address holds none.
        modes: how else than as a table the records may be shown.

    Raises:
        BadFilter: anything in the address that cannot be.
    """
    given = {name: list(values) for name, values in arguments.items()}
    for name in given:
        if name not in RESERVED and SEPARATOR not in name:
            raise BadFilter(
                N_("The address holds %(name)s, which means nothing here."), name=name
            )
    for name in RESERVED & given.keys():
        if len(given[name]) != 1:
            raise BadFilter(N_("%(name)s stands in the address more than once."), name=name)
    single = {name: given[name][0] for name in RESERVED & given.keys()}
    search = single.get("q", "").strip()
    if len(search) > _LONGEST_SEARCH or "\x00" in search:
        raise BadFilter(N_("The search text is too long or holds a strange character."))
    is_default = bool(defaults) and not search and "all" not in single and not any(
        SEPARATOR in name for name in given
    )
    conditions = read_conditions((defaults or {}) if is_default else given, columns)
    order = _order(single.get("sort") or default_sort, columns, sortable, key)
    position, backward = _position(single, order)
    return ListQuery(
        conditions=tuple(conditions), search=search, order=order, position=position,
        backward=backward, size=_size(single.get("size"), most), is_default=is_default,
        mode=_one_of(single.get("mode", TABLE), {TABLE, *modes}),
        view=_name(single.get("view", "")),
    )


def _one_of(text: str, known: set[str]) -> str:
    if text not in known:
        raise BadFilter(N_("The list cannot be shown as %(name)s."), name=text)
    return text


def _name(text: str) -> str:
    if len(text) > _LONGEST_NAME or not (text == "" or text.replace("_", "").isalnum()):
        raise BadFilter(N_("There is no saved view of that name."))
    return text


def _order(sort: str, columns: Mapping[str, Column], sortable: Iterable[str], key: Any) -> Order:
    name = sort.removeprefix("-")
    column = columns.get(name)
    if column is None or (name not in set(sortable) and name != key.key):
        raise BadFilter(N_("The list cannot be sorted by %(name)s."), name=name)
    return Order(column, sort.startswith("-"), key)


def _position(single: Mapping[str, str], order: Order) -> tuple[Position | None, bool]:
    after, before, end = single.get("after"), single.get("before"), single.get("end")
    if sum(bool(item) for item in (after, before, end)) > 1:
        raise BadFilter(N_("The address holds two positions."))
    if after:
        return decode(order, after), False
    if before:
        return decode(order, before), True
    return None, bool(end)


def _size(text: str | None, most: int) -> int:
    if not text:
        return min(DEFAULT_SIZE, most)
    number = whole_number(text)
    if not number:
        raise BadFilter(N_("The number of rows must be a number from 1 up."))
    return min(number, most)
