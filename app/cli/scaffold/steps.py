"""The workflow of a new plugin: ready-made, or declared with states and transitions. Pure.

    [[states]]                           # in the order of the way; records begin in the first
    name = "prepared"
    label = {en = "Prepared", zh = "已备车"}

    [[states]]
    name = "handed_over"
    label = {en = "Handed over", zh = "已交车"}
    category = "done"                    # open (default), waiting, done, cancelled

    [[transitions]]
    name = "hand_over"
    label = {en = "Hand over", zh = "交车"}
    from = ["prepared"]
    to = "handed_over"
    roles = ["agent", "supervisor"]      # who may; both by default
    never = ["owner"]                    # and who never may
    approval = false                     # whether it is a second pair of eyes
    claims = false                       # whether it makes who takes it the owner
    evidence = ["file"]                  # what is handed in: comment, file
    result = true                        # whether the dialog asks for a result, kept on the record
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from app.cli.scaffold.reading import (
    NAME,
    DeclarationError,
    Words,
    flag,
    listed,
    matching,
    only,
    words,
)
from app.workflow.checking import Surroundings, problems
from app.workflow.definition import Category, Evidence, State, Transition, Who, Workflow

RESULT = "result"
"""Name of the column that a step writes."""
ROLES = ("agent", "supervisor")
_NEVER = ("owner", "created_by")
_STORES = "store_result"
_MOST = 40
_EVIDENCE = (Evidence.COMMENT.value, Evidence.FILE.value)
_COLOURS = {Category.WAITING: "yellow", Category.DONE: "green", Category.CANCELLED: "gray"}
_FIRST, _LATER = "blue", "indigo"
_STATE = frozenset({"name", "label", "category"})
_TRANSITION = frozenset({"name", "label", "from", "to", "roles", "never", "approval", "claims",
                         "evidence", "result"})
_READY_MADE: Mapping[str, Any] = {
    "states": [
        {"name": "new", "label": {"en": "New", "zh": "新建"}},
        {"name": "in_progress", "label": {"en": "In progress", "zh": "处理中"}},
        {"name": "done", "label": {"en": "Done", "zh": "已完成"}, "category": "done"},
    ],
    "transitions": [
        {"name": "take", "label": {"en": "Take", "zh": "受理"}, "from": ["new"],
         "to": "in_progress", "claims": True},
        {"name": "finish", "label": {"en": "Finish", "zh": "办结"}, "from": ["in_progress"],
         "to": "done", "result": True},
        {"name": "reopen", "label": {"en": "Reopen", "zh": "重新打开"}, "from": ["done"],
         "to": "in_progress", "roles": ["supervisor"]},
    ],
}
_WAITING: Mapping[str, Any] = {
    "name": "waiting", "label": {"en": "Waiting for approval", "zh": "待审批"},
    "category": "waiting"}
_DECIDED = (
    {"name": "approve", "label": {"en": "Approve", "zh": "批准"}, "from": ["waiting"],
     "to": "done", "roles": ["supervisor"], "never": ["owner"], "approval": True},
    {"name": "send_back", "label": {"en": "Send back", "zh": "退回"}, "from": ["waiting"],
     "to": "in_progress", "roles": ["supervisor"], "never": ["owner"], "evidence": ["comment"]},
)


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """One step of the way that the test of a new plugin goes.

    Attributes:
        transition: what is done.
        role: who does it.
    """

    transition: Transition
    role: str


@dataclasses.dataclass(frozen=True, slots=True)
class Steps:
    """States and transitions of a new plugin.

    Attributes:
        workflow: the definition; what is asked for beside evidence is the result alone.
        words: the labels in both languages.
    """

    workflow: Workflow
    words: tuple[Words, ...]

    @property
    def unfinished(self) -> list[str]:
        """States in which work is left."""
        return [one.name for one in self.workflow.states if not one.category.is_final]

    @property
    def final(self) -> list[str]:
        """States in which none is left."""
        return [one.name for one in self.workflow.states if one.category.is_final]

    @property
    def people(self) -> dict[Who, str]:
        """Who takes steps, each with the name that it has in the source."""
        found: dict[Who, str] = {}
        for one in self.workflow.transitions:
            if one.who not in found:
                roles = "STAFF" if one.who.roles == ROLES else one.who.roles[0].upper()
                found[one.who] = "_".join(("", roles, *(f"NOT_{n}".upper() for n in one.who.never)))
        return found

    @property
    def asks_result(self) -> bool:
        """Whether a step asks for the result."""
        return any(asks_result(one) for one in self.workflow.transitions)

    @property
    def needs_files(self) -> bool:
        """Whether the way to the end needs a file."""
        return any(Evidence.FILE in one.transition.evidence for one in self.way)

    @property
    def way(self) -> list[Step]:
        """The shortest way from the first state to one that is done."""
        ways: dict[str, list[Step]] = {self.workflow.initial: []}
        ahead = [self.workflow.initial]
        for here in ahead:
            if self.workflow.state(here).category is Category.DONE:
                return ways[here]
            for one in self.workflow.transitions:
                if here in one.sources and one.target not in ways:
                    ways[one.target] = [*ways[here], Step(one, _who_goes(one.who))]
                    ahead.append(one.target)
        raise DeclarationError("No way leads to a state of the category done.")


def asks_result(transition: Transition) -> bool:
    """Return whether a transition asks for the result."""
    return _STORES in transition.effects


def _who_goes(who: Who) -> str:
    """Return the role of whoever takes a step of a record that an agent has made."""
    return "supervisor" if who.never or "agent" not in who.roles else "agent"


def ready_made(name: str, title: str, *, approval: bool) -> Steps:
    """Return the steps of a declaration that names none of its own.

    Args:
        name: name of the workflow.
        title: its title.
        approval: whether a supervisor approves what an agent has finished.
    """
    states, transitions = list(_READY_MADE["states"]), list(_READY_MADE["transitions"])
    if approval:
        states.insert(2, _WAITING)
        transitions[1:2] = [{**transitions[1], "to": "waiting"}, *_DECIDED]
    return read_steps({"states": states, "transitions": transitions}, name, title)


def read_steps(given: Mapping[str, Any], name: str, title: str) -> Steps:
    """Return the steps that a declaration holds.

    Args:
        given: the declaration, with ``states`` and ``transitions``.
        name: name of the workflow.
        title: its title.

    Raises:
        DeclarationError: anything in them is missing, misspelt, or leads nowhere.
    """
    tables = {key: _tables(given, key) for key in ("states", "transitions")}
    states = _states(tables["states"])
    starts_work = {one.name for one in states if not one.category.is_final}
    transitions: list[Transition] = []
    for table in tables["transitions"]:
        made = _transition(table)
        # The first way out of a state is what is done there as a rule.
        led = {source for one in transitions for source in one.sources}
        is_main = bool(starts_work.intersection(made.sources) - led)
        transitions.append(dataclasses.replace(made, primary=is_main))
    workflow = Workflow(name=name, title=title, initial=states[0].name, states=states,
                        transitions=tuple(transitions))
    found = problems(workflow, Surroundings(relations=_NEVER, effects=(_STORES,)))
    if found:
        raise DeclarationError(str(found[0]))
    steps = Steps(workflow, tuple(words(table, "label") for table in (
        *tables["states"], *tables["transitions"])))
    if not steps.way:
        raise DeclarationError("The first state is open: work is done in it.")
    return steps


def _tables(given: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    held = given.get(key)
    if not isinstance(held, list) or not 0 < len(held) <= _MOST or not all(
            isinstance(one, dict) for one in held):
        raise DeclarationError(f"There must be one to {_MOST} [[{key}]].")
    return held


def _states(tables: Iterable[Mapping[str, Any]]) -> tuple[State, ...]:
    found: list[State] = []
    for table in tables:
        name, place = _named(table, "State", _STATE)
        try:
            category = Category(table.get("category", Category.OPEN))
        except ValueError:
            raise DeclarationError(
                f"{place}: category must be one of {', '.join(Category)}.") from None
        colour = _COLOURS.get(category) or (_LATER if found else _FIRST)
        found.append(State(name, words(table, "label", place).en, category, colour))
    left = sum(not one.category.is_final for one in found)
    return tuple(
        dataclasses.replace(one, progress=100 if one.category.is_final else 10 + 80 * place // left)
        for place, one in enumerate(found))


def _transition(table: Mapping[str, Any]) -> Transition:
    name, place = _named(table, "Transition", _TRANSITION)
    roles = listed(table, "roles", place, among=ROLES) or ROLES
    target = table.get("to")
    if not isinstance(target, str):
        raise DeclarationError(f"{place}: to is the name of a state.")
    return Transition(
        name, words(table, "label", place).en, listed(table, "from", place), target,
        Who(roles=roles, never=listed(table, "never", place, among=_NEVER)),
        approval=flag(table, "approval", place), claims=flag(table, "claims", place),
        evidence=tuple(map(Evidence, listed(table, "evidence", place, among=_EVIDENCE))),
        effects=(_STORES,) if flag(table, "result", place) else ())


def _named(table: Mapping[str, Any], what: str, known: frozenset[str]) -> tuple[str, str]:
    name = matching(table, "name", NAME, "small letters, digits and underscores")
    place = f"{what} {name}"
    only(table, known, place)
    return name, place
