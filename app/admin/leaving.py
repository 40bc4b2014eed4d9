"""Closing an account: what hangs on it, and who takes it over."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.services import actor_for
from app.host.host import current_host
from app.people.clock import local_today
from app.people.models import Absence, Branch, Post, PostHolder
from app.people.posts import in_force_on
from app.records import bulk
from app.records.mixin import is_present
from app.records.open_load import open_load
from app.records.operations import operations_of
from app.screens.models import SavedView
from app.sdk import N_
from app.sdk.models import Department, Staff, Team
from app.sdk.screens import localised_label
from app.sdk.services import utcnow
from app.workflow.candidates import people_columns, stuck_records
from app.workflow.operations import OWNER, REASSIGN, WorkflowOperations


@dataclasses.dataclass(frozen=True, slots=True)
class Hanging:
    """Something that hangs on an account.

    Attributes:
        label: what it is (message id).
        count: how many there are.
        names: what they are called, where they have names worth listing.
        model: kind of record; ``None`` for what is no record.
        column: column of the record that names the person.
        is_given: whether it goes to whoever takes over.
    """

    label: str
    count: int
    names: tuple[str, ...] = ()
    model: type[Any] | None = None
    column: str = ""
    is_given: bool = False


def _may_be_given(model: type[Any], actor: Actor | None = None) -> bool:
    operations = operations_of(model)
    if not isinstance(operations, WorkflowOperations) or operations.reassign_permission is None:
        return False
    return actor is None or actor.can(*operations.reassign_permission)


def may_be_given(hanging: Hanging, actor: Actor) -> bool:
    """Return whether a person may give what hangs on somebody another owner."""
    return hanging.is_given and hanging.model is not None and _may_be_given(hanging.model, actor)


def may_give_anything(actor: Actor) -> bool:
    """Return whether a person may give records of any kind another owner."""
    return any(_may_be_given(kind.model, actor) for kind in current_host().record_types())


def open_records(session: Session, user_id: int) -> Iterator[Hanging]:
    """Yield the open records that name a person, by kind and column.

    Args:
        session: any session.
        user_id: key of the account.
    """
    for kind in current_host().record_types():
        model = kind.model
        if not hasattr(model, "is_open"):
            continue
        for column in people_columns(model):
            count = open_load(session, model, [user_id], by=column)[user_id]
            if count:
                yield Hanging(kind.label_plural, count, model=model, column=column,
                              is_given=column == OWNER and _may_be_given(model))


def _places(session: Session, user_id: int) -> Iterator[Hanging]:
    for label, model in ((N_("Head of departments"), Department), (N_("Head of teams"), Team),
                         (N_("Head of branches"), Branch)):
        names = session.scalars(
            select(model.name).where(model.leader_id == user_id, model.active.is_(True))
            .order_by(model.name)).all()
        if names:
            yield Hanging(label, len(names), tuple(names))
    staff = select(Staff.id).where(Staff.user_id == user_id).scalar_subquery()
    posts = session.scalars(
        select(localised_label(Post)).join(PostHolder, PostHolder.post_id == Post.id)
        .where(PostHolder.staff_id == staff, in_force_on(local_today())).order_by(Post.position)
    ).all()
    if posts:
        yield Hanging(N_("Posts"), len(posts), tuple(posts))
    standing = session.scalar(
        select(func.count()).select_from(Absence)
        .where(Absence.substitute_id == staff, Absence.ends_at > utcnow())) or 0
    if standing:
        yield Hanging(N_("Absences in which they stand in"), standing)
    shared = session.scalars(
        select(SavedView.title).where(SavedView.owner_id == user_id, SavedView.shared != "")
        .order_by(SavedView.title)).all()
    if shared:
        yield Hanging(N_("Saved views that others use"), len(shared), tuple(shared))


def what_hangs_on(session: Session, user_id: int) -> list[Hanging]:
    """Return what hangs on an account: open records first, then places, posts and views.

    Args:
        session: any session.
        user_id: key of the account.
    """
    return [*open_records(session, user_id), *_places(session, user_id)]


def undecided_without(session: Session, user_id: int) -> int:
    """Return how many more open records nobody could take on once an account is closed.

    Args:
        session: any session.
        user_id: key of the account, which is open.
    """
    stuck, more = (sum(one.count for one in stuck_records(session, without))
                   for without in (None, user_id))
    return more - stuck


@dataclasses.dataclass(frozen=True, slots=True)
class GivenAway:
    """What came of giving away somebody's open records.

    Attributes:
        done: how many have another owner.
        left: how many were left, by the rules of each.
    """

    done: int
    left: int


def give_away(session: Session, actor: Actor, user_id: int, to_id: int) -> GivenAway:
    """Give all open records that a person owns to another; in portions, each by its own rules.

    Args:
        session: outside of a writing block.
        actor: who acts; what they may not see or reassign is left.
        user_id: key of the present owner.
        to_id: key of the next one.

    Raises:
        LookupError: the account that takes over is closed or unknown.
    """
    if user_id == to_id or actor_for(session, to_id) is None:
        raise LookupError(to_id)
    done = left = 0
    for hanging in list(open_records(session, user_id)):
        if not hanging.is_given or hanging.model is None:
            continue
        model: Any = hanging.model
        keys = session.scalars(
            select(model.id).where(model.owner_id == user_id, model.is_open.is_(True),
                                   is_present(model))).all()
        ran = bulk.run(session, actor, model, dict.fromkeys(keys),
                       bulk.BulkStep(REASSIGN, {OWNER: to_id}))
        done, left = done + ran.done, left + len(ran.left_out)
    return GivenAway(done, left)
