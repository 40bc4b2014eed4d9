"""What an exam draws from the question bank. Pure.

A part asks for a number of questions of one topic, of one difficulty or of any. The draw is
possible exactly when no part with a difficulty asks for more than there is, and those without one
find enough in what the others leave.
"""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from collections.abc import Iterable, Sequence

ANY = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """One line of a blueprint.

    Attributes:
        topic: key of the topic.
        number: how many questions, at least 1.
        difficulty: code of the difficulty; empty for any.
        points: points of each question.
    """

    topic: int
    number: int
    difficulty: str = ANY
    points: int = 1


@dataclasses.dataclass(frozen=True, slots=True)
class BankItem:
    """A question of the bank that may be drawn.

    Attributes:
        key: key of the question.
        topic: key of its topic.
        difficulty: code of its difficulty.
    """

    key: int
    topic: int
    difficulty: str


@dataclasses.dataclass(frozen=True, slots=True)
class Shortage:
    """What the bank lacks for a blueprint.

    Attributes:
        topic: key of the topic.
        difficulty: code of the difficulty; empty for any.
        wanted: how many questions the parts ask for.
        available: how many there are for them.
    """

    topic: int
    difficulty: str
    wanted: int
    available: int


class BankTooSmall(ValueError):
    """The bank cannot fill the blueprint; ``shortages`` says where."""

    def __init__(self, shortages: Sequence[Shortage]) -> None:
        self.shortages = tuple(shortages)
        super().__init__(str(self.shortages))


def shortages(parts: Iterable[Part], bank: Iterable[BankItem]) -> list[Shortage]:
    """Return what the bank lacks; an empty list when the blueprint can be drawn.

    Args:
        parts: the blueprint.
        bank: the questions that may be drawn.
    """
    wanted: Counter[tuple[int, str]] = Counter()
    for part in parts:
        wanted[part.topic, part.difficulty] += part.number
    there = Counter((item.topic, item.difficulty) for item in bank)
    found = []
    for (topic, difficulty), number in sorted(wanted.items()):
        if difficulty == ANY:
            available = sum(
                max(0, count - wanted[topic, level])
                for (other, level), count in there.items() if other == topic
            )
        else:
            available = there[topic, difficulty]
        if available < number:
            found.append(Shortage(topic, difficulty, number, available))
    return found


def draw(
    parts: Sequence[Part], bank: Sequence[BankItem], chance: random.Random
) -> list[tuple[int, int]]:
    """Return the questions of one attempt: key and points, each question once, in random order.

    Args:
        parts: the blueprint.
        bank: the questions that may be drawn.
        chance: source of randomness.

    Raises:
        BankTooSmall: the bank cannot fill the blueprint.
    """
    lacking = shortages(parts, bank)
    if lacking:
        raise BankTooSmall(lacking)
    left = {item.key: item for item in bank}
    drawn: list[tuple[int, int]] = []
    # Parts with a difficulty go first: those without one live on what is left.
    for part in sorted(parts, key=lambda one: one.difficulty == ANY):
        fitting = sorted(
            key for key, item in left.items()
            if item.topic == part.topic and part.difficulty in (ANY, item.difficulty)
        )
        for key in chance.sample(fitting, part.number):
            del left[key]
            drawn.append((key, part.points))
    chance.shuffle(drawn)
    return drawn
