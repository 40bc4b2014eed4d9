"""Scripts (话术) as text: questions with their answers and branches, and the way through. Pure.

A question begins with its name and kind in brackets, then what is said. The lines below it lead on:

    [delivery: level] Are you satisfied with how the car was handed over?
    fair, dissatisfied -> reason
    satisfied -> thanks

    [colour: choice: red; blue] Which colour would you choose?

    [reason: text] What should have gone better?

    [thanks: say] Thank you for your time.
    -> end

Kinds: ``level`` (three levels: satisfied, fair, dissatisfied), ``choice`` with its answers between
semicolons, ``text``, ``date``, and ``say`` for a sentence without an answer. An answer without a
branch of its own goes on to the next question; after the last one, and at ``end``, the script ends.
Branches lead forward only, so every way ends.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Iterator, Mapping

from app.sdk import N_
from app.sdk.workflow import Message
from plugins.callbacks.choices import DISSATISFIED, FAIR, SATISFACTIONS, SATISFIED

END = "end"
LEVELS = tuple(value for value, _ in SATISFACTIONS)
KINDS = ("level", "choice", "text", "date", "say")
LONGEST_ANSWER = 2000
# A Chinese script names the three levels in Chinese.
_LEVEL_NAMES = {"满意": SATISFIED, "一般": FAIR, "不满意": DISSATISFIED}
_HEAD = re.compile(r"\[\s*(?P<name>[a-z][a-z0-9_]*)\s*:\s*(?P<kind>[a-z]+)\s*"
                   r"(?::\s*(?P<answers>[^\]]*))?\]\s*(?P<text>.*)\Z")
_BRANCH = re.compile(r"(?P<answers>.*?)\s*->\s*(?P<target>[a-z][a-z0-9_]*)\Z")
_SEPARATORS = re.compile(r"[;；]")
_BRANCH_SEPARATORS = re.compile(r"[,，]")


@dataclasses.dataclass(frozen=True, slots=True)
class Question:
    """Something to say or to ask.

    Attributes:
        name: identifies it within the script.
        kind: one of ``KINDS``.
        text: what is said.
        answers: what may be answered; empty for free answers.
        branches: pairs of an answer and the name of the question it leads to, or ``end``.
        otherwise: where every other answer leads; empty for the next question.
    """

    name: str
    kind: str
    text: str
    answers: tuple[str, ...] = ()
    branches: tuple[tuple[str, str], ...] = ()
    otherwise: str = ""

    @property
    def asks(self) -> bool:
        """Whether an answer is expected."""
        return self.kind != "say"

    def accepts(self, answer: str) -> bool:
        """Return whether something is an answer to it."""
        if self.kind == "say":
            return answer == ""
        if self.answers:
            return answer in self.answers
        if self.kind == "date":
            return _is_date(answer)
        return bool(answer.strip()) and len(answer) <= LONGEST_ANSWER


@dataclasses.dataclass(frozen=True, slots=True)
class Script:
    """The questions of a script in order."""

    questions: tuple[Question, ...]

    def question(self, name: str) -> Question | None:
        """Return a question by name, or ``None``."""
        return next((one for one in self.questions if one.name == name), None)

    def after(self, question: Question, answer: str) -> Question | None:
        """Return the question that an answer leads to, or ``None`` at the end."""
        target = dict(question.branches).get(answer, question.otherwise)
        if target == END:
            return None
        if target:
            return self.question(target)
        place = self.questions.index(question) + 1
        return self.questions[place] if place < len(self.questions) else None


@dataclasses.dataclass(frozen=True, slots=True)
class Branch:
    """Where some answers to a question lead.

    Attributes:
        answers: the answers; none where every answer, or a sentence that was said, leads there.
        node: what comes next; ``None`` at the end.
        repeats: whether ``node`` is drawn at another place already.
    """

    answers: tuple[str, ...]
    node: Node | None
    repeats: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Node:
    """A question as the tree of its script draws it.

    Attributes:
        question: the question.
        branches: where its answers lead, in the order of the answers.
    """

    question: Question
    branches: tuple[Branch, ...] = ()


def tree(script: Script) -> Node | None:
    """Return a script as a tree from its first question; ``None`` without questions.

    Where two ways meet, the first in the order of the answers is drawn on; the other one names the
    question where it goes on.

    Args:
        script: a script without faults.
    """
    drawn: set[str] = set()

    def node(question: Question) -> Node:
        drawn.add(question.name)
        targets: dict[Question | None, list[str]] = {}
        for answer in question.answers or ("",):
            targets.setdefault(script.after(question, answer), []).append(answer)
        everywhere = len(targets) == 1
        branches: list[Branch] = []
        for target, answers in targets.items():
            named = () if everywhere else tuple(answers)
            if target is None:
                branches.append(Branch(named, None))
            elif target.name in drawn:
                branches.append(Branch(named, Node(target), repeats=True))
            else:
                branches.append(Branch(named, node(target)))
        return Node(question, tuple(branches))

    return node(script.questions[0]) if script.questions else None


class BadScript(ValueError):
    """A text is no script; ``problems`` holds one message for each fault."""

    def __init__(self, problems: list[Message]) -> None:
        super().__init__(" ".join(map(str, problems)))
        self.problems = problems


def walk(script: Script, answers: Mapping[str, str]) -> Iterator[tuple[Question, str | None]]:
    """Return the questions on the way that answers take, each with its answer.

    The last one has ``None`` for an answer where the way has not come to its end; answers to
    questions that are not on the way do not count.

    Args:
        script: a script without faults.
        answers: answers by name of the question; a sentence that was said has an empty text.
    """
    question = script.questions[0] if script.questions else None
    while question is not None:
        answer = answers.get(question.name)
        if answer is None or not question.accepts(answer):
            yield question, None
            return
        yield question, answer
        question = script.after(question, answer)


def next_question(script: Script, answers: Mapping[str, str]) -> Question | None:
    """Return the question that comes next, or ``None`` when the script is through."""
    return next((one for one, answer in walk(script, answers) if answer is None), None)


def on_the_way(script: Script, answers: Mapping[str, str]) -> dict[str, str]:
    """Return those of several answers that are on the way, in its order."""
    return {one.name: answer for one, answer in walk(script, answers) if answer is not None}


def longest_way(script: Script) -> int:
    """Return the most questions that one call can ask."""
    longest: dict[str, int] = {}
    for question in reversed(script.questions):
        answers = question.answers or ("",)
        follow = [script.after(question, answer) for answer in answers]
        longest[question.name] = question.asks + max(
            longest[one.name] if one is not None else 0 for one in follow
        )
    return longest[script.questions[0].name] if script.questions else 0


def read(text: str) -> Script:
    """Return the script that a text describes.

    Raises:
        BadScript: the text has faults.
    """
    problems: list[Message] = []
    questions: list[Question] = []
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if line:
            _read_line(line, number, questions, problems)
    problems += _faults(questions)
    if problems:
        raise BadScript(problems)
    return Script(tuple(questions))


def _read_line(
    line: str, number: int, questions: list[Question], problems: list[Message]
) -> None:
    head = _HEAD.match(line)
    if head is not None:
        questions.append(_question(head))
        return
    branch = _BRANCH.match(line)
    if not questions:
        problems.append(Message(
            N_("Line %(line)s: begin with a question such as [name: level] text."),
            {"line": number}))
    elif branch is not None:
        questions[-1] = _branched(questions[-1], branch)
    elif line.startswith("[") or "->" in line:
        problems.append(Message(
            N_("Line %(line)s is neither a question nor a branch."), {"line": number}))
    else:
        said = f"{questions[-1].text}\n{line}".strip()
        questions[-1] = dataclasses.replace(questions[-1], text=said)


def _question(head: re.Match[str]) -> Question:
    kind = head["kind"]
    answers = LEVELS if kind == "level" else tuple(
        one.strip() for one in _SEPARATORS.split(head["answers"] or "") if one.strip()
    )
    return Question(head["name"], kind, head["text"].strip(), answers)


def _branched(question: Question, branch: re.Match[str]) -> Question:
    named = [one.strip() for one in _BRANCH_SEPARATORS.split(branch["answers"]) if one.strip()]
    if question.kind == "level":
        named = [_LEVEL_NAMES.get(one, one) for one in named]
    if not named:
        return dataclasses.replace(question, otherwise=branch["target"])
    more = tuple((one, branch["target"]) for one in named)
    return dataclasses.replace(question, branches=(*question.branches, *more))


def _faults(questions: list[Question]) -> list[Message]:
    if not questions:
        return [Message(N_("The script has no question."))]
    places = {one.name: place for place, one in reversed(list(enumerate(questions)))}
    found = []
    for place, one in enumerate(questions):
        found += [Message(msgid, {"name": one.name, **values})
                  for msgid, values in _faults_of(one, place, places)]
    return found or _unreached(questions)


def _faults_of(
    one: Question, place: int, places: Mapping[str, int]
) -> Iterator[tuple[str, dict[str, str]]]:
    if one.name == END or places[one.name] != place:
        yield N_("%(name)s: this name is taken."), {}
    if one.kind not in KINDS:
        yield N_("%(name)s: the kind is level, choice, text, date or say."), {}
    if not one.text:
        yield N_("%(name)s: write what is said."), {}
    if one.kind == "choice" and len(one.answers) < 2:
        yield N_("%(name)s: a choice needs two answers or more."), {}
    if one.kind not in ("level", "choice") and one.answers:
        yield N_("%(name)s: only a choice has a list of answers."), {}
    if len(set(one.answers)) < len(one.answers):
        yield N_("%(name)s: an answer is named twice."), {}
    yield from _faults_of_branches(one, place, places)
    if one.otherwise not in ("", END) and places.get(one.otherwise, -1) <= place:
        yield N_("%(name)s: %(target)s is no later question."), {"target": one.otherwise}


def _faults_of_branches(
    one: Question, place: int, places: Mapping[str, int]
) -> Iterator[tuple[str, dict[str, str]]]:
    seen: set[str] = set()
    for answer, target in one.branches:
        if answer not in one.answers:
            yield N_("%(name)s: %(answer)s is none of its answers."), {"answer": answer}
        if answer in seen:
            yield N_("%(name)s: two branches begin with %(answer)s."), {"answer": answer}
        seen.add(answer)
        if target != END and places.get(target, -1) <= place:
            yield N_("%(name)s: %(target)s is no later question."), {"target": target}


def _unreached(questions: list[Question]) -> list[Message]:
    script, reached = Script(tuple(questions)), {questions[0].name}
    for question in questions:
        if question.name in reached:
            for answer in question.answers or ("",):
                follow = script.after(question, answer)
                if follow is not None:
                    reached.add(follow.name)
    return [Message(N_("%(name)s: no answer leads to this question."), {"name": one.name})
            for one in questions if one.name not in reached]


def _is_date(answer: str) -> bool:
    try:
        dt.date.fromisoformat(answer)
    except ValueError:
        return False
    return True
