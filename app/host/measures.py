"""What plugins declare about their figures: measures over records, metrics over measures."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

OPERATORS = ("is", "in", "empty", "filled")
"""Comparisons that a measure may use; they mean what they mean in the address of a list."""

HIGHER, LOWER, NEITHER = "higher", "lower", ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """How many records of a kind fulfil a condition; records in the recycle bin never count.

    Attributes:
        name: identifier with the plugin's prefix.
        model: mapped class with the ``Record`` mixin.
        where: the condition as the list's address has it, e.g. ``{"is_open__is": "true"}``;
            operators ``is``, ``in`` (several values as a tuple), ``empty`` and ``filled``. The
            list with these arguments shows the records behind the figure.
        day: column with the moment whose day a record counts for; empty for a figure of the
            present, such as open records.
        dimensions: by name the column of the record that is counted by, beside person, team and
            department.
        origin: column that says where a record was imported from.
        registers: values of ``origin`` that are counted apart from own work.
    """

    name: str
    model: type[Any]
    where: Mapping[str, str | tuple[str, ...]] = dataclasses.field(default_factory=dict)
    day: str = ""
    dimensions: Mapping[str, str] = dataclasses.field(default_factory=dict)
    origin: str = ""
    registers: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A named figure: a count of records, or the share of one count in another.

    Attributes:
        name: identifier with the plugin's prefix.
        title: shown text (message id).
        numerator: what is counted; the records behind the figure.
        denominator: what it is a share of; ``None`` for a plain count.
        unit: what a plain count counts (message id), e.g. "complaints"; of a share "%".
        better: ``higher`` or ``lower`` is better; empty where neither is.
        endpoint: list that shows the records behind the figure.
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

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The numerator and, where there is one, the denominator."""
        return (self.numerator,) if self.denominator is None else (
            self.numerator, self.denominator)
