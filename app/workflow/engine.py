"""What may be done with a record now, and what exactly happens when it is done. Pure.

The engine decides from facts that it is given and changes nothing: ``app.workflow.services``
gathers the facts, and writes what the plan says in one transaction.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

from app.deadlines.clocks import CATEGORY
from app.errors import Invalid, Rejected
from app.forms import cleaning
from app.i18n import N_, Message
from app.workflow.definition import ANYONE, Evidence, Transition, Who, Workflow

LONGEST_COMMENT = 20_000

Guard = Callable[[Mapping[str, Any]], Message | None]
"""Takes the values of the record; returns why not, or ``None`` when nothing stands against it."""




@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class TransitionContext:
    """What is known about the person and the record.

    Attributes:
        roles: roles the person holds.
        permissions: permissions the person holds.
        relations: relations of the person to the record.
        record: values of the record that guards look at.
        guards: registered guards by name.
    """

    roles: frozenset[str] = frozenset()
    permissions: frozenset[tuple[str, str]] = frozenset()
    relations: frozenset[str] = frozenset()
    record: Mapping[str, Any] = dataclasses.field(default_factory=dict[str, Any])
    guards: Mapping[str, Guard] = dataclasses.field(default_factory=dict[str, Guard])


class Availability(enum.StrEnum):
    """Whether a transition may be taken: yes; not now; never by this person."""

    ALLOWED = "allowed"
    BLOCKED = "blocked"
    FORBIDDEN = "forbidden"


@dataclasses.dataclass(frozen=True, slots=True)
class AvailableTransition:
    """One transition from the present state, and why it may not be taken."""

    transition: Transition
    availability: Availability
    reason: Message | None = None

    @property
    def is_allowed(self) -> bool:
        """Whether it may be taken now."""
        return self.availability is Availability.ALLOWED


@dataclasses.dataclass(frozen=True, slots=True)
class TransitionLogEntry:
    """What is written about a transition, without time and person."""

    transition: str
    source: str
    target: str
    outcome: str
    comment: str
    values: Mapping[str, Any]
    files: tuple[int, ...]
    signature: int | None
    approval: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """All that happens when a transition is taken.

    Attributes:
        target: the state entered.
        log: the line to write.
        effects: names of effects, in order.
        names: what clocks react to: the state entered, the transition, and the state's category
            as ``category:waiting``.
    """

    target: str
    log: TransitionLogEntry
    effects: tuple[str, ...]
    names: frozenset[str]


def available_transitions(
    workflow: Workflow, state: str, facts: TransitionContext
) -> tuple[AvailableTransition, ...]:
    """Return every transition from a state, in order, with whether and why not."""
    found: list[AvailableTransition] = []
    for transition in workflow.transitions_from(state):
        reason = _not_permitted(transition, facts)
        if reason:
            found.append(AvailableTransition(transition, Availability.FORBIDDEN, reason))
            continue
        reason = _blocked(transition, facts)
        availability = Availability.BLOCKED if reason else Availability.ALLOWED
        found.append(AvailableTransition(transition, availability, reason))
    return tuple(found)


def plan(
    workflow: Workflow, state: str, name: str, values: Mapping[str, Any], facts: TransitionContext
) -> Plan:
    """Return what happens when a transition is taken.

    Args:
        workflow: the definition that the record keeps to.
        state: the record's present state.
        name: the transition.
        values: by field of the form; besides ``comment``, ``files``, ``signature``, ``outcome``.
        facts: about person and record.

    Raises:
        Rejected: no such transition from here, not this person, or a guard stands against it.
        Invalid: a field, evidence or the outcome is missing or wrong.
    """
    transition = next((one for one in workflow.transitions_from(state) if one.name == name), None)
    if transition is None:
        raise Rejected(
            Message(N_("This action is not possible in state %(state)s."), {"state": state})
        )
    reason = _not_permitted(transition, facts) or _blocked(transition, facts)
    if reason:
        raise Rejected(reason)
    line = _read(workflow, transition, state, values)
    return Plan(
        target=line.target,
        log=line,
        effects=transition.effects,
        names=moving_names(workflow, name, line.target),
    )


def entering_names(workflow: Workflow) -> frozenset[str]:
    """Return what clocks react to when a record is made."""
    return moving_names(workflow, "", workflow.initial)


def moving_names(workflow: Workflow, transition: str, target: str) -> frozenset[str]:
    """Return what clocks react to when a state is entered.

    Args:
        workflow: the definition of the record.
        transition: by which it was entered; empty for a new record.
        target: the state entered.
    """
    names = {target, f"{CATEGORY}{workflow.state(target).category}"}
    return frozenset(names | {transition} if transition else names)


def replay(workflow: Workflow, lines: Iterable[tuple[str, str, str]]) -> str:
    """Return the state to which a log leads.

    Args:
        workflow: the definition of the record.
        lines: transition, source and target of each line, in order.

    Raises:
        ValueError: a line does not follow from the one before it, or is no way of the workflow.
    """
    state = workflow.initial
    for name, source, target in lines:
        known = {one.name: one for one in workflow.transitions_from(source)}
        if source != state or name not in known:
            raise ValueError(f"the log breaks at {name!r}: {source!r} after {state!r}")
        if workflow.target_of(known[name], source) != target:
            raise ValueError(f"{name!r} does not lead from {source!r} to {target!r}")
        state = target
    return state


def may(who: Who, facts: TransitionContext) -> bool:
    """Return whether a person is among those who may."""
    if facts.relations.intersection(who.never):
        return False
    return bool(
        ANYONE in who.relations
        or facts.roles.intersection(who.roles)
        or facts.relations.intersection(who.relations)
        or facts.permissions.intersection(who.permissions)
    )


def _not_permitted(transition: Transition, facts: TransitionContext) -> Message | None:
    if facts.relations.intersection(transition.who.never):
        return Message(N_("Somebody else must do this: you took part in it yourself."))
    if not may(transition.who, facts):
        return Message(N_("Your role may not do this."))
    missing = [pair for pair in transition.needs if pair not in facts.permissions]
    if missing:
        return Message(N_("You lack the permission to do this."))
    return None


def _blocked(transition: Transition, facts: TransitionContext) -> Message | None:
    for name in transition.guards:
        guard = facts.guards.get(name)
        if guard is None:
            # A guard that is missing, as when its plugin is switched off, lets nobody pass.
            return Message(N_("A check is not available at present."))
        reason = guard(facts.record)
        if reason:
            return reason
    return None


def _read(
    workflow: Workflow, transition: Transition, state: str, values: Mapping[str, Any]
) -> TransitionLogEntry:
    errors: dict[str, Message] = {}
    cleaned: dict[str, Any] = {}
    if transition.form:
        cleaned, errors = cleaning.clean(transition.form, values)
    outcome = values.get("outcome") or ""
    allowed = {one.value for one in transition.outcomes}
    if allowed and outcome not in allowed:
        errors["outcome"] = Message(N_("Choose one of the outcomes."))
    comment = values.get("comment") or ""
    if not isinstance(comment, str) or len(comment) > LONGEST_COMMENT:
        errors["comment"] = Message(
            N_("At most %(most)s characters."), {"most": LONGEST_COMMENT}
        )
    elif Evidence.COMMENT in transition.evidence and not comment.strip():
        errors["comment"] = Message(N_("A comment is required."))
    files = _ids(values.get("files"))
    if files is None or (Evidence.FILE in transition.evidence and not files):
        errors["files"] = Message(N_("A file is required."))
    signature = _ids(values.get("signature"))
    if signature is None or (Evidence.SIGNATURE in transition.evidence and not signature):
        errors["signature"] = Message(N_("A signature is required."))
    if errors:
        raise Invalid(errors)
    return TransitionLogEntry(
        transition=transition.name,
        source=state,
        target=workflow.target_of(transition, state),
        outcome=outcome if allowed else "",
        comment=comment.strip(),
        values=cleaned,
        files=files or (),
        signature=signature[0] if signature else None,
        approval=transition.approval,
    )


def _ids(value: Any) -> tuple[int, ...] | None:
    """Return ids, none of nothing, or ``None`` for what are no ids."""
    several = isinstance(value, list | tuple)
    given = cast("Sequence[Any]", value) if several else [value]
    texts = [str(one).strip() for one in given if one not in (None, "")]
    if not all(text.isascii() and text.isdigit() and len(text) < 19 for text in texts):
        return None
    return tuple(dict.fromkeys(int(text) for text in texts))
