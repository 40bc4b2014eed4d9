"""What an admin tuned, laid over a shipped workflow. Pure; the shipped one is never touched.

Overrides are plain values by name, so that an upgrade of the shipped definition slides in under
them::

    {"states": {"approving": {"label": "...", "hours": 8, "off": True}},
     "transitions": {"assign": {"label": "...", "who": {"roles": ["supervisor"]}, "off": True}}}
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from app.i18n import N_, Message
from app.workflow.definition import State, Transition, Workflow, WorkflowError, who_from_dict

STATE_KEYS = frozenset({"label", "colour", "progress", "hours", "off"})
TRANSITION_KEYS = frozenset({"label", "who", "confirm", "order", "primary", "off"})


def merge_overrides(shipped: Workflow, overrides: Mapping[str, Any]) -> Workflow:
    """Return the shipped workflow with the overrides over it.

    Overrides of names that the shipped workflow no longer has are left out; see
    ``stale_overrides``. The result is to be checked before it is published.

    Raises:
        WorkflowError: an override changes what may not be changed, or switches off what is not
            optional.
    """
    states = overrides.get("states", {})
    transitions = overrides.get("transitions", {})
    problems = _problems(shipped, states, transitions)
    if problems:
        raise WorkflowError(problems)
    gone = {one.name for one in shipped.states if states.get(one.name, {}).get("off")}
    lead = {one.name: one.skip_to for one in shipped.states if one.name in gone}
    kept_states = tuple(
        dataclasses.replace(one, **_changes(states.get(one.name, {})))
        for one in shipped.states
        if one.name not in gone
    )
    kept_transitions: list[Transition] = []
    for one in shipped.transitions:
        changes = transitions.get(one.name, {})
        sources = tuple(name for name in one.sources if name not in gone)
        if changes.get("off") or not sources:
            continue
        changed = dataclasses.replace(
            one, sources=sources, target=_follow(lead, one.target), **_changes(changes)
        )
        kept_transitions.append(changed)
    return dataclasses.replace(
        shipped,
        initial=_follow(lead, shipped.initial),
        states=kept_states,
        transitions=tuple(kept_transitions),
    )


def stale_overrides(shipped: Workflow, overrides: Mapping[str, Any]) -> list[str]:
    """Return the names in the overrides that the shipped workflow does not have."""
    known = {
        "states": {one.name for one in shipped.states},
        "transitions": {one.name for one in shipped.transitions},
    }
    return [
        name for kind, names in known.items() for name in overrides.get(kind, {})
        if name not in names
    ]


def _problems(
    shipped: Workflow, states: Mapping[str, Any], transitions: Mapping[str, Any]
) -> list[Message]:
    found: list[Message] = []
    known: dict[str, State | Transition] = {
        one.name: one for one in (*shipped.states, *shipped.transitions)
    }
    for given, allowed in ((states, STATE_KEYS), (transitions, TRANSITION_KEYS)):
        for name, changes in given.items():
            for key in sorted(set(changes) - allowed):
                found.append(Message(N_("'%(code)s' of '%(name)s' cannot be changed."),
                                     {"code": key, "name": name}))
            part = known.get(name)
            is_optional = (isinstance(part, State) and part.skip_to) or (
                isinstance(part, Transition) and part.optional
            )
            if changes.get("off") and part and not is_optional:
                found.append(Message(
                    N_("'%(name)s' is not optional and cannot be switched off."), {"name": name}))
    return found


def _changes(given: Mapping[str, Any]) -> dict[str, Any]:
    changes = {key: value for key, value in given.items() if key != "off"}
    if "who" in changes:
        changes["who"] = who_from_dict(changes["who"])
    return changes


def _follow(lead: Mapping[str, str], name: str) -> str:
    seen: set[str] = set()
    while name in lead and name not in seen:
        seen.add(name)
        name = lead[name]
    return name
