"""What was asked how often: counts and frequent questions. Pure."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

MOST_QUESTIONS = 10
_LEAST = 2
_SAME = 60


def folded(question: str) -> str:
    """Return a question for comparison: width, case, blanks and punctuation do not matter.

    Args:
        question: as it was written down; what follows the first 60 characters does not count.
    """
    text = unicodedata.normalize("NFKC", question).casefold()
    return "".join(sign for sign in text if sign.isalnum())[:_SAME]


def frequent(
    questions: Iterable[str], most: int = MOST_QUESTIONS
) -> Sequence[tuple[str, int]]:
    """Return the questions that came more than once, the most frequent first.

    Args:
        questions: in the order in which they came.
        most: most questions returned.

    Returns:
        Pairs of the question as it was first written down and how often it came; of equally
        frequent ones the earlier first.
    """
    numbers: Counter[str] = Counter()
    first: dict[str, str] = {}
    for question in questions:
        key = folded(question)
        if key:
            numbers[key] += 1
            first.setdefault(key, question.strip())
    order = {key: place for place, key in enumerate(first)}
    ranked = sorted(numbers.items(), key=lambda pair: (-pair[1], order[pair[0]]))
    return [(first[key], number) for key, number in ranked if number >= _LEAST][:most]


def counted(
    rows: Iterable[Mapping[str, str]], names: Sequence[str]
) -> dict[str, list[tuple[str, int]]]:
    """Return for each column how often each value came, the most frequent first.

    Args:
        rows: values by column.
        names: the columns.
    """
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        for name in names:
            found[name][row[name]] += 1
    return {name: sorted(found[name].items(), key=lambda pair: (-pair[1], pair[0]))
            for name in names}
