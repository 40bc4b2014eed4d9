"""Steps of workflows that go by a role: which they are, and letting another role take them too."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.host.host import current_host
from app.workflow.definition import Transition
from app.workflow.models import DefinitionRow
from app.workflow.publishing import in_force, overrides_of, tune


def steps_of_role(session: Session, role: str) -> Iterator[tuple[Any, list[Transition]]]:
    """Yield the workflows in force with the transitions that the holders of a role may take.

    Args:
        session: any session.
        role: name of the role.

    Yields:
        The binding of the workflow, and at least one transition.
    """
    published = set(session.scalars(
        select(DefinitionRow.name).where(DefinitionRow.in_force.is_(True))))
    for binding in current_host().workflows():
        if binding.workflow.name not in published:
            continue
        steps = [one for one in in_force(session, binding.workflow.name)[1].transitions
                 if role in one.who.roles]
        if steps:
            yield binding, steps


def share_steps(
    session: Session, actor: Actor, role: str, other: str,
    held: Mapping[str, Iterable[tuple[str, str]]],
) -> int:
    """Let the holders of another role take all steps that a role may take.

    Each workflow concerned is published as a new version for new records.

    Args:
        session: session with a running write.
        actor: who shares them.
        role: name of the role that may take them.
        other: name of the role that may take them as well from now on.
        held: permissions of every role, see ``app.access.services.role_permissions``.

    Returns:
        How many steps there are.

    Raises:
        WorkflowError: a workflow would be faulty, e.g. since the other role lacks a permission.
    """
    count = 0
    for binding, steps in list(steps_of_role(session, role)):
        overrides = copy.deepcopy(overrides_of(session, binding.workflow.name))
        for one in steps:
            who = dataclasses.replace(one.who, roles=tuple(
                dict.fromkeys((*one.who.roles, other))))
            overrides.setdefault("transitions", {}).setdefault(one.name, {})[
                "who"] = dataclasses.asdict(who)
        tune(session, actor, binding, overrides, held)
        count += len(steps)
    return count
