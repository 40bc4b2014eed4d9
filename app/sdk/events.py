"""Events of a plugin's own, sent to every plugin that listens with ``on_event``."""

from __future__ import annotations

from app.collaboration.events import BadEvent, emit, occasions
from app.host.collaboration import Event, EventField

__all__ = ["BadEvent", "Event", "EventField", "emit", "occasions"]
