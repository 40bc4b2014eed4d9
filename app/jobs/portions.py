"""Long writes in portions that end in time, so that others can write in between. Pure.

SQLite has one writer at a time: whoever holds the write lock for long keeps everybody else waiting.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Row = TypeVar("Row")

# Half of what a transaction may hold the lock of SQLite for (decision 021): some rows take longer.
SECONDS = 0.1
PAUSE_SECONDS = 0.02
FIRST_SIZE = 25
MOST_ROWS = 500


class Pace:
    """Sizes of portions that adapt to the time that each one takes.

    Args:
        seconds: how long one portion should take.
        first: rows of the first portion, while nothing is known yet.
        most: rows of the largest portion.
        least: rows of the smallest one. What every portion costs besides its rows must not make
            it ever smaller: on a machine that is short of processors it would end at one row.
        pause: seconds between two portions, in which another writer gets its turn; what the caller
            does between them counts.
        held: returns the seconds that the last portion held the lock; by default the whole time
            between two portions counts, the wait for the lock included.
        clock: monotonic clock, in seconds.
        sleep: waits for some seconds.
    """

    def __init__(
        self,
        seconds: float = SECONDS,
        *,
        first: int = FIRST_SIZE,
        most: int = MOST_ROWS,
        least: int = 1,
        pause: float = PAUSE_SECONDS,
        held: Callable[[], float] | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if not 0 < least <= first <= most or seconds <= 0:
            raise ValueError("a portion needs at least one row and some time")
        self.size = first
        self._seconds, self._pause = seconds, pause
        self._least, self._most = least, most
        self._held, self._clock, self._sleep = held, clock, sleep
        # When the last portion ended, and what a row cost of late; nothing is known at first.
        self._ended: float | None = None
        self._cost = 0.0

    def portions(self, rows: Iterable[Row]) -> Iterator[list[Row]]:
        """Yield all rows in order, in lists of at most ``size`` rows.

        The body of the loop writes one portion in a transaction of its own. The size is kept
        from one call to the next.
        """
        waiting = iter(rows)
        while portion := self._take(waiting):
            self._rest()
            started = self._clock()
            yield portion
            self._ended = self._clock()
            self.took(len(portion), self._held() if self._held else self._ended - started)

    def took(self, rows: int, seconds: float) -> None:
        """Adapt the size to a portion of ``rows`` rows that took ``seconds``.

        Rows that were dearer than before count at once, cheaper ones by half: the next may be dear
        again. The size grows by half at most, and shrinks to a quarter at most, since the last
        portion may have been an exception.
        """
        spent = seconds / rows
        self._cost = max(spent, (self._cost + spent) / 2)
        fitting = self._seconds / self._cost if self._cost > 0 else self._most
        grown = min(fitting, self.size + max(1, self.size // 2), self._most)
        self.size = int(max(self._least, self.size // 4, grown))

    def _rest(self) -> None:
        if self._ended is None:
            return
        left = self._ended + self._pause - self._clock()
        if left > 0:
            self._sleep(left)

    def _take(self, waiting: Iterator[Row]) -> list[Row]:
        portion: list[Row] = []
        while len(portion) < self.size:
            try:
                portion.append(next(waiting))
            except StopIteration:
                break
        return portion


def portions(rows: Iterable[Row], seconds: float = SECONDS) -> Iterator[list[Row]]:
    """Yield rows in portions, each of which should take ``seconds``, with a pause in between.

    Args:
        rows: what is to be done.
        seconds: length of a portion, in seconds.
    """
    return Pace(seconds).portions(rows)
