"""A workflow in words: its steps in order, each with the ways that lead on. Pure.

The picture of ``app.workflow.drawing`` shows how a small workflow hangs together at one look. One
of a dozen steps is wider than a window, and no picture is wide enough for a phone: there, and for
those who cannot see it, the steps are listed first, and the picture is there to be opened.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Collection, Mapping
from typing import Any

from app.workflow.definition import EVERY_OPEN, Category, Transition, Workflow
from app.workflow.drawing import taken_key
from app.workflow.layout import lay_out

WIDEST_PICTURE = 1100
"""What a dialog and a page beside the menu have room for, in px."""


@dataclasses.dataclass(frozen=True, slots=True)
class Lead:
    """A way on from a step.

    Attributes:
        label: English message id of the transition.
        target: English message id of the state it leads to; empty where it is the next one.
        is_back: whether it leads to an earlier step.
        is_taken: whether the record has gone this way.
    """

    label: str
    target: str
    is_back: bool
    is_taken: bool


@dataclasses.dataclass(frozen=True, slots=True)
class ListedState:
    """A state in the list.

    Attributes:
        name: name of the state.
        label: English message id.
        category: what it means for work.
        number: place on the main road from 1; ``None`` beside it.
        is_here: whether the record stands here.
        is_visited: whether the record has been here.
        reached: the newest line of the record's log that leads here, if it has been here.
        leads: ways on, forward ones first.
    """

    name: str
    label: str
    category: Category
    number: int | None
    is_here: bool
    is_visited: bool
    reached: Any
    leads: tuple[Lead, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Outline:
    """The steps of a workflow, and what can be done at each that is still open."""

    steps: tuple[ListedState, ...]
    anywhere: tuple[Lead, ...]


def outline(
    workflow: Workflow,
    current: str = "",
    taken: Collection[str] = (),
    reached: Mapping[str, Any] | None = None,
) -> Outline:
    """Return the steps of a workflow with a record's place among them.

    Args:
        workflow: a workflow without faults.
        current: the state in which the record stands; empty for none.
        taken: transitions that the record has taken, as ``transition:source`` texts.
        reached: what to tell about each state that the record has been in, by its name.
    """
    reached = reached or {}
    rank = {state.name: place for place, state in enumerate(workflow.states)}
    following = _following(workflow)
    steps: list[ListedState] = []
    number = 0
    for state in workflow.states:
        on_road = state.category in (Category.OPEN, Category.DONE)
        number += on_road
        leads = [
            Lead(
                label=one.label,
                target="" if one.target == following.get(state.name)
                else workflow.state(one.target).label,
                is_back=rank[one.target] < rank[state.name],
                is_taken=taken_key(one.name, state.name) in taken,
            )
            for one in _in_order(workflow) if state.name in one.sources and one.target
        ]
        steps.append(ListedState(
            name=state.name, label=state.label, category=state.category,
            number=number if on_road else None, is_here=state.name == current,
            is_visited=state.name in reached, reached=reached.get(state.name),
            leads=tuple(sorted(leads, key=lambda lead: lead.is_back)),
        ))
    acts = {key.partition(":")[0] for key in taken}
    anywhere = tuple(
        Lead(
            label=one.label, target=workflow.state(one.target).label if one.target else "",
            is_back=False, is_taken=one.name in acts,
        )
        for one in _in_order(workflow) if EVERY_OPEN in one.sources
    )
    return Outline(tuple(steps), anywhere)


def fits_a_picture(workflow: Workflow, translate: Callable[[str], str] = str) -> bool:
    """Return whether the picture of a workflow is to be seen as a whole in a usual window."""
    return lay_out(workflow, translate).width <= WIDEST_PICTURE


def _in_order(workflow: Workflow) -> list[Transition]:
    return sorted(workflow.transitions, key=lambda way: (way.order, way.name))


def _following(workflow: Workflow) -> dict[str, str]:
    """Return which state follows which on the main road."""
    road = [one.name for one in workflow.states
            if one.category in (Category.OPEN, Category.DONE)]
    return dict(itertools.pairwise(road))
