"""Publishing workflows: shipped definition, overrides over it, checked, kept as a version."""

# Not strict: what JSON holds, and columns found by name, have no types.
# pyright: basic

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, select, update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import record_act
from app.access.services import invalidate_rights
from app.access.versioned_cache import cached_until_change
from app.database import AnySelect, write
from app.statements import built_once
from app.workflow.actor_relations import relation_names
from app.workflow.checking import Surroundings, require_valid
from app.workflow.definition import Workflow
from app.workflow.models import DefinitionRow, OverridesRow
from app.workflow.overrides import STATE_KEYS, TRANSITION_KEYS, merge_overrides

_TUNED = STATE_KEYS | TRANSITION_KEYS
MOST_KEPT = 256
# Definitions by name and hash of their content.
_read: dict[tuple[str, str, int], Workflow] = {}


class NotPublished(LookupError):
    """No version of the workflow has been published."""


def surroundings_of(
    binding: Any, roles: Mapping[str, Iterable[tuple[str, str]]] | None = None
) -> Surroundings:
    """Return what the definition of a binding may rely on.

    Args:
        binding: ``app.host.contributions.WorkflowBinding``.
        roles: roles that exist with the permissions they hold; ``None`` leaves them unchecked.
    """
    held = None if roles is None else {name: frozenset(pairs) for name, pairs in roles.items()}
    return Surroundings(
        guards=frozenset(binding.guards),
        effects=frozenset(binding.effects),
        relations=relation_names(binding.model),
        roles=held,
    )


