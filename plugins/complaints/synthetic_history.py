"""How far generated complaints have come, and when they came in, so that few of them are late."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from typing import Any

from app.sdk.services import Course, ManyClocks, Move
from app.sdk.workflow import Category
from plugins.complaints.deadlines import TELL_PROGRESS
from plugins.complaints.workflow import STATES, WORKFLOW

LATE_SHARE = 0.05
# Each step of work follows the one before it by this much, well within every first response.
STEP = dt.timedelta(minutes=15)
_FRESH = dt.timedelta(minutes=2)
_MOST_LATE = dt.timedelta(days=3)
# Where no clock runs any more, nothing tells how old a complaint may be.
_WITHOUT_CLOCK = dt.timedelta(days=10)
_LONGEST = dt.timedelta(days=400)
_WAY = ("record", "assess", "assign", "propose", "approve", "consent", "carry_out",
        "collect_feedback")
_CATEGORIES = {state.name: state.category for state in STATES}
OPEN_STATES = tuple(state.name for state in STATES if not state.category.is_final)


def _moves_to(state: str) -> tuple[frozenset[str], ...]:
    """Return what clocks react to on the straight way to a state, the beginning included."""
    targets = {one.name: one.target for one in WORKFLOW.transitions}
    ways = {"waiting": (*_WAY[:3], "wait")}
    taken = [("", WORKFLOW.initial)]
    for name in ways.get(state, _WAY):
        if taken[-1][1] == state:
            break
        taken.append((name, targets[name]))
    return tuple(
        frozenset({target, f"category:{_CATEGORIES[target]}", *([name] if name else []),
                   # The customer is told when the case has been looked at.
                   *([TELL_PROGRESS] if target == "assessed" else [])})
        for name, target in taken
    )


_MOVES = {state: _moves_to(state) for state in OPEN_STATES}


class Courses:
    """Makes the course of open complaints.

    Args:
        clocks: those of complaints, by the policies in force.
        random_: makes the courses repeatable.
        now: aware moment up to which they have come.
    """

    def __init__(self, clocks: ManyClocks, random_: random.Random, now: dt.datetime) -> None:
        self._clocks, self._random, self._now = clocks, random_, now
        self._limits: dict[tuple[Any, ...], dt.datetime] = {}

    def one(self, facts: Mapping[str, Any]) -> tuple[str, dt.datetime, Course]:
        """Return state, time of receipt and clocks of a complaint.

        Args:
            facts: what deadlines depend on: ``severity`` and ``rule_book``.
        """
        state = self._random.choice(OPEN_STATES)
        limit = self._limit(facts, state)
        # A clock that stands is not late.
        if _CATEGORIES[state] is not Category.WAITING and self._random.random() < LATE_SHARE:
            received = limit - self._random.random() * _MOST_LATE
        else:
            latest = self._now - _FRESH - STEP * (len(_MOVES[state]) - 1)
            received = limit + self._random.random() * max(latest - limit, dt.timedelta())
        return state, received, self._course(facts, state, received)

    def _course(self, facts: Mapping[str, Any], state: str, received: dt.datetime) -> Course:
        return self._clocks.course(facts, [
            Move(names, received + number * STEP) for number, names in enumerate(_MOVES[state])
        ])

    def _limit(self, facts: Mapping[str, Any], state: str) -> dt.datetime:
        """Return the earliest time of receipt, to the minute, that is not overdue by now."""
        key = (facts["severity"], facts["rule_book"], state)
        if key not in self._limits:
            self._limits[key] = self._search(facts, state)
        return self._limits[key]

    def _search(self, facts: Mapping[str, Any], state: str) -> dt.datetime:
        late, early = self._now - _LONGEST, self._now
        if self._course(facts, state, early).due_at is None:
            return self._now - _WITHOUT_CLOCK
        while early - late > dt.timedelta(minutes=1):
            middle = late + (early - late) / 2
            due = self._course(facts, state, middle).due_at
            if due is not None and due <= self._now:
                late = middle
            else:
                early = middle
        return early
