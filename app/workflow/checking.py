"""Everything that can be wrong with a workflow, told in sentences before it is published. Pure."""

# Not strict: what JSON holds, and columns found by name, have no types.
# pyright: basic

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Iterator, Mapping

from app.i18n import N_, Message
from app.workflow.definition import (
    ANYONE,
    EVERY_OPEN,
    SYSTEM,
    State,
    Transition,
    Workflow,
    WorkflowError,
)

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
WAYS_BETWEEN = " / "
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


def problems(workflow: Workflow, surroundings: Surroundings) -> list[Message]:
    """Return one sentence for each fault, none for a good workflow.

    The values of the sentences are names: ``state``, ``transition``, ``name`` (of either),
    ``ways`` (transitions with a stroke between), ``role``, ``permission`` and ``view``; a screen
    shows labels in their place.
    """
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


def _names(workflow: Workflow) -> Iterator[Message]:
    """Yield names that are wrong, used twice, or lead nowhere."""
    states = [state.name for state in workflow.states]
    names = states + [transition.name for transition in workflow.transitions]
    for name in dict.fromkeys(names):
        if not NAME.match(name):
            yield Message(N_("'%(name)s' is no lower-case identifier."), {"name": name})
        if names.count(name) > 1:
            # Clocks start and stop on names of both kinds.
            yield Message(N_("The name '%(name)s' is used more than once among states and "
                             "transitions."), {"name": name})
    if workflow.initial not in states:
        yield Message(N_("The first state '%(state)s' does not exist."),
                      {"state": workflow.initial})
    for state in workflow.states:
        yield from _names_in_state(state, workflow)
    for transition in workflow.transitions:
        yield from _names_in_transition(transition, states)


def _names_in_state(state: State, workflow: Workflow) -> Iterator[Message]:
    if state.skip_to and state.skip_to not in {one.name for one in workflow.states}:
        yield Message(
            N_("State '%(state)s' is skipped to '%(name)s', which does not exist."),
            {"state": state.name, "name": state.skip_to},
        )
    transitions = {one.name for one in workflow.transitions}
    for name in state.only_through:
        if name not in transitions:
            yield Message(N_("State '%(state)s' relies on '%(name)s', which is no transition."),
                          {"state": state.name, "name": name})


def _names_in_transition(transition: Transition, states: Collection[str]) -> Iterator[Message]:
    for source in transition.sources:
        if source not in (*states, EVERY_OPEN):
            yield _of(transition, N_(
                "Transition '%(transition)s' starts at '%(name)s', which is no state."
            ), name=source)
    if not transition.sources:
        yield _of(transition, N_("Transition '%(transition)s' starts nowhere."))
    if transition.target and transition.target not in states:
        yield _of(transition, N_(
            "Transition '%(transition)s' leads to '%(name)s', which is no state."
        ), name=transition.target)


def _of(transition: Transition, msgid: str, **values: str) -> Message:
    return Message(msgid, {"transition": transition.name, **values})


def _transition(transition: Transition, around: Surroundings) -> Iterator[Message]:
    if not transition.label:
        yield _of(transition, N_("Transition '%(transition)s' needs a label."))
    if not transition.who:
        yield _of(transition, N_(
            "Transition '%(transition)s' is an approval without an approver: name roles, "
            "permissions or relations."
        ) if transition.approval else N_(
            "Transition '%(transition)s' is for nobody: name roles, permissions or relations."
        ))
    for names, known, msgid in (
        (transition.guards, around.guards,
         N_("Transition '%(transition)s' names the guard '%(code)s', which is not known.")),
        (transition.effects, around.effects,
         N_("Transition '%(transition)s' names the effect '%(code)s', which is not known.")),
        (transition.who.relations + transition.who.never, around.relations,
         N_("Transition '%(transition)s' names the relation '%(code)s', which is not known.")),
    ):
        for name in names:
            if name not in known:
                yield _of(transition, msgid, code=name)
    if transition.approval and ANYONE in transition.who.relations:
        yield _of(transition, N_(
            "Transition '%(transition)s' is an approval: it cannot be open to anyone."))
    fields = {field.name for field in transition.form.fields} if transition.form else set()
    for name in sorted(fields & GIVEN_BESIDE_THE_FORM):
        yield _of(transition, N_(
            "Transition '%(transition)s' has a field '%(code)s': that name is kept for evidence "
            "and outcome."
        ), code=name)
    outcomes = [outcome.value for outcome in transition.outcomes]
    if len(outcomes) != len(set(outcomes)) or len(outcomes) == 1:
        yield _of(transition, N_(
            "Transition '%(transition)s' must have no outcomes or at least two different ones."))
    if transition.bulk and transition.evidence:
        yield _of(transition, N_(
            "Transition '%(transition)s' asks for evidence about one record: it cannot be taken "
            "in bulk."
        ))
    yield from _roles(transition, around)


def _roles(transition: Transition, around: Surroundings) -> Iterator[Message]:
    if around.roles is None:
        return
    for role in transition.who.roles:
        if role not in around.roles:
            yield _of(transition, N_(
                "Transition '%(transition)s' names the role '%(role)s', which does not exist."
            ), role=role)
            continue
        for permission, view in transition.needs:
            if (permission, view) not in around.roles[role]:
                yield _of(transition, N_(
                    "Transition '%(transition)s' is for role '%(role)s', which lacks "
                    "%(permission)s on %(view)s."
                ), role=role, permission=permission, view=view)
    held = {pair for pairs in around.roles.values() for pair in pairs}
    for permission, view in transition.who.permissions:
        if (permission, view) not in held:
            yield _of(transition, N_(
                "Transition '%(transition)s' is for those with %(permission)s on %(view)s: no "
                "role holds it."
            ), permission=permission, view=view)
    for permission, view in transition.needs:
        if not transition.who.roles and (permission, view) not in held:
            yield _of(transition, N_(
                "Transition '%(transition)s' needs %(permission)s on %(view)s: no role holds it."
            ), permission=permission, view=view)


def _states(workflow: Workflow) -> Iterator[Message]:
    for state in workflow.states:
        named = {"state": state.name}
        if not state.label:
            yield Message(N_("State '%(state)s' needs a label."), named)
        if not 0 <= state.progress <= 100:
            yield Message(N_("State '%(state)s' must have a progress from 0 to 100."), named)
        if state.hours is not None and state.hours < 1:
            yield Message(
                N_("State '%(state)s' must have a usual stay of at least 1 hour."), named)
        leads_on = any(
            workflow.target_of(one, state.name) != state.name
            for one in workflow.transitions_from(state.name)
        )
        if not leads_on and not state.category.is_final:
            yield Message(
                N_("State '%(state)s' is a dead end, and neither done nor cancelled."), named)


def _ways(workflow: Workflow) -> Iterator[Message]:
    reached = reachable(workflow)
    for state in workflow.states:
        if state.name not in reached:
            yield Message(N_("State '%(state)s' cannot be reached."), {"state": state.name})
        if state.only_through and state.name in reachable(workflow, state.only_through):
            yield Message(
                N_("State '%(state)s' can be reached without '%(ways)s'."),
                {"state": state.name, "ways": WAYS_BETWEEN.join(state.only_through)},
            )
    finals = {state.name for state in workflow.states if state.category.is_final}
    for start in sorted(reached - finals):
        if not finals & reachable(dataclasses.replace(workflow, initial=start)):
            yield Message(N_("From state '%(state)s' no way leads to an end."), {"state": start})
