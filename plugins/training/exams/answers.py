"""How the answers of a question are written, and what is shown of them. Pure.

The author writes one text for each question:

- single and several choice: an option on each line, ``*`` in front of the right ones;
- true or false: ``true`` or ``false`` (``对``, ``错``);
- number: ``42``, ``42 ± 0.5`` or ``1..5``;
- ordering: the items in the right order, one on each line;
- free text: what a good answer holds, for the markers.
"""

from __future__ import annotations

import dataclasses
import random
import re
from collections.abc import Sequence
from typing import Any

from app.sdk import N_
from app.sdk.forms import clean_field
from app.sdk.importing import InvalidValue
from app.sdk.workflow import Choice, Field, Kind, Message

SINGLE, MULTIPLE, TRUE_FALSE = "single", "multiple", "true_false"
NUMBER, ORDERING, TEXT = "number", "ordering", "text"
KINDS = (SINGLE, MULTIPLE, TRUE_FALSE, NUMBER, ORDERING, TEXT)
MOST_OPTIONS = 12
TRUE, FALSE = "true", "false"
_TRUE_WORDS = frozenset({"true", "t", "yes", "对", "正确", "是"})
_FALSE_WORDS = frozenset({"false", "f", "no", "错", "错误", "否"})
_NUMBER = r"[+-]?\d{1,12}(?:\.\d{1,6})?"
_RANGE = re.compile(rf"({_NUMBER})\s*\.\.\s*({_NUMBER})\Z")
_TOLERANCE = re.compile(rf"({_NUMBER})(?:\s*(?:±|\+/-|:)\s*(\d{{1,12}}(?:\.\d{{1,6}})?))?\Z")


