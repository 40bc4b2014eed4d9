"""Workflows as data: states, transitions, who may take them and what they ask for. Pure.

A definition may be made with faults; ``app.workflow.checking`` names them in sentences, and
nothing faulty is ever published.
"""

from __future__ import annotations

import dataclasses
import enum
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, cast

from app.forms.definition import Form
from app.i18n import Message

EVERY_OPEN = "*"
"""As a source: every state of category open or waiting."""
ANYONE = "anyone"
"""The relation of everybody who sees the record."""
SYSTEM = "system"
"""The relation of jobs and commands; it holds for no person."""


class WorkflowError(ValueError):
    """A workflow contradicts itself; ``problems`` holds one sentence for each fault."""

    def __init__(self, problems: Iterable[Message]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(map(str, self.problems)))


class Category(enum.StrEnum):
    """What a state means for work: to be done, waiting for others, done, given up."""

    OPEN = "open"
    WAITING = "waiting"
    DONE = "done"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Whether no work is left."""
        return self in (Category.DONE, Category.CANCELLED)


class Evidence(enum.StrEnum):
    """What must be handed in with a transition."""

    COMMENT = "comment"
    FILE = "file"
    SIGNATURE = "signature"


@dataclasses.dataclass(frozen=True, slots=True)
class State:
    """Where a record can stand.

    Attributes:
        name: lower-case identifier.
        label: English message id.
        category: what it means for work.
        colour: name of a colour of the theme, e.g. ``blue``; never the only sign.
        progress: share of the way done, 0 to 100.
        hours: usual stay in working hours, for the load and the drawing; ``None`` if unknown.
        skip_to: makes the state optional: switched off, ways into it lead there instead.
        only_through: transitions of which one must have been performed on any way here, e.g. an
            approval; checked over the whole workflow.
    """

    name: str
    label: str
    category: Category = Category.OPEN
    colour: str = "blue"
    progress: int = 0
    hours: int | None = None
    skip_to: str = ""
    only_through: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Who:
    """Who may take a transition: anybody who has one of the first three, and none of ``never``.

    Attributes:
        roles: names of roles.
        permissions: pairs of permission and view, e.g. ``("can_assign", "complaints.Case")``.
        relations: relations to the record, e.g. ``owner``, ``team_leader``,
            ``department_leader``, ``anyone``, ``system``, or those of a plugin.
        never: relations that shut a person out, e.g. ``proposer``: nobody approves their own work.
    """

    roles: tuple[str, ...] = ()
    permissions: tuple[tuple[str, str], ...] = ()
    relations: tuple[str, ...] = ()
    never: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.roles or self.permissions or self.relations)


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """One of the results of which a transition records exactly one."""

    value: str
    label: str


@dataclasses.dataclass(frozen=True, slots=True)
class Transition:
    """A way from one state to another.

    Attributes:
        name: lower-case identifier, different from all states.
        label: English message id, an imperative such as ``Assign``.
        sources: names of states, or ``EVERY_OPEN``.
        target: name of a state; empty stays where the record is.
        who: who may take it.
        needs: permissions that are needed besides, e.g. the right to approve.
        approval: a second pair of eyes; it must name who, and its roles must hold ``needs``.
        form: fields to fill.
        guards: names of conditions on the record, in the order they are asked.
        effects: names of what else is done in the same transaction, in order.
        evidence: what must be handed in.
        outcomes: results of which one must be chosen.
        confirm: English question asked before; empty for none.
        claims: makes the person who takes it the owner; of several at once one wins.
        bulk: whether it may be taken for many records at once.
        order: place among the offers, low first.
        primary: shown as the main action.
        optional: may be switched off on the screen.
        is_final_word: it tells somebody outside something, so it is never taken back.
    """

    name: str
    label: str
    sources: tuple[str, ...]
    target: str
    who: Who
    needs: tuple[tuple[str, str], ...] = ()
    approval: bool = False
    form: Form | None = None
    guards: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    confirm: str = ""
    claims: bool = False
    bulk: bool = False
    order: int = 100
    primary: bool = False
    optional: bool = False
    is_final_word: bool = False

    @property
    def one_click(self) -> bool:
        """Whether it asks for nothing: it can be taken straight from a list."""
        return not (self.form or self.evidence or self.outcomes or self.confirm)


@dataclasses.dataclass(frozen=True, slots=True)
class Workflow:
    """All states and transitions of one kind of record.

    Attributes:
        name: unique name, e.g. ``complaints.case``.
        title: English message id.
        initial: state of a new record.
        states: in the order of the way.
        transitions: in any order.
        version: number of the published definition; 0 as shipped.
    """

    name: str
    title: str
    initial: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    version: int = 0

    def state(self, name: str) -> State:
        """Return a state by name.

        Raises:
            KeyError: there is none.
        """
        return _named(self.states, name)

    def transition(self, name: str) -> Transition:
        """Return a transition by name.

        Raises:
            KeyError: there is none.
        """
        return _named(self.transitions, name)

    def sources_of(self, transition: Transition) -> tuple[str, ...]:
        """Return the states from which a transition leads, ``EVERY_OPEN`` written out."""
        names = dict.fromkeys(name for name in transition.sources if name != EVERY_OPEN)
        if EVERY_OPEN in transition.sources:
            # Leading to a state from "everywhere" means from everywhere else.
            names |= {
                one.name: None
                for one in self.states
                if not one.category.is_final and one.name != transition.target
            }
        return tuple(names)

    def target_of(self, transition: Transition, source: str) -> str:
        """Return the state that a transition leads to from ``source``."""
        return transition.target or source

    def transitions_from(self, state: str) -> tuple[Transition, ...]:
        """Return the transitions from a state in the order of their offers."""
        found = [one for one in self.transitions if state in self.sources_of(one)]
        return tuple(sorted(found, key=lambda one: (one.order, one.name)))

    def to_dict(self) -> dict[str, Any]:
        """Return plain values from which ``from_dict`` makes an equal workflow."""
        return _plain(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Workflow:
        """Return the workflow that ``to_dict`` described (also after a trip through JSON).

        Raises:
            KeyError, TypeError, ValueError: a part is missing, unknown or malformed.
        """
        made: dict[str, Any] = {
            **values,
            "states": tuple(map(_state, values["states"])),
            "transitions": tuple(map(_transition, values["transitions"])),
        }
        return cls(**made)

    def content_hash(self) -> str:
        """Return a short hash of all but the version number, the same on every machine."""
        content = {name: held for name, held in self.to_dict().items() if name != "version"}
        text = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def who_from_dict(values: Mapping[str, Any]) -> Who:
    """Return who may take a transition from plain values."""
    fields: dict[str, tuple[Any, ...]] = {name: tuple(held) for name, held in values.items()}
    fields["permissions"] = tuple(tuple(one) for one in fields.get("permissions", ()))
    return Who(**fields)


def _named(parts: Iterable[Any], name: str) -> Any:
    for part in parts:
        if part.name == name:
            return part
    raise KeyError(name)


def _plain(value: Any) -> Any:
    if isinstance(value, Form):
        return value.to_dict()
    if dataclasses.is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in cast("tuple[Any, ...]", value)]
    return value.value if isinstance(value, enum.Enum) else value


def _state(values: Mapping[str, Any]) -> State:
    made: dict[str, Any] = {
        **values,
        "category": Category(values.get("category", Category.OPEN)),
        "only_through": tuple(values.get("only_through", ())),
    }
    return State(**made)


def _transition(values: Mapping[str, Any]) -> Transition:
    form = values.get("form")
    made: dict[str, Any] = {
        **values,
        "sources": tuple(values["sources"]),
        "who": who_from_dict(values["who"]),
        "needs": tuple(tuple(one) for one in values.get("needs", ())),
        "form": Form.from_dict(form) if form else None,
        "guards": tuple(values.get("guards", ())),
        "effects": tuple(values.get("effects", ())),
        "evidence": tuple(map(Evidence, values.get("evidence", ()))),
        "outcomes": tuple(Outcome(**one) for one in values.get("outcomes", ())),
    }
    return Transition(**made)
