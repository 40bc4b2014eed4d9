"""Shares tasks out to people, fairly and with a reason for each choice. Pure.

The rules, in this order:

1. Nobody gets what they cannot do: absent people, those without the skills or the language that a
   task needs, and those whose quota is used up get nothing.
2. A task with an agent of its own goes to that agent where rule 1 allows it.
3. Otherwise it goes to the person with the smallest load relative to their quota, the task
   included; among equals to the one who was served least recently, then to the lower key.

A person's quota of the day is ``quota`` times their presence share; for the comparison of loads one
without a quota is measured by the presence share alone. What cannot be given is left with its
reason. The same input gives the same output, whatever the order of the people.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import heapq
import itertools
from collections.abc import Hashable, Iterable, Mapping, Sequence

from app.i18n import N_, Message

# Binary fractions of weights and presence shares add up to a little more than the quota.
_TOLERANCE = 1e-9
_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


class Reason(enum.StrEnum):
    """Why a task went to a person, or to nobody."""

    OWN_AGENT = "own_agent"
    LEAST_LOAD = "least_load"
    LONGEST_WAIT = "longest_wait"
    ONLY_ONE = "only_one"
    NOBODY_PRESENT = "nobody_present"
    NOBODY_FITS = "nobody_fits"
    QUOTA_USED = "quota_used"


REASONS = {
    Reason.OWN_AGENT: N_("The customer's own agent"),
    Reason.LEAST_LOAD: N_("Least load: %(load)s of %(quota)s"),
    Reason.LONGEST_WAIT: N_("Load %(load)s of %(quota)s like others, and waited longest"),
    Reason.ONLY_ONE: N_("The only one who is present and fits: load %(load)s of %(quota)s"),
    Reason.NOBODY_PRESENT: N_("Nobody is present."),
    Reason.NOBODY_FITS: N_("Nobody present has the skills that it needs."),
    Reason.QUOTA_USED: N_("The quota of everybody who fits is used up."),
}
# Where people have no quota, there is nothing to compare a load with.
_WITHOUT_QUOTA = {
    Reason.LEAST_LOAD: N_("Least load: %(load)s"),
    Reason.LONGEST_WAIT: N_("Load %(load)s like others, and waited longest"),
    Reason.ONLY_ONE: N_("The only one who is present and fits: load %(load)s"),
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something to give to a person.

    Attributes:
        key: identifies it, e.g. the key of a record.
        skills: codes of skills that it needs, all of them.
        language: code of the language that it needs; empty for none.
        own_agent: user id of the customer's own agent.
        weight: how much load it is; more than 0.
    """

    key: Hashable
    skills: frozenset[str] = frozenset()
    language: str = ""
    own_agent: int | None = None
    weight: float = 1.0

    def __post_init__(self) -> None:
        if not self.weight > 0:
            raise ValueError(f"task {self.key}: the weight must be more than 0")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A person who may be given tasks.

    Attributes:
        user_id: key of the user.
        load: what the person has already, in weights.
        quota: most that a whole day holds, in weights; ``None`` for no limit.
        presence: share of the day that the person is there, 0.0 to 1.0; 0 is absent.
        skills: codes of the person's skills.
        languages: codes of the languages that the person speaks.
        last_served: when the person last got something; ``None``: never.
    """

    user_id: int
    load: float = 0.0
    quota: float | None = None
    presence: float = 1.0
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    last_served: dt.datetime | None = None

    @property
    def room(self) -> float | None:
        """The quota of the day: shrunk by the part of it that the person is away."""
        return None if self.quota is None else self.quota * self.presence

    def can_do(self, skills: frozenset[str], language: str) -> bool:
        """Return whether the person has the skills and speaks the language."""
        return skills <= self.skills and (not language or language in self.languages)


@dataclasses.dataclass(frozen=True, slots=True)
class Choice:
    """Whom a task goes to, and why.

    Attributes:
        task: key of the task.
        user_id: the person; ``None``: it is left.
        reason: why.
        load: what the person had before it, in weights.
        quota: the person's quota of the day; ``None``: no limit.
    """

    task: Hashable
    user_id: int | None
    reason: Reason
    load: float = 0.0
    quota: float | None = None

    @property
    def message(self) -> Message:
        """The reason as a sentence to be translated."""
        if self.quota is None and self.reason in _WITHOUT_QUOTA:
            return Message(_WITHOUT_QUOTA[self.reason], {"load": _number(self.load)})
        if self.user_id is None or self.reason is Reason.OWN_AGENT:
            return Message(REASONS[self.reason])
        return Message(REASONS[self.reason],
                       {"load": _number(self.load), "quota": _number(self.quota or 0)})


def _number(value: float) -> str:
    return f"{round(value, 1):g}"


def share_out(tasks: Iterable[Task], workers: Iterable[Worker]) -> list[Choice]:
    """Return one choice for each task, in the order of the tasks.

    Tasks with an own agent are given first, so that nobody else uses up that agent's quota.

    Args:
        tasks: what is to be given; keys are unique.
        workers: who may get something; user ids are unique.

    Raises:
        ValueError: a key or a user id comes twice.
    """
    ordered, people = list(tasks), list(workers)
    _require_unique([task.key for task in ordered], "task")
    _require_unique([worker.user_id for worker in people], "worker")
    desk = _Desk(people)
    chosen: dict[Hashable, Choice] = {}
    for task in ordered:
        if task.own_agent is not None and (choice := desk.give_to_own_agent(task)) is not None:
            chosen[task.key] = choice
    for task in ordered:
        if task.key not in chosen:
            chosen[task.key] = desk.give(task)
    return [chosen[task.key] for task in ordered]


def _require_unique(keys: Sequence[Hashable], what: str) -> None:
    if len(set(keys)) != len(keys):
        raise ValueError(f"a {what} is named twice")


@dataclasses.dataclass(slots=True)
class _Seat:
    """A present person while tasks are shared out.

    Attributes:
        worker: the person.
        load: what the person has by now.
        served: how the person's last turn compares with the turns of others; lower is longer ago.
        changes: how often the load has changed; tells entries of heaps that are out of date.
    """

    worker: Worker
    load: float
    served: int
    changes: int = 0

    def has_room(self, weight: float) -> bool:
        room = self.worker.room
        return room is None or self.load + weight <= room + _TOLERANCE

    def rank(self, weight: float) -> tuple[float, int, int]:
        """Return what is compared: the relative load with the task, the turn, the key."""
        room = self.worker.room
        measure = self.worker.presence if room is None else room
        relative = round((self.load + weight) / measure, 9) if measure else float("inf")
        return relative, self.served, self.worker.user_id


# Rank, changes at the time of the entry, person.
_Entry = tuple[float, int, int, int, _Seat]


class _Desk:
    """Shares out task by task: a heap for each kind of need, as tasks repeat a few needs."""

    def __init__(self, workers: Sequence[Worker]) -> None:
        present = sorted(
            (worker for worker in workers if worker.presence > 0),
            key=lambda one: (one.last_served or _NEVER, one.user_id))
        turns = [
            number for number, (_moment, group) in enumerate(
                itertools.groupby(present, key=lambda one: one.last_served or _NEVER))
            for _worker in group]
        self._seats = {
            worker.user_id: _Seat(worker, worker.load, turn)
            for worker, turn in zip(present, turns, strict=True)}
        self._turns = itertools.count(len(present))
        self._heaps: dict[tuple[frozenset[str], str, float], list[_Entry]] = {}

    def give_to_own_agent(self, task: Task) -> Choice | None:
        """Give a task to its own agent; ``None`` where that is impossible."""
        seat = self._seats.get(task.own_agent) if task.own_agent is not None else None
        if seat is None or not seat.worker.can_do(task.skills, task.language):
            return None
        return self._seat(task, seat, Reason.OWN_AGENT) if seat.has_room(task.weight) else None

    def give(self, task: Task) -> Choice:
        """Give a task to whom the rules name, or leave it."""
        if not self._seats:
            return Choice(task.key, None, Reason.NOBODY_PRESENT)
        need = (task.skills, task.language, task.weight)
        heap = self._heaps.get(need)
        if heap is None:
            heap = self._heaps[need] = self._fresh_heap(*need)
            if not heap:
                fits = any(self._fitting(task.skills, task.language))
                return Choice(task.key, None, Reason.QUOTA_USED if fits else Reason.NOBODY_FITS)
        seat = self._pop(heap, task.weight)
        if seat is None:
            fits = any(self._fitting(task.skills, task.language))
            return Choice(task.key, None, Reason.QUOTA_USED if fits else Reason.NOBODY_FITS)
        return self._seat(task, seat, self._why(heap, seat, task.weight))

    def _fitting(self, skills: frozenset[str], language: str) -> Iterable[_Seat]:
        return (seat for seat in self._seats.values() if seat.worker.can_do(skills, language))

    def _fresh_heap(
        self, skills: frozenset[str], language: str, weight: float
    ) -> list[_Entry]:
        heap = [
            (*seat.rank(weight), seat.changes, seat) for seat in self._fitting(skills, language)
            if seat.has_room(weight)]
        heapq.heapify(heap)
        return heap

    def _top(self, heap: list[_Entry], weight: float) -> _Seat | None:
        """Return the person at the top; entries that are out of date are put right first.

        A load only grows, and so does a rank: an old entry never hides a better one.
        """
        while heap:
            *_rank, changes, seat = heap[0]
            if not seat.has_room(weight):
                heapq.heappop(heap)
            elif changes != seat.changes:
                heapq.heapreplace(heap, (*seat.rank(weight), seat.changes, seat))
            else:
                return seat
        return None

    def _pop(self, heap: list[_Entry], weight: float) -> _Seat | None:
        seat = self._top(heap, weight)
        if seat is not None:
            heapq.heappop(heap)
        return seat

    def _why(self, heap: list[_Entry], seat: _Seat, weight: float) -> Reason:
        """Return why a person was taken from a heap; the person is put back behind the others."""
        second = self._top(heap, weight)
        mine = seat.rank(weight)
        # Out of date as soon as the task is counted, and then put right.
        heapq.heappush(heap, (*mine, seat.changes, seat))
        if second is None:
            return Reason.ONLY_ONE
        return Reason.LONGEST_WAIT if second.rank(weight)[0] == mine[0] else Reason.LEAST_LOAD

    def _seat(self, task: Task, seat: _Seat, reason: Reason) -> Choice:
        choice = Choice(task.key, seat.worker.user_id, reason, seat.load, seat.worker.room)
        seat.load += task.weight
        seat.served = next(self._turns)
        seat.changes += 1
        return choice


def received(choices: Iterable[Choice], weights: Mapping[Hashable, float]) -> dict[int, float]:
    """Return how much each person got, in weights, by user id.

    Args:
        choices: see ``share_out``.
        weights: weight of each task by its key.
    """
    found: dict[int, float] = {}
    for choice in choices:
        if choice.user_id is not None:
            found[choice.user_id] = found.get(choice.user_id, 0.0) + weights[choice.task]
    return found
