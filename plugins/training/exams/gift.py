"""Questions in the GIFT format: read with a report of every line that cannot be taken. Pure.

Read: single choice (``=`` and ``~``), several choice (weights in percent), true or false, numbers
(``#``), free text (no answer), and a matching whose right sides are 1, 2, 3 …, which is an
ordering. Comments of our own hold what GIFT has no place for: ``// difficulty: easy``,
``// points: 2``. ``$CATEGORY:`` names the topic of what follows.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Sequence

from app.sdk import N_
from app.sdk.workflow import Message
from plugins.training.exams import answers as forms

_SPECIAL = "~=#{}:\\"
_OURS = re.compile(r"//\s*(difficulty|points)\s*:\s*(\w{1,12})\s*\Z")
_CATEGORY = re.compile(r"\$CATEGORY:\s*(.+)\Z")
_TITLE = re.compile(r"::(?:\\.|[^:\\]|:(?!:))*::")
_FORMAT = re.compile(r"\[(?:html|moodle|plain|markdown)\]")
_WEIGHT = re.compile(r"%(-?\d{1,3}(?:\.\d{1,5})?)%")


@dataclasses.dataclass(frozen=True, slots=True)
class GiftQuestion:
    """A question of a file.

    Attributes:
        line: line at which it begins, from 1.
        kind: see ``plugins.training.exams.answers``.
        text: what is asked.
        answers: as an author writes them.
        explanation: shown after the end.
        topic: name of the topic; empty without one.
        difficulty: code; empty without one.
        points: points, ``None`` without.
    """

    line: int
    kind: str
    text: str
    answers: str
    explanation: str = ""
    topic: str = ""
    difficulty: str = ""
    points: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class GiftProblem:
    """Why a question of a file cannot be taken.

    Attributes:
        line: line at which it begins, from 1.
        message: the reason.
        text: how it begins.
    """

    line: int
    message: Message
    text: str


class _Unreadable(ValueError):
    def __init__(self, message: str) -> None:
        self.message = Message(message)
        super().__init__(message)


@dataclasses.dataclass(slots=True)
class _Block:
    """The lines of one question."""

    line: int
    lines: list[str]
    topic: str
    notes: dict[str, str]


def read(text: str) -> tuple[list[GiftQuestion], list[GiftProblem]]:
    """Return the questions of a file, and why others cannot be taken.

    Args:
        text: content of the file.
    """
    found: list[GiftQuestion] = []
    problems: list[GiftProblem] = []
    for block in _blocks(text.lstrip("\ufeff")):
        try:
            found.append(_question(block))
        except (_Unreadable, forms.BadAnswers) as error:
            problems.append(GiftProblem(block.line, error.message, block.lines[0][:80]))
    return found, problems


def _blocks(text: str) -> Iterator[_Block]:
    topic, notes = "", {}
    block: _Block | None = None
    for number, raw in enumerate([*text.splitlines(), ""], start=1):
        line = raw.strip()
        ours, category = _OURS.match(line), _CATEGORY.match(line)
        if ours:
            notes[ours[1]] = ours[2]
        elif category:
            topic = category[1].split("/")[-1].strip()
        elif line.startswith("//"):
            continue
        elif line:
            if block is None:
                block, notes = _Block(number, [], topic, notes), {}
            block.lines.append(line)
        elif block is not None:
            yield block
            block = None


def _question(block: _Block) -> GiftQuestion:
    text = _FORMAT.sub("", _TITLE.sub("", "\n".join(block.lines), count=1), count=1)
    start, end = _find(text, "{"), _find(text, "}")
    if start < 0 or end < start:
        raise _Unreadable(N_("There are no answers between { and }."))
    head, tail = text[:start].strip(), text[end + 1:].strip()
    asked = _plain(f"{head} _____ {tail}" if tail else head)
    if not asked:
        raise _Unreadable(N_("The question says nothing."))
    body, _, explanation = _cut(text[start + 1:end], "####")
    kind, answers = _answers(body.strip())
    forms.read(kind, answers)
    points = block.notes.get("points", "")
    return GiftQuestion(
        block.line, kind, asked, answers, _plain(explanation.strip()), block.topic,
        block.notes.get("difficulty", ""), int(points) if points.isdecimal() else None)


def _find(text: str, sign: str, begin: int = 0) -> int:
    """Return where a sign stands without a backslash in front, or -1."""
    place = begin
    while place < len(text):
        if text[place] == "\\":
            place += 1
        elif text.startswith(sign, place):
            return place
        place += 1
    return -1


def _cut(text: str, sign: str) -> tuple[str, str, str]:
    place = _find(text, sign)
    return (text, "", "") if place < 0 else (text[:place], sign, text[place + len(sign):])


def _plain(text: str) -> str:
    return re.sub(r"\\([~=#{}:\\n])", lambda found: "\n" if found[1] == "n" else found[1], text)


def _answers(body: str) -> tuple[str, str]:
    if not body:
        return forms.TEXT, ""
    word = _cut(body, "#")[0].strip().upper()
    if word in ("T", "TRUE", "F", "FALSE"):
        return forms.TRUE_FALSE, forms.TRUE if word.startswith("T") else forms.FALSE
    if body.startswith("#"):
        return forms.NUMBER, body[1:].lstrip("=").strip().replace(":", " ± ", 1)
    return _options(_split(body))


def _split(body: str) -> list[tuple[str, str]]:
    """Return the signs ``=`` and ``~`` with what follows each; feedback on options is left out."""
    found: list[tuple[str, str]] = []
    place = 0
    while place < len(body):
        if body[place] not in "=~":
            raise _Unreadable(N_("Each option begins with = or ~."))
        ends = [end for sign in "=~" if (end := _option_end(body, sign, place + 1)) >= 0]
        end = min(ends, default=len(body))
        found.append((body[place], _cut(body[place + 1:end], "#")[0].strip()))
        place = end
    return found


def _option_end(body: str, sign: str, begin: int) -> int:
    return _find(body, sign, begin)


def _options(options: Sequence[tuple[str, str]]) -> tuple[str, str]:
    if any("->" in text for _, text in options):
        return _ordering(options)
    lines, right, weighted = [], 0, False
    for sign, text in options:
        weight = _WEIGHT.match(text)
        weighted = weighted or weight is not None
        good = float(weight[1]) > 0 if weight else sign == "="
        right += good
        shown = _line(text[weight.end():] if weight else text)
        lines.append(f"*{shown}" if good else shown)
    if not any(sign == "~" for sign, _ in options):
        # A short answer: people write it in many ways, so a person marks it.
        return forms.TEXT, "\n".join(line.lstrip("*") for line in lines)
    return (forms.MULTIPLE if weighted or right > 1 else forms.SINGLE), "\n".join(lines)


def _line(text: str) -> str:
    return " ".join(_plain(text).split())


def _ordering(options: Sequence[tuple[str, str]]) -> tuple[str, str]:
    pairs = {}
    for _, text in options:
        left, _, right = text.partition("->")
        pairs[right.strip()] = _line(left)
    if sorted(pairs) != sorted(str(place) for place in range(1, len(options) + 1)):
        raise _Unreadable(N_("A matching is taken only as an ordering, with 1, 2, 3 … on the "
                             "right."))
    return forms.ORDERING, "\n".join(pairs[str(place)] for place in range(1, len(pairs) + 1))


def _escaped(text: str) -> str:
    return "".join(
        f"\\{sign}" if sign in _SPECIAL else "\\n" if sign == "\n" else sign for sign in text)


def write(questions: Iterable[GiftQuestion]) -> str:
    """Return questions as a file that ``read`` reads back.

    Args:
        questions: in order; their lines do not matter.
    """
    parts, topic = [], ""
    for one in questions:
        if one.topic and one.topic != topic:
            topic = one.topic
            parts.append(f"$CATEGORY: {topic}\n")
        if one.difficulty:
            parts.append(f"// difficulty: {one.difficulty}")
        if one.points is not None:
            parts.append(f"// points: {one.points}")
        reason = f" ####{_escaped(one.explanation)}" if one.explanation else ""
        parts.append(f"{_escaped(one.text)} {{{_written(one)}{reason}}}\n")
    return "\n".join(parts)


def _written(one: GiftQuestion) -> str:
    answers = forms.read(one.kind, one.answers)
    if one.kind == forms.TEXT:
        return "".join(f"={_escaped(line)} " for line in answers.model.splitlines() if line)
    if one.kind == forms.TRUE_FALSE:
        return "TRUE" if answers.right == (0,) else "FALSE"
    if one.kind == forms.NUMBER:
        return f"#{answers.low}..{answers.high}"
    if one.kind == forms.ORDERING:
        return " ".join(f"={_escaped(text)} -> {place}"
                        for place, text in enumerate(answers.options, start=1))
    share = f"%{round(100 / len(answers.right), 5):g}%"
    weights = {True: f"~{share}", False: "~%-100%"} if one.kind == forms.MULTIPLE else \
        {True: "=", False: "~"}
    return " ".join(f"{weights[place in answers.right]}{_escaped(text)}"
                    for place, text in enumerate(answers.options))
