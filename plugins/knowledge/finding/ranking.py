"""Ranking: BM25 over words, and a vote of the nearest texts for their articles. Pure.

An article is found by its title, by its text, and by questions that it answered before. All of
them are scored by BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009); the
nearest twenty vote for their article, a near one far more than a distant one.
"""

from __future__ import annotations

import dataclasses
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

_SATURATION, _LENGTH_SHARE = 1.2, 0.4
NEAREST = 20
_VOTE_POWER = 3
_ENDINGS = ("ing", "ed", "es", "s")
_SHORTEST_STEM = 3


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """A document that holds a word.

    Attributes:
        document: key of the document.
        root: key of the article that it leads to.
        count: how often the word stands in it.
        length: how many words it has.
        times: how often it was asked; 1 for titles and texts.
    """

    document: int
    root: int
    count: int
    length: int
    times: int = 1


@dataclasses.dataclass(frozen=True, slots=True)
class Ranked:
    """An article that was found.

    Attributes:
        root: key of the article.
        score: what it is ranked by; only to be compared within one answer.
        likeness: how much of what was asked its nearest text holds, 0.0 to 1.0.
    """

    root: int
    score: float
    likeness: float


def stem(word: str) -> str:
    """Return a Latin word without a common English ending; any other word as it is."""
    if word.isascii():
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
                return word[: -len(ending)]
    return word


def counted(words: Iterable[str]) -> Counter[str]:
    """Return how often each word occurs, in the form in which words are compared."""
    return Counter(stem(word) for word in words)


def rarity(holding: int, documents: int) -> float:
    """Return the weight of a word that ``holding`` of all ``documents`` hold; above 0."""
    return math.log(1 + (documents - holding + 0.5) / (holding + 0.5))


def _saturated(count: int, length: int, average: float) -> float:
    share = 1 - _LENGTH_SHARE + _LENGTH_SHARE * length / max(average, 1.0)
    return count * (_SATURATION + 1) / (count + _SATURATION * share)


def rank(
    asked: Iterable[str], entries: Mapping[str, Sequence[Entry]], documents: int, average: float,
    holding: Mapping[str, int] | None = None,
) -> list[Ranked]:
    """Return articles for a question, the best first.

    Args:
        asked: words of the question, as ``counted`` gives them.
        entries: documents that hold each word.
        documents: how many documents there are at all.
        average: how many words a document has on average.
        holding: how many documents hold each word, where ``entries`` lacks some of them.
    """
    scores: dict[int, float] = defaultdict(float)
    seen: dict[int, Entry] = {}
    whole = 0.0
    for word in dict.fromkeys(asked):
        found = entries.get(word, ())
        weight = rarity((holding or {}).get(word, len(found)), documents)
        # What one text with the question itself would reach, at average length.
        whole += weight * _saturated(1, round(average), average)
        for entry in found:
            scores[entry.document] += weight * _saturated(entry.count, entry.length, average)
            seen[entry.document] = entry
    return _voted(scores, seen, whole)


def _voted(
    scores: Mapping[int, float], seen: Mapping[int, Entry], whole: float
) -> list[Ranked]:
    nearest = sorted(scores.items(), key=lambda one: (-one[1], one[0]))[:NEAREST]
    votes: dict[int, float] = defaultdict(float)
    best: dict[int, float] = {}
    for document, score in nearest:
        entry = seen[document]
        votes[entry.root] += score**_VOTE_POWER * (1 + math.log(entry.times))
        best[entry.root] = max(best.get(entry.root, 0.0), score)
    return sorted(
        (Ranked(root, vote, min(best[root] / whole, 1.0) if whole else 0.0)
         for root, vote in votes.items()),
        key=lambda one: (-one.score, one.root))
