"""The course of a record as moves, and the runs of a clock that come of it. Pure."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Sequence

from app.deadlines import clocks
from app.deadlines.clocks import Clock
from app.deadlines.policies import ClockRule


@dataclasses.dataclass(frozen=True, slots=True)
class Move:
    """A moment at which a record entered a state.

    Attributes:
        names: the state, the transition and ``category:`` with the state's category, as the
            engine of workflows gives them.
        at: when, aware.
    """

    names: Collection[str]
    at: dt.datetime


def runs_of(
    rule: ClockRule, moves: Sequence[Move], agreed_at: dt.datetime | None = None
) -> list[Clock]:
    """Return the runs of a clock as if each move had been made one by one.

    Args:
        rule: rule of the clock; one that has stopped may begin again.
        moves: what happened, in order.
        agreed_at: deadline of the record, see ``ClockRule.due_from``.
    """
    runs: list[Clock] = []
    for move in moves:
        last = runs[-1] if runs else None
        after = clocks.react(last, rule, move.names, move.at, agreed_at)
        if after is None or after is last:
            continue
        if last is not None and last.stopped_at is None:
            runs.pop()
        runs.append(after)
    return runs