class BadAnswers(ValueError):
    """The answers of a question are not as its kind wants them; ``message`` says why."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(str(message))


@dataclasses.dataclass(frozen=True, slots=True)
class Answers:
    """What may be chosen in a question, and what is right.

    Attributes:
        kind: one of ``KINDS``.
        options: texts of the options, or the items of an ordering in the right order.
        right: places of the right options; ``(0,)`` for true and ``(1,)`` for false.
        low, high: bounds of a right number, both included.
        model: what a good free text holds.
    """

    kind: str
    options: tuple[str, ...] = ()
    right: tuple[int, ...] = ()
    low: float = 0.0
    high: float = 0.0
    model: str = ""


def read(kind: str, text: str) -> Answers:
    """Return what an author wrote as data.

    Args:
        kind: one of ``KINDS``.
        text: see the module.

    Raises:
        BadAnswers: the text does not fit the kind.
    """
    return _READERS[kind](text.strip())


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _checked_options(options: Sequence[str]) -> tuple[str, ...]:
    if not 2 <= len(options) <= MOST_OPTIONS:
        raise BadAnswers(Message(N_("Write 2 to %(most)s options, one on each line."),
                                 {"most": MOST_OPTIONS}))
    if len(set(options)) < len(options) or not all(options):
        raise BadAnswers(Message(N_("Two options are the same, or one is empty.")))
    return tuple(options)


def _choice(text: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    lines = _lines(text)
    options = _checked_options([line.lstrip("*").strip() for line in lines])
    return options, tuple(place for place, line in enumerate(lines) if line.startswith("*"))


def _single(text: str) -> Answers:
    options, right = _choice(text)
    if len(right) != 1:
        raise BadAnswers(Message(N_("Mark exactly one option with *.")))
    return Answers(SINGLE, options, right)


def _multiple(text: str) -> Answers:
    options, right = _choice(text)
    if not right:
        raise BadAnswers(Message(N_("Mark the right options with *.")))
    return Answers(MULTIPLE, options, right)


def _true_false(text: str) -> Answers:
    word = text.lower()
    if word not in _TRUE_WORDS | _FALSE_WORDS:
        raise BadAnswers(Message(N_("Write true or false.")))
    return Answers(TRUE_FALSE, (TRUE, FALSE), (0,) if word in _TRUE_WORDS else (1,))


def _number(text: str) -> Answers:
    between, around = _RANGE.match(text), _TOLERANCE.match(text)
    if between:
        low, high = float(between[1]), float(between[2])
    elif around:
        middle, tolerance = float(around[1]), float(around[2] or 0)
        low, high = middle - tolerance, middle + tolerance
    else:
        raise BadAnswers(Message(N_("Write a number, e.g. 42, 42 ± 0.5 or 1..5.")))
    if low > high:
        raise BadAnswers(Message(N_("The end lies before the beginning.")))
    return Answers(NUMBER, low=low, high=high)


def _ordering(text: str) -> Answers:
    return Answers(ORDERING, _checked_options(_lines(text)))


def _text(text: str) -> Answers:
    return Answers(TEXT, model=text)


_READERS = {SINGLE: _single, MULTIPLE: _multiple, TRUE_FALSE: _true_false, NUMBER: _number,
            ORDERING: _ordering, TEXT: _text}


def shuffled(answers: Answers, chance: random.Random) -> list[int]:
    """Return in which order the options are shown; the answers of true or false stay in place."""
    places = list(range(len(answers.options)))
    if answers.kind != TRUE_FALSE:
        chance.shuffle(places)
    return places


_KINDS = {
    SINGLE: Field("answer", Kind.CHOICE, N_("Answer")),
    MULTIPLE: Field("answer", Kind.MULTI_CHOICE, N_("Answer")),
    TRUE_FALSE: Field("answer", Kind.CHOICE, N_("Answer")),
    NUMBER: Field("answer", Kind.DECIMAL, N_("Answer"), places=6),
    # The items in the order that was chosen; one that was chosen twice is missing elsewhere.
    ORDERING: Field("answer", Kind.MULTI_CHOICE, N_("Answer")),
    TEXT: Field("answer", Kind.LONG_TEXT, N_("Answer"), length=5000),
}


def field_of(answers: Answers) -> Field:
    """Return the answer to a question as a field of a form; options go by their places.

    Args:
        answers: of the question.
    """
    return dataclasses.replace(_KINDS[answers.kind], choices=tuple(
        Choice(str(place), option) for place, option in enumerate(answers.options)))


def clean(answers: Answers, given: Sequence[str]) -> Any:
    """Return an answer of a person in its stored form, or ``None`` for no answer.

    Args:
        answers: of the question.
        given: texts that the page sends: places of options for choices, for an ordering the
            place of each item in their right order, else one text.

    Returns:
        Places of the chosen options in a list, in their order for an ordering; a number in a list,
        for SQLite makes a number of a JSON text that is one; a text.

    Raises:
        BadAnswers: it is no answer to this kind of question.
    """
    field, texts = field_of(answers), [one.strip() for one in given if one.strip()]
    if not texts:
        return None
    if field.kind is not Kind.MULTI_CHOICE and len(texts) > 1:
        raise BadAnswers(Message(N_("Give one answer.")))
    try:
        value = clean_field(field, texts if field.kind is Kind.MULTI_CHOICE else _plain(
            field, texts[0]))
    except InvalidValue as error:
        raise BadAnswers(error.message) from error
    if answers.kind == TEXT:
        return value
    if answers.kind == NUMBER:
        return [float(value)]
    places = [int(place) for place in ([value] if isinstance(value, str) else value)]
    if answers.kind == ORDERING:
        return places if len(places) == len(answers.options) else None
    return sorted(places)


def _plain(field: Field, text: str) -> str:
    """Return a text without the commas that people put between thousands."""
    return re.sub("[,，]", "", text) if field.kind is Kind.DECIMAL else text


def typed(answers: Answers, given: Any) -> str:
    """Return a stored number or text as it may be typed again; nothing for other kinds.

    Args:
        answers: of the question.
        given: see ``clean``; ``None`` for no answer.
    """
    if given is None or answers.kind not in (NUMBER, TEXT):
        return ""
    return written(given[0]) if answers.kind == NUMBER else given


def written(number: float) -> str:
    """Return a number in full, with at most six decimal places."""
    return f"{number:.6f}".rstrip("0").rstrip(".")


def is_right(answers: Answers, given: Any) -> bool | None:
    """Return whether a stored answer is right; ``None`` where a person has to mark it.

    Choices and orderings are right as a whole or not at all.

    Args:
        answers: of the question.
        given: see ``clean``; ``None`` for no answer, which is wrong for every kind.
    """
    if given is None:
        return False
    if answers.kind == TEXT:
        return None
    if answers.kind == NUMBER:
        return answers.low <= given[0] <= answers.high
    if answers.kind == ORDERING:
        return list(given) == list(range(len(answers.options)))
    return sorted(given) == sorted(answers.right)
