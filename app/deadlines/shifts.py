"""Open periods of a day, in minutes after local midnight. Pure."""

from __future__ import annotations

import dataclasses
import itertools

MINUTES_A_DAY = 24 * 60


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Shift:
    """One open period of a day, in minutes after local midnight; ``closes`` may be 1440.

    A night shift is two shifts: up to 24:00, and from 00:00 on the next day.
    """

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= MINUTES_A_DAY:
            raise ValueError(f"a shift must open before it closes, within one day: {self}")

    @classmethod
    def parse(cls, text: str) -> Shift:
        """Return the shift written as ``09:00-18:00``.

        Raises:
            ValueError: the text is not two times of a day in order.
        """
        try:
            opens, closes = (
                int(hours) * 60 + int(minutes)
                for hours, minutes in (part.strip().split(":") for part in text.split("-"))
            )
        except ValueError:
            raise ValueError(f"a shift is written like 09:00-18:00, not {text!r}") from None
        return cls(opens, closes)

    def __str__(self) -> str:
        return "-".join(f"{at // 60:02}:{at % 60:02}" for at in (self.opens, self.closes))


Shifts = tuple[Shift, ...]


def shifts(*texts: str) -> Shifts:
    """Return shifts in order from texts such as ``09:00-12:00``.

    Raises:
        ValueError: a text is malformed or two shifts overlap.
    """
    found = tuple(sorted(Shift.parse(text) for text in texts))
    for earlier, later in itertools.pairwise(found):
        if later.opens < earlier.closes:
            raise ValueError(f"shifts overlap: {earlier} and {later}")
    return found


OFFICE_HOURS = shifts("09:00-18:00")
MONDAY_TO_FRIDAY = (OFFICE_HOURS,) * 5 + ((), ())