def publish(
    session: Session, actor: Actor, workflow: Workflow, surroundings: Surroundings
) -> DefinitionRow:
    """Publish a workflow as its next version; the same content again changes nothing.

    Records that run keep to the version that they began with.

    Raises:
        WorkflowError: it is faulty; one sentence for each fault.
    """
    require_valid(workflow, surroundings)
    digest = workflow.content_hash()
    with write(session):
        last = session.scalar(
            select(DefinitionRow)
            .where(DefinitionRow.name == workflow.name)
            .order_by(DefinitionRow.version.desc())
            .limit(1)
        )
        if last is not None and last.content_hash == digest:
            return last
        version = last.version + 1 if last else 1
        content = json.loads(json.dumps({**workflow.to_dict(), "version": version}))
        session.execute(
            update(DefinitionRow)
            .where(DefinitionRow.name == workflow.name, DefinitionRow.in_force)
            .values(in_force=False)
        )
        row = DefinitionRow(
            name=workflow.name, version=version, in_force=True, content=content,
            content_hash=digest, published_by_id=actor.user_id,
        )
        session.add(row)
        session.flush()
        record_act(
            session, actor, "publish_workflow", record_type="workflow.definition",
            record_id=row.id, number=f"{workflow.name} {version}",
            changes={"hash": digest, **_differences(last.content if last else {}, content)},
        )
        # Screens keep the names of the states until something changes.
        invalidate_rights(session)
    return row


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return what a version changes of the one before, by part and attribute, e.g. ``assess.who``.

    What administrators tune is told; the first version changes nothing, and a part that comes or
    goes stands as a whole.
    """
    if not before:
        return {}
    found: dict[str, list[Any]] = {}
    for kind in ("states", "transitions"):
        old, new = ({part["name"]: part for part in one[kind]} for one in (before, after))
        for name in dict.fromkeys((*old, *new)):
            if name not in old or name not in new:
                found[name] = [name if name in old else None, name if name in new else None]
                continue
            for attribute in sorted(_TUNED & {*old[name], *new[name]}):
                pair = [_in_short(part[name].get(attribute)) for part in (old, new)]
                if pair[0] != pair[1]:
                    found[f"{name}.{attribute}"] = pair
    return found


def _in_short(value: Any) -> Any:
    """Return who may take a transition as a line; everything else as it is."""
    if not isinstance(value, Mapping):
        return value
    views = (f"{permission} {view}" for permission, view in value.get("permissions", ()))
    never = (f"-{name}" for name in value.get("never", ()))
    return ", ".join((*value.get("roles", ()), *value.get("relations", ()), *views, *never))


def publish_shipped(
    session: Session,
    actor: Actor,
    bindings: Iterable[Any],
    roles: Mapping[str, Iterable[tuple[str, str]]] | None = None,
) -> list[DefinitionRow]:
    """Publish every shipped workflow with the overrides over it; for the deploy command.

    Raises:
        WorkflowError: a definition is faulty, also by what was tuned; nothing is published then.
    """
    with write(session):
        return [
            publish(
                session, actor,
                merge_overrides(one.workflow, overrides_of(session, one.workflow.name)),
                surroundings_of(one, roles),
            )
            for one in bindings
        ]


def tune(
    session: Session,
    actor: Actor,
    binding: Any,
    overrides: Mapping[str, Any],
    roles: Mapping[str, Iterable[tuple[str, str]]] | None = None,
) -> DefinitionRow:
    """Keep what an admin tuned and publish the result.

    Args:
        session: any session.
        actor: who tunes.
        binding: the shipped workflow with its code.
        overrides: all overrides, see ``app.workflow.overrides``.
        roles: as for ``surroundings_of``.

    Raises:
        WorkflowError: the overrides change what holds it together, or the result is faulty.
    """
    merged = merge_overrides(binding.workflow, overrides)
    with write(session):
        row = session.get(OverridesRow, binding.workflow.name)
        if row is None:
            row = OverridesRow(name=binding.workflow.name)
            session.add(row)
        row.content = json.loads(json.dumps(overrides))
        session.flush()
        return publish(session, actor, merged, surroundings_of(binding, roles))


def overrides_of(session: Session, name: str) -> dict[str, Any]:
    """Return what admins tuned of a workflow."""
    content = session.scalar(select(OverridesRow.content).where(OverridesRow.name == name))
    return dict(content or {})


def in_force(session: Session, name: str) -> tuple[int, Workflow]:
    """Return the id and the definition that new records begin with.

    Raises:
        NotPublished: there is none.
    """
    return _one(session, _in_force(), name)


def read_in_force(session: Session, name: str) -> Workflow:
    """Return what ``in_force`` does, read once until something is published; not to begin with.

    Args:
        session: any session.
        name: name of the workflow.

    Raises:
        NotPublished: there is none.
    """
    return cached_until_change(
        session, f"workflow.in_force.{name}", lambda: in_force(session, name)[1])


def labels_in_force(session: Session, name: str) -> Mapping[str, str]:
    """Return what the states of a workflow are called at present; read once until one is published.

    Args:
        session: any session.
        name: name of the workflow.

    Returns:
        Labels (message ids, or what an administrator has written) by name of the state.

    Raises:
        NotPublished: there is none.
    """
    return {state.name: state.label for state in read_in_force(session, name).states}


def by_id(session: Session, definition_id: int | None) -> Workflow:
    """Return the version that a record keeps to.

    Raises:
        NotPublished: there is none; the record never began.
    """
    if definition_id is None:
        raise NotPublished("None")
    # A version never changes; the cache keeps databases and restored ones apart.
    return cached_until_change(session, f"workflow.version.{definition_id}",
                               lambda: _one(session, _by_id(), definition_id)[1])


def _versions(condition: ColumnElement[bool]) -> AnySelect:
    return select(
        DefinitionRow.id, DefinitionRow.name, DefinitionRow.content_hash, DefinitionRow.version
    ).where(condition)


@built_once
def _in_force() -> AnySelect:
    return _versions(
        and_(DefinitionRow.name == bindparam("wanted"), DefinitionRow.in_force.is_(True)))


@built_once
def _by_id() -> AnySelect:
    return _versions(DefinitionRow.id == bindparam("wanted"))


def _one(session: Session, statement: AnySelect, wanted: Any) -> tuple[int, Workflow]:
    row = session.execute(statement, {"wanted": wanted}).one_or_none()
    if row is None:
        raise NotPublished(str(wanted))
    key = (row.name, row.content_hash, row.version)
    found = _read.get(key)
    if found is None:
        content = session.scalars(
            select(DefinitionRow.content).where(DefinitionRow.id == row.id)).one()
        if len(_read) >= MOST_KEPT:
            _read.clear()
        found = _read[key] = Workflow.from_dict(content)
    return row.id, found
