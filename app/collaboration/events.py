"""Events of a plugin's own: declared, checked, and sent to every plugin that listens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import plain
from app.collaboration.references import customer_of, reference_of
from app.database import utcnow
from app.host.collaboration import Event
from app.host.host import current_host
from app.jobs import outbox

HOOK = "on_event"


class BadEvent(ValueError):
    """A plugin sends what it has not declared; an error of its author."""


def emit(
    session: Session, name: str, record: Any, data: Mapping[str, Any] | None = None, *,
    by: Actor | None = None,
) -> str:
    """Send an event of a plugin's own, in the transaction of what it is about.

    After the commit each plugin with an ``on_event`` hook gets it at least once, alone, in the
    order of the record's events; what the hook writes happens once. Where the event is declared
    with ``catch_up``, plugins that are switched off or set aside get it when they are back.

    Args:
        session: session with a running write.
        name: declared by ``register_events`` of a plugin in force.
        record: the record that it is about; it has been flushed.
        data: values as declared; dates, moments and amounts become texts.
        by: who has caused it; ``None`` for the product.

    Returns:
        The id of the event.

    Raises:
        BadEvent: the event is not declared, or its data are not as declared.
    """
    event = current_host().named("register_events", name)
    if event is None:
        raise BadEvent(f"no plugin in force declares the event {name!r}")
    given = plain(dict(data or {}))
    problem = problem_of(event, given)
    if problem:
        raise BadEvent(f"{name}: {problem}")
    record_type, record_id = reference_of(record)
    return outbox.emit(session, HOOK, {
        "event": name, "record_type": record_type, "record_id": record_id,
        "number": record.number, "customer_id": customer_of(record), "owner_id": record.owner_id,
        "data": given, "at": plain(utcnow()),
        "actor_id": by.user_id if by is not None else None,
    }, receivers(event))


def occasions() -> list[Event]:
    """Return the events of plugins in force after which a customer may be contacted.

    Each is about a record with a ``customer_id``; see ``Event.is_occasion``.
    """
    return [event for event in current_host().contributions("register_events")
            if event.is_occasion]


def receivers(event: Event) -> Iterable[str]:
    """Return the names of the plugins that get an event, those that will catch up among them."""
    host = current_host()
    found = host.subscribers(HOOK)
    if event.catch_up:
        # Those that are there, but switched off or set aside; what they listen to is not known.
        active = {plugin.name for plugin in host.loaded}
        found += sorted(name for name in host.manifests if name not in active)
    return found


def problem_of(event: Event, data: Mapping[str, Any]) -> str:
    """Return what stands against data, in English; an empty text where they are as declared.

    Args:
        event: the declaration.
        data: values as JSON holds them.
    """
    fields = {field.name: field for field in event.fields}
    unknown = sorted(set(data) - set(fields))
    if unknown:
        return f"{', '.join(unknown)} is not declared"
    for name, field in fields.items():
        value = data.get(name)
        if value is None:
            if field.required:
                return f"{name} is missing"
        elif not _fits(value, field.kind):
            return f"{name} must be {field.kind.__name__}, not {type(value).__name__}"
    return ""


def _fits(value: Any, kind: type[Any]) -> bool:
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, (int, float) if kind is float else kind)
