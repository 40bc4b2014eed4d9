"""What earlier rounds of a complaint decided and brought, read from its workflow log. Pure.

A complaint with which the customer is not content begins a new round, and the facts of its page
are those of the present one. The log keeps what was written at each step, so nothing is stored
twice, and a step that was taken back does not count.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from plugins.complaints.workflow import WORKFLOW

# What begins the next round, with the value that says why.
ENDS = {"dissatisfied": "dissatisfaction_reason", "reopen": "reopen_reason"}
# What voids the decisions that stood before it in the same round: a new proposal does, too.
_VOIDS = frozenset({"propose"}) | {
    one.name for one in WORKFLOW.transitions if "void_decisions" in one.effects}
_DECISIONS = frozenset({"approve", "consent"})


class LogLine(Protocol):
    """A line of the workflow log, as far as rounds are read from it."""

    id: int
    undoes_id: int | None
    transition: str
    at: dt.datetime
    outcome: str
    values: Mapping[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Round:
    """A round that is over.

    Attributes:
        number: from 1.
        steps: the line of each transition that held to its end, by the transition's name; of one
            that was taken several times the last.
        end: the line that ended it and began the next.
    """

    number: int
    steps: Mapping[str, LogLine]
    end: LogLine

    def text(self, transition: str, name: str) -> str:
        """Return what was written into a field of a step's form; empty where there is nothing."""
        line = self.steps.get(transition)
        return "" if line is None else str(line.values.get(name) or "")

    @property
    def reason(self) -> str:
        """Why there was another round, in the words of the person who said so."""
        return str(self.end.values.get(ENDS[self.end.transition]) or "")

    @property
    def satisfaction(self) -> str:
        """The customer's verdict, a value of ``SATISFACTIONS``; empty where none was given."""
        if self.end.transition == "dissatisfied":
            return "dissatisfied"
        rated = self.steps.get("rate")
        return "" if rated is None else rated.outcome


def former_rounds(lines: Iterable[LogLine]) -> list[Round]:
    """Return the rounds before the present one, the first one first.

    Args:
        lines: the whole log of a complaint, the oldest line first.
    """
    lines = list(lines)
    undone = {line.undoes_id for line in lines}
    found: list[Round] = []
    steps: dict[str, LogLine] = {}
    for line in lines:
        if line.undoes_id is not None or line.id in undone:
            continue
        if line.transition in ENDS:
            found.append(Round(len(found) + 1, steps, line))
            steps = {}
            continue
        if line.transition in _VOIDS:
            steps = {name: kept for name, kept in steps.items() if name not in _DECISIONS}
        steps[line.transition] = line
    return found
