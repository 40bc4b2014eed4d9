"""Everything that can be wrong with a workflow, told in sentences before it is published. Pure."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Iterator, Mapping

from app.workflow.definition import (
    ANYONE,
    EVERY_OPEN,
    SYSTEM,
    Transition,
    Workflow,
    WorkflowError,
)

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
# Keys under which evidence and the outcome come with the values of the form.
GIVEN_BESIDE_THE_FORM = frozenset({"comment", "files", "signature", "outcome"})


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the definition relies on.

    Attributes:
        guards: names that are registered.
        effects: names that are registered.
        relations: relations to a record that can be worked out.
        roles: names of the roles that exist with the permissions each holds; ``None`` leaves
            roles unchecked (a shipped definition is made before any role exists).
    """

    guards: Collection[str] = ()
    effects: Collection[str] = ()
    relations: Collection[str] = (ANYONE, SYSTEM)
    roles: Mapping[str, Collection[tuple[str, str]]] | None = None


def require_valid(workflow: Workflow, surroundings: Surroundings) -> None:
    """Refuse a faulty workflow.

    Raises:
        WorkflowError: with one sentence for each fault.
    """
    found = problems(workflow, surroundings)
    if found:
        raise WorkflowError(found)


def problems(workflow: Workflow, surroundings: Surroundings) -> list[str]:
    """Return one sentence for each fault, none for a good workflow."""
    found = list(_names(workflow))
    if found:
        return found  # what follows relies on names that lead somewhere
    for transition in workflow.transitions:
        found += _transition(transition, surroundings)
    found += _states(workflow)
    found += _ways(workflow)
    return found


def reachable(workflow: Workflow, without: Collection[str] = ()) -> set[str]:
    """Return the states that can be reached from the first.

    Args:
        workflow: with names that lead somewhere.
        without: transitions not to be taken.
    """
    seen, ahead = {workflow.initial}, [workflow.initial]
    while ahead:
        here = ahead.pop()
        for transition in workflow.transitions_from(here):
            there = workflow.target_of(transition, here)
            if transition.name not in without and there not in seen:
                seen.add(there)
                ahead.append(there)
    return seen


def _names(workflow: Workflow) -> Iterator[str]:
    states = [state.name for state in workflow.states]
    names = states + [transition.name for transition in workflow.transitions]
    for name in dict.fromkeys(names):
        if not NAME.match(name):
            yield f"{name!r} is no lower-case identifier."
        if names.count(name) > 1:
            # Clocks start and stop on names of both kinds.
            yield f"The name {name!r} is used more than once among states and transitions."
    if workflow.initial not in states:
        yield f"The first state {workflow.initial!r} does not exist."
    for state in workflow.states:
        if state.skip_to and state.skip_to not in states:
            yield f"State {state.name!r} is skipped to {state.skip_to!r}, which does not exist."
        for name in state.only_through:
            if name not in names or name in states:
                yield f"State {state.name!r} relies on {name!r}, which is no transition."
    for transition in workflow.transitions:
        label = f"Transition {transition.name!r}"
        for source in transition.sources:
            if source not in (*states, EVERY_OPEN):
                yield f"{label} starts at {source!r}, which is no state."
        if not transition.sources:
            yield f"{label} starts nowhere."
        if transition.target and transition.target not in states:
            yield f"{label} leads to {transition.target!r}, which is no state."


def _transition(transition: Transition, around: Surroundings) -> Iterator[str]:
    label = f"Transition {transition.name!r}"
    if not transition.label:
        yield f"{label} needs a label."
    if not transition.who:
        fault = "is an approval without an approver" if transition.approval else "is for nobody"
        yield f"{label} {fault}: name roles, permissions or relations."
    for kind, names, known in (
        ("guard", transition.guards, around.guards),
        ("effect", transition.effects, around.effects),
        ("relation", transition.who.relations + transition.who.never, around.relations),
    ):
        for name in names:
            if name not in known:
                yield f"{label} names the {kind} {name!r}, which is not known."
    if transition.approval and ANYONE in transition.who.relations:
        yield f"{label} is an approval: it cannot be open to anyone."
    fields = {field.name for field in transition.form.fields} if transition.form else set()
    for name in sorted(fields & GIVEN_BESIDE_THE_FORM):
        yield f"{label} has a field {name!r}: that name is kept for evidence and outcome."
    outcomes = [outcome.value for outcome in transition.outcomes]
    if len(outcomes) != len(set(outcomes)) or len(outcomes) == 1:
        yield f"{label} must have no outcomes or at least two different ones."
    if transition.bulk and transition.evidence:
        yield f"{label} asks for evidence about one record: it cannot be taken in bulk."
    yield from _roles(transition, around)


def _roles(transition: Transition, around: Surroundings) -> Iterator[str]:
    if around.roles is None:
        return
    label = f"Transition {transition.name!r}"
    for role in transition.who.roles:
        if role not in around.roles:
            yield f"{label} names the role {role!r}, which does not exist."
            continue
        for permission, view in transition.needs:
            if (permission, view) not in around.roles[role]:
                yield f"{label} is for role {role!r}, which lacks {permission} on {view}."
    held = {pair for pairs in around.roles.values() for pair in pairs}
    for permission, view in transition.who.permissions:
        if (permission, view) not in held:
            yield f"{label} is for those with {permission} on {view}: no role holds it."
    for permission, view in transition.needs:
        if not transition.who.roles and (permission, view) not in held:
            yield f"{label} needs {permission} on {view}: no role holds it."


def _states(workflow: Workflow) -> Iterator[str]:
    for state in workflow.states:
        label = f"State {state.name!r}"
        if not state.label:
            yield f"{label} needs a label."
        if not 0 <= state.progress <= 100:
            yield f"{label} must have a progress from 0 to 100."
        if state.hours is not None and state.hours < 1:
            yield f"{label} must have a usual stay of at least 1 hour."
        leads_on = any(
            workflow.target_of(one, state.name) != state.name
            for one in workflow.transitions_from(state.name)
        )
        if not leads_on and not state.category.is_final:
            yield f"{label} is a dead end, and neither done nor cancelled."


def _ways(workflow: Workflow) -> Iterator[str]:
    reached = reachable(workflow)
    for state in workflow.states:
        if state.name not in reached:
            yield f"State {state.name!r} cannot be reached."
        if state.only_through and state.name in reachable(workflow, state.only_through):
            ways = " or ".join(repr(name) for name in state.only_through)
            yield f"State {state.name!r} can be reached without {ways}."
    finals = {state.name for state in workflow.states if state.category.is_final}
    for start in sorted(reached - finals):
        if not finals & reachable(dataclasses.replace(workflow, initial=start)):
            yield f"From state {start!r} no way leads to an end."
