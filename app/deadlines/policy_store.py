"""Policies as published versions; a running clock keeps to the one it began with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.database import AnySelect, write
from app.deadlines.models import PolicyRow
from app.deadlines.policies import Policy
from app.statements import built_once

MOST_KEPT = 512
# Policies by the hash of their content.
_read: dict[str, Policy] = {}


def publish_policy(
    session: Session,
    record_type: str,
    policy: Policy,
    published_by_id: int | None = None,
    shipped: bool = False,
    in_force: bool = True,
) -> PolicyRow:
    """Publish a policy as its next version; the same content again changes nothing.

    Clocks that run keep to the version that they began with.

    Args:
        session: any session.
        record_type: kind of record that it is for.
        policy: checked when it was made.
        published_by_id: user; ``None`` for the system.
        shipped: it comes with the product: an admin's own version stays in force over it.
        in_force: whether new clocks follow it; a preset may wait to be chosen.
    """
    content = json.loads(json.dumps(policy.to_dict()))
    digest = _digest(content)
    with write(session):
        last = session.scalar(
            select(PolicyRow)
            .where(PolicyRow.record_type == record_type, PolicyRow.name == policy.name)
            .order_by(PolicyRow.version.desc())
            .limit(1)
        )
        if last is not None and (last.content_hash == digest or (shipped and not last.shipped)):
            return last
        if last is not None:
            in_force = last.in_force if shipped else in_force
            last.in_force = False
        row = PolicyRow(
            record_type=record_type, name=policy.name, version=last.version + 1 if last else 1,
            in_force=in_force, shipped=shipped, content=content, content_hash=digest,
            published_by_id=published_by_id,
        )
        session.add(row)
        session.flush()
    return row


def set_in_force(session: Session, record_type: str, name: str, in_force: bool) -> None:
    """Choose a policy for new clocks, or put it aside; clocks that run are not touched.

    Raises:
        LookupError: there is no such policy.
    """
    with write(session):
        last = session.scalar(
            select(PolicyRow)
            .where(PolicyRow.record_type == record_type, PolicyRow.name == name)
            .order_by(PolicyRow.version.desc())
            .limit(1)
        )
        if last is None:
            raise LookupError(name)
        last.in_force = in_force
        session.flush()


def policies_in_force(session: Session, record_type: str) -> dict[int, Policy]:
    """Return the policies that new clocks of a kind of record follow, by row id."""
    return _policies(session, _in_force(), {"kind": record_type})


@built_once
def _in_force() -> AnySelect:
    return select(PolicyRow.id, PolicyRow.content_hash).where(
        PolicyRow.record_type == bindparam("kind"), PolicyRow.in_force.is_(True))


@built_once
def _by_id() -> AnySelect:
    return select(PolicyRow.id, PolicyRow.content_hash).where(
        PolicyRow.id.in_(bindparam("ids", expanding=True)))


def policies_by_id(session: Session, ids: Collection[int]) -> dict[int, Policy]:
    """Return published versions by row id."""
    return _policies(session, _by_id(), {"ids": list(ids)}) if ids else {}


def policy_of(digest: str, content: Mapping[str, Any]) -> Policy:
    """Return the policy of a row; the content is read once for each hash in each process.

    Args:
        digest: hash of the content.
        content: of the row.
    """
    policy = _read.get(digest)
    if policy is None:
        if len(_read) >= MOST_KEPT:
            _read.clear()
        policy = _read[digest] = Policy.from_dict(content)
    return policy


def _policies(
    session: Session, statement: AnySelect, values: Mapping[str, Any]
) -> dict[int, Policy]:
    """Return policies by row id; the content is read once for each hash in each process."""
    rows = session.execute(statement, values).all()
    missing = [row.id for row in rows if row.content_hash not in _read]
    if missing:
        if len(_read) >= MOST_KEPT:
            _read.clear()
            missing = [row.id for row in rows]
        contents = session.execute(
            select(PolicyRow.content_hash, PolicyRow.content).where(PolicyRow.id.in_(missing))
        )
        for row in contents:
            _read[row.content_hash] = Policy.from_dict(row.content)
    return {row.id: _read[row.content_hash] for row in rows}


def _digest(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
