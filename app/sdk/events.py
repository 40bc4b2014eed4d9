"""Events of a plugin's own, sent to every plugin that listens with ``on_event``."""

from __future__ import annotations

from app.collaboration.events import BadEvent, emit, occasions

__all__ = ["BadEvent", "emit", "occasions"]
