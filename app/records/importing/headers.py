"""Which line of a file names the columns: above it may stand a title, a date, a unit. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

# Lines that are looked at and offered.
MOST_LOOKED_AT = 20

Line = tuple[int, tuple[Any, ...]]


def top_of(records: Iterable[Line]) -> Iterator[Line]:
    """Yield the first lines that hold anything, with their numbers."""
    return itertools.islice(records, MOST_LOOKED_AT)


def header_line_of(top: list[Line]) -> int:
    """Return the line that names the columns, as the shape of the lines shows it.

    A title and what else stands above a table fills less than half of the cells that its widest
    line fills.

    Args:
        top: the first lines.
    """
    filled = [_filled(cells) for _, cells in top]
    widest = max(filled, default=0)
    for (line, _), number in zip(top, filled, strict=True):
        if number * 2 >= widest:
            return line
    return top[0][0] if top else 0


def _filled(cells: tuple[Any, ...]) -> int:
    return sum(bool(str(cell).strip()) for cell in cells if cell is not None)
