"""Saved views: lists that people keep, share and begin with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import record_act
from app.database import AnySelect, utcnow, write
from app.errors import NotPermitted, Rejected
from app.i18n import N_, Message
from app.screens.models import SavedView
from app.statements import built_once
from app.web.input_limits import whole_number

SHARE = ("can_share_views", "core.SavedViews")
PRIVATE, EVERYONE, ROLES = "", "all", "roles"
LONGEST_TITLE = 80
MOST_VIEWS = 60


class TooMany(Rejected):
    """The list has as many views as fit above it."""

    def __init__(self) -> None:
        super().__init__(Message(N_(
            "There are as many views as fit above this list. Delete one of them first.")))


class NotYours(NotPermitted):
    """The view belongs to somebody else, or sharing is not the actor's right."""

    def __init__(self) -> None:
        super().__init__(Message(N_("This view belongs to somebody else.")))


def may_share(actor: Actor) -> bool:
    """Return whether the actor may show views to others."""
    return actor.can(*SHARE)


def may_change(actor: Actor, view: SavedView) -> bool:
    """Return whether the actor may change or delete a view that they see."""
    return view.owner_id == actor.user_id or (view.shared != PRIVATE and may_share(actor))


def is_visible(actor: Actor, view: SavedView) -> bool:
    """Return whether a view stands above the actor's list."""
    if view.owner_id == actor.user_id or view.shared == EVERYONE:
        return True
    return view.shared == ROLES and bool(actor.roles.intersection(view.roles))


def visible_views(session: Session, actor: Actor, list_name: str) -> list[SavedView]:
    """Return the actor's own views of a list and those shared with them, in order.

    Args:
        session: any session.
        actor: who looks; they may list.
        list_name: name of the list, e.g. ``complaints.Complaint``.
    """
    rows = session.scalars(_own_and_shared(), {"list": list_name, "user_id": actor.user_id})
    return [view for view in rows if is_visible(actor, view)]


@built_once
def _own_and_shared() -> AnySelect:
    return (
        select(SavedView)
        .where(
            SavedView.list_name == bindparam("list"),
            or_(SavedView.owner_id == bindparam("user_id"), SavedView.shared != PRIVATE),
        )
        .order_by(SavedView.position, SavedView.id)
    )


def find_view(session: Session, actor: Actor, list_name: str, key: Any) -> SavedView | None:
    """Return a view that the actor sees, or ``None``."""
    number = whole_number(str(key))
    view = session.get(SavedView, number) if number is not None else None
    if view is None or view.list_name != list_name or not is_visible(actor, view):
        return None
    return view


def keep_view(
    session: Session, actor: Actor, list_name: str, values: dict[str, Any],
    view: SavedView | None = None,
) -> SavedView:
    """Save a view, a new one or one that is there.

    Args:
        session: session without unsaved changes.
        actor: who saves it.
        list_name: name of the list.
        values: columns of ``SavedView`` to set: ``title``, ``query``, ``columns``, ``widths``,
            ``density``, and for those who may share ``shared``, ``roles``, ``default_roles``.
        view: the view to change; ``None`` makes a new one of the actor's.

    Raises:
        NotYours: it may not be changed, or shared, by the actor.
        ValueError: it has no title.
        TooMany: there are as many already as fit above the list.
    """
    if view is not None and not may_change(actor, view):
        raise NotYours
    sharing = {"shared", "roles", "default_roles"} & {
        name for name, value in values.items()
        if value != (getattr(view, name) if view is not None else type(value)())
    }
    if sharing and not may_share(actor):
        raise NotYours
    title = str(values.get("title", view.title if view is not None else "")).strip()
    if not title:
        raise ValueError("no title")
    with write(session):
        if view is None:
            count = len(visible_views(session, actor, list_name))
            if count >= MOST_VIEWS:
                raise TooMany
            view = SavedView(list_name=list_name, owner_id=actor.user_id, position=count)
            session.add(view)
        for name, value in values.items():
            setattr(view, name, value)
        view.title = title[:LONGEST_TITLE]
        view.updated_at = utcnow()
        session.flush()
        if view.shared != PRIVATE or sharing:
            record_act(
                session, actor, "share_view", record_type=list_name, record_id=view.id,
                number=view.title[:40],
                changes={"shared": view.shared, "roles": view.roles, "list": view.query},
            )
    return view


def order_views(
    session: Session, actor: Actor, list_name: str, keys: Iterable[int], shared: bool
) -> None:
    """Put the actor's own views of a list, or the shared ones that they see, into an order.

    Shared views that the actor does not see keep their places among the others.

    Args:
        session: session without unsaved changes.
        actor: who acts.
        list_name: name of the list.
        keys: views in their new order; those that are not named come after the others, unknown
            ones are passed over.
        shared: order the shared ones.

    Raises:
        NotYours: the shared ones may not be ordered by the actor.
    """
    if shared and not may_share(actor):
        raise NotYours
    mine = SavedView.shared != PRIVATE if shared else and_(
        SavedView.owner_id == actor.user_id, SavedView.shared == PRIVATE
    )
    with write(session):
        rows = list(session.scalars(
            select(SavedView).where(SavedView.list_name == list_name, mine)
            .order_by(SavedView.position, SavedView.id)
        ))
        seen = {row.id: row for row in rows if is_visible(actor, row)}
        order = [seen[key] for key in dict.fromkeys(keys) if key in seen]
        order += [row for row in seen.values() if row not in order]
        if order == list(seen.values()):
            return
        following = iter(order)
        placed = [next(following) if row.id in seen else row for row in rows]
        for place, row in enumerate(placed):
            row.position = place
        session.flush()
        if shared:
            record_act(
                session, actor, "order_views", record_type=list_name,
                changes={"order": [", ".join(row.title for row in seen.values()),
                                   ", ".join(row.title for row in order)]},
            )


def drop_view(session: Session, actor: Actor, view: SavedView) -> None:
    """Delete a view.

    Raises:
        NotYours: it may not be deleted by the actor.
    """
    if not may_change(actor, view):
        raise NotYours
    with write(session):
        if view.shared != PRIVATE:
            record_act(
                session, actor, "drop_view", record_type=view.list_name, record_id=view.id,
                number=view.title[:40],
                changes={"shared": view.shared, "roles": view.roles, "list": view.query},
            )
        session.delete(view)


def default_of(actor: Actor, views: Iterable[SavedView], chosen: str | None) -> str:
    """Return the key of the view that a list begins with, or an empty text.

    Args:
        actor: who looks.
        views: the views they see.
        chosen: what the person has chosen: a key, an empty text for the plain list, or ``None``.
    """
    views = list(views)
    if chosen is not None:
        known = {str(view.id) for view in views}
        return chosen if chosen in known or not chosen.isdigit() else ""
    for view in views:
        if actor.roles.intersection(view.default_roles):
            return str(view.id)
    return ""
