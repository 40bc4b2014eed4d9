"""The timeline of a customer: what happened to records of every plugin that are about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import and_, bindparam, false, or_, select, update
from sqlalchemy.orm import Session

from app.access.actor import SYSTEM, Actor
from app.access.audit import plain
from app.access.scope import ScopeForm, scope_condition, scope_form, scope_parameters
from app.collaboration.references import SEES, get, reference_of
from app.database import AnySelect, utcnow, write
from app.host.collaboration import TimelineFeed
from app.host.host import current_host
from app.jobs.hidden_rows import own_mark
from app.people.services import name_of
from app.records.changes import CREATE
from app.records.mixin import is_present
from app.records.models import CustomerEntry
from app.statements import built_once


def add(
    session: Session, customer_id: int, record: Any, kind: str, text: str,
    values: Mapping[str, Any] | None = None, *, at: dt.datetime | None = None,
    by: str = "", icon: str = "", source: str | None = None,
) -> bool:
    """Write an entry on the timeline of a customer.

    Args:
        session: session without unsaved changes, or within a write.
        customer_id: whose timeline.
        record: what it happened to; only those who may see it read the entry.
        kind: what happened, e.g. ``callbacks.reached``.
        text: sentence as a message id, at most 200 characters; nothing sensitive in it.
        values: values of its placeholders.
        at: when, aware; now by default.
        by: name of who did it; empty for the product.
        icon: name of an icon of the set.
        source: what the entry is made from, e.g. the id of an event: it makes one entry only.

    Returns:
        Whether the entry is new.
    """
    record_type, record_id = reference_of(record)
    with write(session):
        if source is not None and session.scalar(
            select(CustomerEntry.id).where(CustomerEntry.source == source)
        ) is not None:
            return False
        session.add(CustomerEntry(
            customer_id=customer_id, record_type=record_type, record_id=record_id,
            number=record.number, at=at or utcnow(), actor_name=by[:128], kind=kind, text=text,
            values=plain(dict(values or {})), icon=icon, source=source,
        ))
        session.flush()
    return True


def entries(
    session: Session, actor: Actor, customer_id: int, most: int
) -> Sequence[CustomerEntry]:
    """Return what happened to records about a customer that the actor may see, newest first.

    One statement. Records whose plugin is not in force are left out.

    Args:
        session: any session.
        actor: who reads.
        customer_id: the customer.
        most: most entries returned.
    """
    seen = [kind.model for kind in current_host().record_types() if actor.can(SEES, kind.view)]
    values: dict[str, Any] = {"customer": customer_id, "most": most}
    for place, model in enumerate(seen):
        values |= scope_parameters(actor, model, f"scope{place}")
    return session.scalars(_entries_of(
        tuple((model, scope_form(actor, model)) for model in seen), own_mark()), values).all()


@built_once
def _entries_of(
    seen: Sequence[tuple[type[Any], ScopeForm]], mark: dt.datetime | None
) -> AnySelect:
    """Return the SELECT of the newest entries about records of some kinds within a row scope.

    ``mark`` is that of the import under way, which ``is_present`` reads; ``None`` without one.
    """
    del mark
    ways = [
        and_(
            CustomerEntry.record_type == model.__record_type__,
            select(model.id).where(
                model.id == CustomerEntry.record_id, is_present(model),
                scope_condition(model, form, indexed=False, prefix=f"scope{place}"),
            ).exists(),
        )
        for place, (model, form) in enumerate(seen)
    ]
    return (
        select(CustomerEntry)
        .where(CustomerEntry.customer_id == bindparam("customer"), or_(false(), *ways))
        .order_by(CustomerEntry.at.desc(), CustomerEntry.id.desc())
        .limit(bindparam("most"))
    )


def feeds_on_saving(payload: Mapping[str, Any]) -> bool:
    """Return whether what was saved changes a timeline.

    Args:
        payload: payload of ``on_record_saved``.
    """
    return (payload["action"] == CREATE or "customer_id" in payload["fields"]) and bool(
        _feeds(payload["record_type"]))


def feed_on_saving(session: Session, payload: Mapping[str, Any]) -> None:
    """Let a new record, or one that got another customer, be on the right timeline.

    Args:
        session: inside of a writing block.
        payload: payload of ``on_record_saved``.
    """
    if not feeds_on_saving(payload):
        return
    moved = payload["action"] != CREATE
    record = get(session, SYSTEM, payload["record_type"], payload["record_id"])
    customer_id = getattr(record, "customer_id", None)
    if record is None or customer_id is None:
        return
    if moved:
        session.execute(
            update(CustomerEntry)
            .where(CustomerEntry.record_type == payload["record_type"],
                   CustomerEntry.record_id == record.id)
            .values(customer_id=customer_id).execution_options(synchronize_session=False)
        )
    # The same source as at the creation: whoever had no customer then gets the entry now.
    _feed(session, record, customer_id, CREATE, {}, at=record.created_at,
          by=record.created_by_id, source=f"create {payload['record_type']}:{record.id}")


def feed_on_transition(session: Session, payload: Mapping[str, Any]) -> None:
    """Write on the timeline what a transition means; payload of ``on_transition``."""
    # An event of an earlier version of the product does not name it.
    category = payload.get("to_category")
    if category is not None and category != payload["from_category"]:
        _feed_event(session, payload, category, {"outcome": payload["outcome"]})


def feed_on_event(session: Session, payload: Mapping[str, Any]) -> None:
    """Write on the timeline what an event of a plugin means; payload of ``on_event``."""
    _feed_event(session, payload, payload["event"], payload["data"])


def _feed_event(
    session: Session, payload: Mapping[str, Any], trigger: str, values: Mapping[str, Any]
) -> None:
    if payload["customer_id"] is None or not _feeds(payload["record_type"], trigger):
        return
    record = get(session, SYSTEM, payload["record_type"], payload["record_id"])
    if record is not None:
        _feed(session, record, payload["customer_id"], trigger, values,
              at=dt.datetime.fromisoformat(payload["at"]), by=payload.get("actor_id"),
              source=payload["event_id"])


def _feeds(record_type: str, trigger: str = "") -> list[TimelineFeed]:
    return [one for one in current_host().contributions("register_timeline")
            if one.record_type == record_type and (not trigger or trigger in one.entries)]


def _feed(
    session: Session, record: Any, customer_id: int, trigger: str, values: Mapping[str, Any], *,
    at: dt.datetime, by: int | None, source: str,
) -> None:
    name = name_of(session, by) if by is not None else ""
    for feed in _feeds(record.__record_type__, trigger):
        add(session, customer_id, record, trigger, feed.entries[trigger], values, at=at, by=name,
            icon=feed.icon, source=source)
