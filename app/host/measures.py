"""What plugins declare about their figures: measures over records, metrics over measures."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

OPERATORS = ("is", "in", "empty", "filled", "at_least", "at_most")
"""Comparisons that a measure may use; they mean what they mean in the address of a list."""

HIGHER, LOWER, NEITHER = "higher", "lower", ""
PERCENT, MINUTES = "%", "minutes"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """How many records of a kind fulfil a condition; records in the recycle bin never count.

    Attributes:
        name: identifier with the plugin's prefix.
        model: mapped class with the ``Record`` mixin, or a table to which rows are only added; its
            rows count for everybody who may open the list.
        where: the condition as the list's address has it, e.g. ``{"is_open__is": "true"}``;
            operators ``is``, ``in`` (several values as a tuple), ``empty``, ``filled``, and for
            whole numbers ``at_least`` and ``at_most``. The
            list with these arguments shows the records behind the figure.
        day: column with the moment whose day a record counts for; empty for a figure of the
            present, such as open records.
        person: column with the user whom a record counts for; empty for nobody.
        amount: what a record adds: empty for 1, a column with a whole number, or two columns with
            moments for the minutes from the first to the second. Records without it add nothing.
        places: decimal places of the amount's column that are added up; 0 for whole numbers.
        dimensions: by name the column of the record that is counted by, beside person, team and
            department.
        origin: column that says where a record was imported from.
        registers: values of ``origin`` that are counted apart from own work.
    """

    name: str
    model: type[Any]
    where: Mapping[str, str | tuple[str, ...]] = dataclasses.field(default_factory=dict)
    day: str = ""
    person: str = "owner_id"
    amount: str | tuple[str, str] = ""
    places: int = 0
    dimensions: Mapping[str, str] = dataclasses.field(default_factory=dict)
    origin: str = ""
    registers: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A named figure: a count of records, the share of one count in another, or a mean.

    Attributes:
        name: identifier with the plugin's prefix.
        title: shown text (message id).
        numerator: what is counted; of a mean, a measure with an amount.
        denominator: what it is a share of, or of a mean the records that are added up; ``None``
            for a plain count.
        per_served: whether a plain count is told as a rate of the customers served, which an
            admin defines; see ``Served``. Own work alone counts then.
        unit: what a plain count counts (message id), e.g. "complaints"; of a share "%"; of a mean
            ``MINUTES``, ``PERCENT`` for scores in percent, or what its amount counts.
        better: ``higher`` or ``lower`` is better; empty where neither is.
        endpoint: list that shows the records behind the figure, see ``records``.
        view: permission name of the screen; its ``permission`` opens the figure.
        permission: see ``view``.
    """

    name: str
    title: str
    numerator: Measure
    denominator: Measure | None = None
    unit: str = ""
    better: str = NEITHER
    endpoint: str = ""
    view: str = ""
    permission: str = "can_list"
    per_served: bool = False

    @property
    def is_share(self) -> bool:
        """Whether it is told as a part of something, or as a mean: it has a denominator."""
        return self.denominator is not None or self.per_served

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The numerator and, where there is one, the denominator."""
        return (self.numerator,) if self.denominator is None else (
            self.numerator, self.denominator)

    @property
    def is_mean(self) -> bool:
        """Whether the numerator adds something up and the denominator says of how many."""
        return bool(self.numerator.amount)

    @property
    def parts(self) -> int:
        """Into how many parts the unit of a mean is divided where it is added up: 10 for tenths."""
        return 10 ** self.numerator.places

    @property
    def records(self) -> Measure:
        """The measure whose records are those behind the figure."""
        return self.denominator if self.is_mean and self.denominator else self.numerator


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Something that may count as a customer served (SPEC P7): the denominator of rates.

    Attributes:
        name: identifier with the plugin's prefix.
        title: what is counted, as it stands behind a number (message id), e.g. "callbacks made".
        measure: each of its records stands for one customer; it has a day and no amount.
        count: instead of a measure ``(session, actor, period, by_person)``: returns the number
            under the key ``None``, or with ``by_person`` numbers by key of the user.
    """

    name: str
    title: str
    measure: Measure | None = None
    count: Callable[[Any, Any, Any, bool], Mapping[Any, int]] | None = None
